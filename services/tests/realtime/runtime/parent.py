"""A process that has a function run which never ends, and tells when it has begun: for whoever ends this one."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.runtime.bundle import bundle
from dfworx.realtime.runtime.worker import Call, Worker


async def main(node: Path) -> None:
    made = bundle(Path(__file__).with_name("functions"), node, CHECKOUT / "node_modules")
    worker, _ = await Worker.start(node, made.code, "convex.js", {})

    async def answer(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        # Once this answer is sent: the function asks for nothing more.
        asyncio.get_running_loop().call_soon(os.write, 1, f"{worker.pid}\n".encode())
        return [{"value": '{"_id":"x"}'} for _ in calls]

    await worker.run(Call("world", "endlessWrite", "mutation", "[{}]", 0, (1, 2, 3, 4)), answer)


asyncio.run(main(Path(sys.argv[1])))

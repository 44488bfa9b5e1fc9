"""Three people write one text at random through official clients, while their ways break and the deployment is killed:
in the end all of them have the same, with all that each has written, and so has whoever opens it then."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec

from tests.convex.bundled import bundled
from tests.convex.served import FUNCTIONS, deployment_variables, sign
from tests.realtime.clients.proxy import FaultProxy, fault_proxy
from tests.realtime.clients.served import Served

SEED = 20261123
WRITERS = 3
WRITTEN = 400
KILLED_AT = 200
CUT_CHANCE = 0.3
"""After ten words."""
PATIENCE = 240


class Ways:
    """One for each writer, so that each is cut off alone."""

    def __init__(self, proxies: list[FaultProxy]) -> None:
        self.proxies = proxies

    def lead_to(self, port: int | None) -> None:
        for each in self.proxies:
            each.lead_to(port)


async def test_three_who_write_while_all_breaks_have_the_same_text_in_the_end(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    command = bundled("writers", tmp_path)
    async with AsyncExitStack() as stack:
        proxies = [await stack.enter_async_context(fault_proxy()) for _ in range(WRITERS)]
        served = Served(tmp_path, Ways(proxies), deployment_variables(key), FUNCTIONS)  # type: ignore[arg-type]
        await served.start()
        stack.push_async_callback(served.stop)
        organization_id, post_id = str(uuid4()), str(uuid4())
        await make_document(served, organization_id, post_id)
        tokens = [sign(key, organization_id, "moderator") for _ in range(WRITERS)]
        people = [{"url": each.url, "token": token} for each, token in zip(proxies, tokens, strict=True)]
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        stack.callback(lambda: process.kill() if process.returncode is None else None)
        async with asyncio.timeout(PATIENCE):
            told = await _write(
                process, served, proxies, {"post_id": post_id, "seed": SEED, "people": people}
            )
    assert len(told["texts"]) == WRITERS + 1
    assert len(set(told["texts"])) == 1
    assert told["written"] >= WRITTEN
    assert len(told["texts"][0]) > WRITTEN


async def _write(
    process: asyncio.subprocess.Process, served: Served, proxies: list[FaultProxy], wanted: dict[str, Any]
) -> dict[str, Any]:
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(wanted).encode() + b"\n")
    chance = random.Random(SEED)
    was_killed = has_stopped = False
    while line := await process.stdout.readline():
        told: dict[str, Any] = json.loads(line)
        if "texts" in told:
            return told
        if told["typed"] >= KILLED_AT and not was_killed:
            was_killed = True
            await served.kill()
            for each in proxies:
                each.cut()
            await served.start()
        elif chance.random() < CUT_CHANCE:
            chance.choice(proxies).cut()
        if told["typed"] >= WRITTEN and not has_stopped:
            has_stopped = True
            process.stdin.write(b"stop\n")
    raise AssertionError("The program that writes has ended.")


async def make_document(served: Served, organization_id: str, post_id: str) -> None:
    row: dict[str, Any] = {
        **{"id": post_id, "user_id": str(uuid4()), "title": "Plans", "slug": "plans", "status": "published"},
        **{"trashed_from": None, "visibility": "organization", "readers": [], "editors": [], "version": 1},
    }
    await served.tell("mirror:posts", organization_id=organization_id, event=1, gone=[], rows=[row])
    await served.tell("saving:make", organization_id=organization_id, post_id=post_id, version=1, snapshot=[])

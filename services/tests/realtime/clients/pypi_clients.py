"""Official clients of PyPI's convex, driven as clients.mjs drives npm's. In a process of their own: while one waits for
its deployment, nothing else runs in its process."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from convex import ConvexClient, ConvexError

clients: dict[str, ConvexClient] = {}
running: set[asyncio.Task[None]] = set()


def tell(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201


def start(task: Any) -> None:
    made = asyncio.ensure_future(task)
    running.add(made)
    made.add_done_callback(running.discard)


async def tell_each(client: str, watch: str, path: str, args: dict[str, Any]) -> None:
    try:
        async for value in await asyncio.to_thread(clients[client].subscribe, path, args):
            tell({"watch": watch, "value": value})
    except Exception as error:
        tell({"watch": watch, "error": str(error)})


async def do(command: str, client: str, **wanted: Any) -> Any:
    match command:
        case "open":
            clients[client] = await asyncio.to_thread(ConvexClient, wanted["url"])
        case "watch":
            start(tell_each(client, **wanted))
        case "mutate":
            return await asyncio.to_thread(clients[client].mutation, wanted["path"], wanted["args"])
        case "act":
            return await asyncio.to_thread(clients[client].action, wanted["path"], wanted["args"])
        case "login":
            await asyncio.to_thread(clients[client].set_auth, wanted["tokens"][0])
        case "logout":
            await asyncio.to_thread(clients[client].clear_auth)
        case _:
            raise ValueError(command)


async def answer(line: str) -> None:
    told = json.loads(line)
    number = told.pop("id")
    try:
        tell({"id": number, "value": await do(**told)})
    except ConvexError as error:
        tell({"id": number, "error": error.data})
    except Exception as error:
        tell({"id": number, "error": str(error)})


async def main() -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        start(answer(line))


if __name__ == "__main__":
    asyncio.run(main())

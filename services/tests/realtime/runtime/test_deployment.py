"""A deployment's documents: what outlives a restart, what is read at which moment, functions that are replaced."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from dfworx.realtime.engine.schema import BadSchema
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.snapshots import MOST, SnapshotGone
from dfworx.realtime.values import Value, load
from tests.realtime.client import Client
from tests.realtime.conftest import ENV

SESSION = UUID("0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001")
A: Value = {"room": "a"}


async def count(deployment: Deployment) -> Value:
    [result] = await deployment.queries.read([("messages:count", A)], NOBODY)
    assert result.value is not None, result.message
    return load(result.value)


async def send(deployment: Deployment, body: str, request: int | None = None) -> int:
    asked = None if request is None else (SESSION, request)
    written = await deployment.mutate("messages:send", {"room": "a", "body": body}, request=asked)
    assert written.ts is not None, written.result.message
    return written.ts


async def test_many_who_write_at_once_are_done_one_after_the_other(at_work: Deployment) -> None:
    stamps = await asyncio.gather(*(send(at_work, str(number)) for number in range(100)))
    assert list(stamps) == sorted(set(stamps))
    assert await count(at_work) == 100.0
    assert at_work.ts == stamps[-1]


async def test_a_request_that_failed_may_be_sent_again(at_work: Deployment) -> None:
    failed = await at_work.mutate("messages:sendBad", {}, request=(SESSION, 2))
    assert failed.ts is None and "does not match the schema" in failed.result.message
    assert await send(at_work, "well", 2)


async def test_what_was_answered_is_there_after_a_restart(path: str, node: Path, code: Bundle) -> None:
    first = await open_deployment(path, node, code, ENV)
    ts = await send(first, "kept", 1)
    key = first.admin_key()
    await first.close()
    second = await open_deployment(path, node, code, ENV)
    assert second.ts >= ts and second.admin_key() == key
    assert await send(second, "kept", 1) == ts
    assert await count(second) == 1.0
    await second.close()


async def test_a_moment_can_be_asked_again_while_it_is_held(at_work: Deployment) -> None:
    await send(at_work, "one")
    ts = at_work.queries.snapshots.take()
    await send(at_work, "two")
    then = await at_work.queries.read_at(ts, "messages:count", A, NOBODY)
    assert then.value == "1"
    assert await count(at_work) == 2.0
    for number in range(MOST + 1):
        await send(at_work, str(number))
        at_work.queries.snapshots.take()
    with pytest.raises(SnapshotGone, match="query_ts"):
        await at_work.queries.read_at(ts, "messages:count", A, NOBODY)


def write_functions(folder: Path, body: str, schema: str = "") -> None:
    (folder / "notes.ts").write_text(
        'import { mutationGeneric, queryGeneric } from "convex/server";'
        f"export const told = queryGeneric({{ handler: async (ctx) => {body} }});"
        'export const add = mutationGeneric({ handler: async (ctx, args) => ctx.db.insert("notes", args) });'
    )
    if schema:
        (folder / "schema.ts").write_text(
            'import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";'
            f"export default defineSchema({{ notes: {schema} }});"
        )


async def test_functions_are_replaced_while_clients_watch(path: str, node: Path, tmp_path: Path) -> None:
    packages = Path(__file__).parents[4] / "node_modules"
    folder = tmp_path / "functions"
    folder.mkdir()
    (tmp_path / "node_modules").symlink_to(packages)
    write_functions(folder, '"before"')
    deployment = await open_deployment(path, node, bundle(folder, node, packages), durable=False)
    client = Client(deployment).connect()
    client.watch(("notes:told", {}), ("notes:other", {}))
    await client.up_to_date()
    assert client.values == {0: "before"} and 1 in client.errors
    write_functions(
        folder,
        '(await ctx.db.query("notes").withIndex("by_text").collect()).length',
        'defineTable({ text: v.string() }).index("by_text", ["text"])',
    )
    assert (await client.mutated("notes:add", {"text": "one"}))["success"]
    await deployment.replace(bundle(folder, node, packages))
    await client.until(lambda: client.values == {0: 1.0})
    assert not (await client.mutated("notes:add", {"text": 5.0}))["success"]
    write_functions(folder, '"after"', "defineTable({ text: v.number() })")
    with pytest.raises(BadSchema, match="does not match the schema"):
        await deployment.replace(bundle(folder, node, packages))
    assert (await client.mutated("notes:add", {"text": "two"}))["success"], "what there was goes on"
    await client.until(lambda: client.values == {0: 2.0})
    await deployment.close()

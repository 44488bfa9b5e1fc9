"""What functions see of the deployment's own tables: they read them by `ctx.db.system`, and by nothing else."""

from __future__ import annotations

import asyncio

import pytest

from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import DocumentId, Value, load
from tests.realtime.client import Client
from tests.realtime.runtime.conftest import Runner

PLAIN: Value = {"name": "things.js:do", "args": [{}], "scheduledTime": 5.0, "state": {"kind": "pending"}}


async def insert(deployment: Deployment, table: str = "_scheduled_functions", value: Value = PLAIN) -> str:
    return await deployment.write(lambda transaction: transaction.insert(table, value, system=True))


async def ask(deployment: Deployment, path: str, args: Value) -> Value:
    [result] = await deployment.queries.read([(path, args)], NOBODY)
    assert result.value is not None, result.message
    return load(result.value)


async def test_functions_read_them_and_are_told_of_changes(at_work: Deployment) -> None:
    first = await insert(at_work)
    client = Client(at_work).connect()
    client.watch(("scheduling:all", {}), ("scheduling:one", {"id": first}))
    await client.up_to_date()
    [seen] = client.values[0]
    assert seen == client.values[1]
    assert {name: value for name, value in seen.items() if name[0] != "_"} == PLAIN
    await insert(at_work)
    await client.until(lambda: len(client.values[0]) == 2)
    await at_work.write(lambda transaction: transaction.patch(first, {"scheduledTime": 6.0}, system=True))
    await client.until(lambda: client.values[1]["scheduledTime"] == 6)
    await at_work.write(lambda transaction: transaction.remove(first, system=True))
    await client.until(lambda: client.values[1] is None)


async def test_ids_of_them_are_ids(at_work: Deployment) -> None:
    job, file = await asyncio.gather(
        insert(at_work), insert(at_work, "_storage", {"sha256": "", "size": 1.0})
    )
    assert await ask(at_work, "scheduling:normal", {"id": job}) == [job, None]
    assert await ask(at_work, "scheduling:normal", {"id": file}) == [None, file]
    [refused] = await at_work.queries.read([("scheduling:one", {"id": file})], NOBODY)
    assert "from table `_storage`, which does not match the table name" in refused.message


DENIED = {
    "get": "System tables can only be accessed with db.system",
    "query": "System tables can only be accessed from db.system.query()",
    "insert": "System tables (prefixed with `_`) are read-only",
    "patch": "System tables (prefixed with `_`) are read-only",
    "replace": "System tables (prefixed with `_`) are read-only",
    "remove": "System tables (prefixed with `_`) are read-only",
    "normalize": "System tables can only be accessed from db.system.normalizeId()",
}


@pytest.mark.parametrize("how", DENIED)
async def test_no_other_call_reaches_them(at_work: Deployment, how: str) -> None:
    made = await insert(at_work)
    written = await at_work.mutate("scheduling:reach", {"id": made, "how": how})
    assert DENIED[how] in written.result.message


async def test_by_the_system_no_document_of_a_program_is_read(runner: Runner) -> None:
    [made] = [(await runner.run("cases:put", {"table": "things", "value": {"label": "a"}})).value]
    assert made is not None
    refused = await runner.run("scheduling:reach", {"id": load(made), "how": "system"})
    assert "User tables cannot be accessed with db.system" in refused.message
    nowhere = str(DocumentId(9999, bytes(16)))
    assert (await runner.run("scheduling:reach", {"id": nowhere, "how": "system"})).value == "null"

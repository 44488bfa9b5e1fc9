"""What nobody should send, from clients and from functions: whoever sent it is told, all others go on."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from tests.realtime.client import Client

HALF = "\ud83d"


async def goes_on(deployment: Deployment) -> None:
    other = Client(deployment).connect(session=str(uuid4()))
    answer = await other.mutated("messages:send", {"room": "a", "body": "hi"})
    assert answer["success"]
    other.watch(("messages:count", {"room": "a"}))
    await other.up_to_date()
    assert other.values[0] >= 1


@pytest.mark.parametrize(
    "message",
    [
        {"type": "Mutation", "requestId": 0, "udfPath": HALF, "args": [{}]},
        {"type": "Mutation", "requestId": 0, "udfPath": "a:b", "args": [{"a": HALF}]},
        {"type": "Action", "requestId": 0, "udfPath": HALF, "args": [{}]},
        {
            "type": "ModifyQuerySet",
            "baseVersion": 0,
            "newVersion": 1,
            "modifications": [{"type": "Add", "queryId": 0, "udfPath": f"a:{HALF}", "args": [{}]}],
        },
        {"type": HALF},
    ],
)
async def test_half_a_character_is_no_message(at_work: Deployment, message: dict[str, Any]) -> None:
    client = Client(at_work).connect()
    client.say(**message)
    await client.until(lambda: client.closed is not None)
    assert [each["type"] for each in client.frames] == ["FatalError"]
    await goes_on(at_work)


FUNCTIONS = [
    ("logsHalf", True),
    ("throwsHalf", False),
    ("throwsHalfAsData", False),
    ("returnsHalf", False),
    ("returnsBackslash", True),
    ("insertsHalf", False),
    ("asksForHalf", False),
    ("insertsDeep", False),
    ("returnsDeep", False),
    ("throwsDeep", False),
]


@pytest.mark.parametrize(("name", "fine"), FUNCTIONS)
async def test_a_function_that_does_something_odd_harms_nobody(
    at_work: Deployment, name: str, fine: bool
) -> None:
    client = Client(at_work).connect()
    answer = await client.mutated(f"odd:{name}", {})
    assert answer["success"] is fine
    await goes_on(at_work)


OPTIONS: list[Any] = [
    {"numItems": {"$float": "AAAAAAAA8H8="}, "cursor": None},
    {"numItems": 1e300, "cursor": None},
    {"numItems": 0.5, "cursor": None},
    {"numItems": 1, "cursor": 7},
    {"numItems": 1, "cursor": {"a": "b"}},
    {"numItems": 1, "cursor": None, "endCursor": ["x"]},
    {"numItems": 1, "cursor": None, "maximumRowsRead": "x"},
    {"numItems": 1, "cursor": None, "maximumBytesRead": {"$float": "AAAAAAAA8H8="}},
]


@pytest.mark.parametrize("options", OPTIONS, ids=range(len(OPTIONS)))
async def test_a_page_is_asked_for_in_any_way(at_work: Deployment, options: Any) -> None:
    client = Client(at_work).connect()
    client.modify([{"type": "Add", "queryId": 0, "udfPath": "odd:page", "args": [options]}])
    await client.up_to_date()
    assert 0 in client.errors or 0 in client.values
    await goes_on(at_work)


OPS = [
    *("1.0/get", "1.0/insert", "1.0/shallowMerge", "1.0/replace", "1.0/remove", "1.0/queryPage", "1.0/count"),
    *("1.0/runUdf", "1.0/queryStream", "1.0/queryStreamNext", "1.0/queryCleanup", "1.0/db/normalizeId"),
    *("1.0/getUserIdentity", "1.0/schedule", "nonsense", "stream", ""),
]
NAMES = (
    "id",
    "table",
    "value",
    "query",
    "queryId",
    "name",
    "args",
    "udfType",
    "idString",
    "pageSize",
    "cursor",
)
WORDS = ("messages", "messages:send", "_id", "mutation", "x", "", "by_room", "things.by_n")


def anything(chance: random.Random, depth: int = 0) -> Any:
    match chance.randrange(9 if depth < 4 else 6):
        case 0:
            return None
        case 1:
            return chance.choice([0, 1, -1, 2**40, 0.5, 1e300])
        case 2:
            return chance.choice([True, False])
        case 3 | 4 | 5:
            return chance.choice(WORDS)
        case 6:
            return [anything(chance, depth + 1) for _ in range(chance.randrange(3))]
        case 7:
            return query(chance, depth)
    return {chance.choice(NAMES): anything(chance, depth + 1) for _ in range(chance.randrange(4))}


def query(chance: random.Random, depth: int) -> Any:
    """Something like one."""
    source = {
        "type": chance.choice(["FullTableScan", "IndexRange", "Search"]),
        "tableName": anything(chance, depth + 1),
        "indexName": chance.choice(["messages.by_room", "messages.x", "x", ""]),
        "range": [
            {
                "type": chance.choice(["Eq", "Gt", "Lt", "x"]),
                "fieldPath": chance.choice(["room", "n", "x", 1, None]),
                "value": anything(chance, depth + 1),
            }
            for _ in range(chance.randrange(3))
        ],
        "order": chance.choice(["asc", "desc", None, 1]),
    }
    operators = [
        {chance.choice(["filter", "limit", "x"]): expression(chance, depth)}
        for _ in range(chance.randrange(3))
    ]
    return {"source": source, "operators": chance.choice([operators, None, {}])}


def expression(chance: random.Random, depth: int) -> Any:
    if depth > 4:
        return anything(chance, depth)
    op = chance.choice(["$eq", "$lt", "$add", "$neg", "$not", "$and", "$or", "$field", "$literal", "$x"])
    inner = [expression(chance, depth + 1) for _ in range(chance.randrange(3))]
    return {op: chance.choice([inner, anything(chance, depth + 1)])}


async def test_calls_that_convex_would_never_make_fail_and_no_more(at_work: Deployment) -> None:
    chance = random.Random(3)
    client = Client(at_work).connect()
    for _ in range(400):
        args = {name: anything(chance) for name in chance.sample(NAMES, chance.randrange(5))}
        if chance.random() < 0.5:
            args["query"] = query(chance, 0)
        told = {"op": chance.choice(OPS), "args": json.dumps(args)}
        answer = await client.mutated(chance.choice(["odd:asks", "odd:asksNow"]), told)
        assert "success" in answer
    await goes_on(at_work)


async def test_without_new_workers_the_deployment_waits_for_them(
    path: str, node: Path, code: Bundle, tmp_path: Path
) -> None:
    link = tmp_path / "node"
    link.symlink_to(node)
    deployment = await open_deployment(path, link, code, readers=1, durable=False)
    client = Client(deployment).connect()
    link.unlink()
    for _ in range(2):
        assert not (await client.mutated("world:endlessWrite", {}))["success"]
    for number, name in enumerate(("world:endless", "messages:first")):
        client.watch((name, {"room": "a"} if number else {}), first=number)
        await client.up_to_date()
    assert client.errors.keys() == {0, 1}
    link.symlink_to(node)
    await goes_on(deployment)
    await deployment.close()

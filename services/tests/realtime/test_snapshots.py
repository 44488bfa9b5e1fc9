"""A deployment's documents and files, exported and imported into another one: all of it is the same there."""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from dfworx.realtime.engine.store import Row, Store, open_connection
from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.values import Value, load
from tests.realtime.client import KEY, Client
from tests.realtime.conftest import ENV

ADMIN = {"Authorization": f"Convex {KEY.text}"}
[NAN] = struct.unpack("<d", bytes.fromhex("010000000000f87f"))
ODD: dict[str, Value] = {
    **{"big": 2**63 - 1, "small": -(2**63), "zero": 0.0, "minusZero": -0.0, "whole": 5.0, "huge": 1.7e308},
    **{"nan": NAN, "infinite": math.inf, "least": -math.inf, "bytes": b"\x00\xff", "none": None, "yes": True},
    **{
        "text": 'é"\\\n\u2028\U0001f600\x00',
        "digits": "5",
        "base64": "AQID",
        "NaN": "NaN",
        "Infinity": "Infinity",
    },
    "deep": {"list": [1, "1", b"1", [NAN, -0.0, {"n": 7}], [], {}], "dollar": '{"$integer":"x"}'},
}


@asynccontextmanager
async def opened(path: Path, node: Path, code: Bundle) -> AsyncIterator[Deployment]:
    deployment = await open_deployment(str(path), node, code, ENV, durable=False)
    try:
        yield deployment
    finally:
        await deployment.close()


@pytest.fixture
async def other(tmp_path: Path, node: Path, code: Bundle) -> AsyncIterator[Deployment]:
    async with opened(tmp_path / "other.sqlite", node, code) as made:
        yield made


def asking(deployment: Deployment) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(http_app(deployment, KEY))
    return httpx.AsyncClient(transport=transport, base_url="http://deployment", headers=ADMIN)


async def export(deployment: Deployment, **asked: str) -> bytes:
    async with asking(deployment) as http:
        answer = await http.get("/api/snapshot", params={"files": "true", **asked})
    assert answer.status_code == 200, answer.text
    return answer.content


async def take(deployment: Deployment, content: bytes, **asked: str) -> Any:
    async with asking(deployment) as http:
        answer = await http.post("/api/snapshot", params=asked, content=content)
    return answer.json()


async def put(deployment: Deployment, table: str, value: Value) -> str:
    return str(await ask_to(deployment, "cases:put", {"table": table, "value": value}))


async def ask_to(deployment: Deployment, path: str, args: Value) -> Value:
    result = (await deployment.mutate(path, args)).result
    assert result.value is not None, result.message
    return load(result.value)


async def ask(deployment: Deployment, path: str, args: Value) -> Value:
    [result] = await deployment.queries.read([(path, args)], NOBODY)
    assert result.value is not None, result.message
    return load(result.value)


def stored(deployment: Deployment) -> list[Path]:
    return [each for each in Path(f"{deployment.path}.files").rglob("*") if each.is_file()]


def entries(deployment: Deployment) -> dict[str, list[tuple[bytes, str]]]:
    """All there is, by index: in the index's order, byte for byte."""
    store = Store(open_connection(deployment.path))
    told: dict[str, list[tuple[bytes, str]]] = {}
    for table, indexes in store.catalog.indexes.items():
        for name, known in indexes.items():
            rows = store.connection.execute(
                "select d.number, e.key, d.text from entries e join documents d on d.number = e.document"
                " where e.index_number = ? order by e.key",
                (known.number,),
            )
            told[f"{table}.{name} {store.catalog.tables[table]}"] = [
                (row.key, row.text) for row in (Row(*each) for each in rows)
            ]
    store.connection.close()
    return told


async def fill(deployment: Deployment) -> list[str]:
    """The ids of files."""
    owner = await put(deployment, "things", {"label": "owner", "n": ODD["deep"]})
    for n in (NAN, -0.0, 5, 5.0, b"x", "é", [b"", {"a": 1}]):
        await put(deployment, "things", {"label": "thing", "n": n})
    await put(
        deployment,
        "kinds",
        {
            **{"choice": 1.0, "list": [math.inf], "map": {"a-b c": True}, "big": -1, "bytes": b""},
            **{"nothing": None, "owner": owner},
        },
    )
    await put(deployment, "loose", ODD)
    await put(deployment, "another", {"list": list(ODD.values())})
    content = bytes(range(256)) * 5000
    return [
        await deployment.files.store(content, "image/png"),
        await deployment.files.store("é".encode(), "text/plain; charset=utf-8"),
        await deployment.files.store(b"", None),
    ]


async def test_what_is_exported_is_the_same_where_it_is_imported(
    at_work: Deployment, other: Deployment
) -> None:
    files = await fill(at_work)
    # So that tables have other numbers there, and changes by clients must go.
    await put(other, "another", {"old": True})
    client = Client(other).connect()
    client.watch(("cases:find", {"table": "loose"}), ("files:all", {}))
    await client.up_to_date()
    told = await take(other, await export(at_work), mode="replace")
    assert told["passedOver"] == []
    done = {table: count for table, count in told["documents"].items() if count}
    assert done == {"things": 8, "kinds": 1, "loose": 1, "another": 1, "_storage": 3}
    assert entries(other) == entries(at_work)
    for file in files:
        assert await other.files.read(file) == await at_work.files.read(file)
        assert await ask(other, "files:url", {"id": file}) == await ask(at_work, "files:url", {"id": file})
    await client.until(lambda: len(client.values[0]) == 1 and len(client.values[1]) == 3)
    # Both go on alike.
    for each in (at_work, other):
        await put(each, "things", {"label": "younger"})
        [newest, *_] = [await ask(each, "cases:find", {"table": "things", "order": "desc", "take": 1.0})]
        assert isinstance(newest, list) and newest[0]["label"] == "younger"
    assert await export(other, files="false") != b""


async def test_a_second_time_it_is_the_same_too(at_work: Deployment, other: Deployment) -> None:
    await fill(at_work)
    before = entries(at_work)
    snapshot = await export(at_work)
    for mode in ("replace", "replaceAll"):
        assert "documents" in await take(at_work, snapshot, mode=mode)
        assert entries(at_work) == before
    await at_work.files.quiet()
    assert len(stored(at_work)) == 3
    again = await take(other, snapshot)
    assert "documents" in again, again
    refused = await take(other, snapshot)
    assert refused["code"] == "ImportRefused" and "has documents already" in refused["message"]
    clash = await take(other, snapshot, mode="append")
    assert "There is a document with this id already." in clash["message"]
    assert entries(other) == before


async def test_replace_all_leaves_nothing_else(at_work: Deployment, other: Deployment) -> None:
    await put(at_work, "things", {"label": "one"})
    await put(other, "loose", {"x": 1.0})
    await put(other, "things", {"label": "old"})
    snapshot = await export(at_work, files="false")
    assert "documents" in await take(other, snapshot, mode="replace")
    assert await ask(other, "cases:find", {"table": "loose"}) != []
    assert "documents" in await take(other, snapshot, mode="replaceAll")
    assert await ask(other, "cases:find", {"table": "loose"}) == []
    assert len(await ask(other, "cases:find", {"table": "things"})) == 1  # type: ignore[arg-type]


async def test_a_snapshot_is_of_one_moment(at_work: Deployment) -> None:
    for n in range(300):
        await put(at_work, "loose", {"n": float(n), "text": "x" * 3000})
    made = await at_work.files.store(b"kept", None)
    async with asking(at_work) as http, http.stream("GET", "/api/snapshot?files=true") as answer:
        await put(at_work, "loose", {"late": True})
        parts = [part async for part in answer.aiter_bytes()]
    with ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert archive.read(f"_storage/{made}") == b"kept"
        [told] = archive.read("_storage/documents.jsonl").splitlines()
        assert set(json.loads(told)) == {"_id", "_creationTime", "sha256", "size", "internalId"}
        assert {"README.md", "_tables/documents.jsonl", "loose/generated_schema.jsonl"} <= set(
            archive.namelist()
        )


async def test_snapshots_are_for_the_keeper_alone(at_work: Deployment) -> None:
    async with asking(at_work) as http:
        for headers, status in (({}, 403), ({"Authorization": "Convex x|wrong"}, 401)):
            http.headers.pop("Authorization", None)
            for method in ("GET", "POST"):
                answer = await http.request(method, "/api/snapshot", headers=headers)
                assert answer.status_code == status

"""What an import takes besides our own snapshots, and what it refuses: by table, line and id, and then nothing is there
that wasn't before."""

from __future__ import annotations

import io
import json
import math
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from dfworx.realtime.runtime import snapshot_reading
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import DocumentId, Value
from tests.realtime.test_snapshots import ask, entries, fill, put, stored, take

ONE, TWO, THREE = (str(DocumentId(10_050, bytes([n]) * 16)) for n in (1, 2, 3))
FILE = str(DocumentId(700, bytes(16)))
SHA = b64encode(sha256(b"hello").digest()).decode()


def archive(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


def lines(*told: Any) -> str:
    return "".join(json.dumps(each) + "\n" for each in told)


async def find(deployment: Deployment, table: str, *hidden: str) -> list[dict[str, Value]]:
    found = await ask(deployment, "cases:find", {"table": table})
    assert isinstance(found, list)
    return [{name: value for name, value in each.items() if name not in hidden} for each in found]


async def test_a_snapshot_of_another_deployment_has_shapes(at_work: Deployment) -> None:
    shape = (
        '{"_creationTime": normalfloat64, "_id": id<10050>, "bytes"?: bytes, "either"?: int64 | string | null,'
        ' "kind"?: "a" | "b", "list": array<int64 | null>, "map"?: record<field_name, inf | -inf>, "n"?: -0 | NaN,'
        ' "deep"?: {"x": int64} | {"x": int64, "y"?: boolean}, "what"?: unknown, "number"?: float64}'
    )
    content = archive(
        {
            "README.md": "x",
            "_tables/documents.jsonl": lines({"name": "loose", "id": 10050}),
            "loose/generated_schema.jsonl": lines(
                shape,
                {ONE: {"either": "int64", "what": ["int64", "infer", {"a": "bytes"}]}},
                {TWO: {"n": {"$float64NaN": "AAAAAAAA+H8="}, "number": "float64inf"}},
            ),
            "loose/documents.jsonl": lines(
                {
                    **{"_id": ONE, "_creationTime": 5.5, "bytes": "AQID", "either": "7", "list": ["1", None]},
                    **{"map": {"a-b": "-Infinity"}, "deep": {"x": "3", "y": True}, "kind": "a"},
                    "what": ["-1", "2", {"a": "AA==", "b": "AA=="}],
                },
                {
                    "_id": TWO,
                    "_creationTime": 6,
                    "list": [],
                    "n": "NaN",
                    "either": "7",
                    "number": "-Infinity",
                },
            )
            + f'{{"_id": "{THREE}", "_creationTime": 7, "list": [], "n": -0.0, "number": 5}}\n',
        }
    )
    assert (await take(at_work, content))["documents"] == {"loose": 3}
    one, two, three = await find(at_work, "loose")
    assert one == {
        **{"_id": ONE, "_creationTime": 5.5, "bytes": b"\x01\x02\x03", "either": 7, "list": [1, None]},
        **{"map": {"a-b": -math.inf}, "deep": {"x": 3, "y": True}, "kind": "a"},
        "what": [-1, "2", {"a": b"\x00", "b": "AA=="}],
    }
    assert isinstance(two["n"], float) and math.isnan(two["n"])
    assert (two["either"], two["number"]) == ("7", -math.inf)
    assert str(three["n"]) == "-0.0" and three["number"] == 5.0


async def test_its_files_keep_their_ids_and_addresses(at_work: Deployment) -> None:
    address = "0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001"
    told = {
        "_id": FILE,
        "_creationTime": 5,
        "sha256": SHA,
        "size": 5,
        "contentType": "a/b",
        "internalId": address,
    }
    content = archive({"_storage/documents.jsonl": lines(told), f"_storage/{FILE}.bin": b"hello"})
    assert (await take(at_work, content))["documents"] == {"_storage": 1}
    assert await ask(at_work, "files:url", {"id": FILE}) == f"/api/storage/{address}"
    assert await at_work.files.read(FILE) == ("a/b", b"hello")
    assert (await ask(at_work, "files:one", {"id": FILE})) == {
        **{"_id": FILE, "_creationTime": 5.0, "sha256": SHA, "size": 5.0, "contentType": "a/b"}
    }


CSV = '﻿label,n,group\nplain,1,a\n"with, ""quotes""\nand a line",-1.5e3,\n007,nan,5x\n'


async def test_one_table_may_come_as_csv_or_json(at_work: Deployment) -> None:
    assert (await take(at_work, CSV.encode(), table="loose", format="csv"))["documents"] == {"loose": 3}
    system = ("_id", "_creationTime")
    assert await find(at_work, "loose", *system) == [
        {"label": "plain", "n": 1.0, "group": "a"},
        {"label": 'with, "quotes"\nand a line', "n": -1500.0, "group": ""},
        {"label": 7.0, "n": "nan", "group": "5x"},
    ]
    encoded = {"_id": str(DocumentId(10_060, bytes(16))), "n": {"$integer": "BQAAAAAAAAA="}}
    for form, content in (("jsonLines", "\n" + lines(encoded) + "\n"), ("jsonArray", json.dumps([encoded]))):
        assert "documents" in await take(
            at_work, content.encode(), table="loose", format=form, mode="replace"
        )
        assert await find(at_work, "loose", "_creationTime") == [{"_id": encoded["_id"], "n": 5}]
    more = lines({"_creationTime": 1.0, "x": 1}, {"x": 2})
    assert "documents" in await take(at_work, more.encode(), table="loose", format="jsonLines", mode="append")
    assert [each.get("x") for each in await find(at_work, "loose")] == [1.0, None, 2.0]


def thing(**more: Any) -> dict[str, Any]:
    return {"_id": ONE, "_creationTime": 1, "label": "x", **more}


REFUSED: dict[str, tuple[Mapping[str, str | bytes] | bytes, str]] = {
    "no zip": (b"PK no", "This is no whole ZIP"),
    "another zip": ({"x/y.txt": "x"}, "no <table>/documents.jsonl in it"),
    "another document than the schema's": (
        {"things/documents.jsonl": lines(thing(), thing(_id=TWO), thing(_id=THREE, label=5))},
        f"Table things, line 3, document {THREE}: Failed to insert or update a document in table",
    ),
    "an id of another table": (
        {"things/documents.jsonl": lines(thing(), thing(_id=FILE))},
        f"line 2, document {FILE}: This is no id, or one of another table.",
    ),
    "no id": ({"things/documents.jsonl": lines(thing(_id="x"))}, "line 1, document x: ID wasn't valid"),
    "an id twice": (
        {"things/documents.jsonl": lines(thing(), thing())},
        f"line 2, document {ONE}: There is a document with this id already.",
    ),
    "no time": (
        {"things/documents.jsonl": lines(thing(_creationTime="x"))},
        "_creationTime must be a number",
    ),
    "a field of Convex's": (
        {"loose/documents.jsonl": lines({"_x": 1})},
        "Field _x starts with an underscore",
    ),
    "no JSON": (
        {"things/documents.jsonl": lines(thing()) + "\n{\n"},
        "Table things, line 3: This is no JSON",
    ),
    "no object": ({"things/documents.jsonl": "[]\n"}, "Table things, line 1: A document must be an object."),
    "a hint for another value": (
        {
            "loose/generated_schema.jsonl": lines("unknown", {ONE: {"x": "int64"}}),
            "loose/documents.jsonl": lines({"_id": ONE, "x": "five"}),
        },
        "Table loose, line 1: The text 'five' isn't what generated_schema.jsonl says that it is.",
    ),
    "no shape": (
        {"loose/generated_schema.jsonl": lines("{no"), "loose/documents.jsonl": lines({})},
        "loose/generated_schema.jsonl, line 1: generated_schema.jsonl tells a shape that can't be read",
    ),
    "a shape without an end": (
        {"loose/generated_schema.jsonl": lines("array<" * 5000), "loose/documents.jsonl": lines({})},
        "tells a shape that can't be read",
    ),
    "no table's name": ({"no name/documents.jsonl": lines({})}, "A table can't be named 'no name'"),
    "one number for two tables": (
        {
            "loose/documents.jsonl": lines({"_id": ONE}),
            "other/documents.jsonl": lines({"_id": TWO}),
        },
        "Two tables of the file have ids that begin with the same number.",
    ),
    "a file without bytes": (
        {"_storage/documents.jsonl": lines({"_id": FILE})},
        f"Table _storage, line 1, document {FILE}: Its bytes aren't in the snapshot",
    ),
    "a file of other bytes": (
        {"_storage/documents.jsonl": lines({"_id": FILE, "sha256": SHA}), f"_storage/{FILE}": "other"},
        "The sha256 that was told isn't that of the bytes",
    ),
    "a file, and a document that can't be": (
        {
            "_storage/documents.jsonl": lines({"_id": FILE}),
            f"_storage/{FILE}": "x",
            "things/documents.jsonl": lines(thing(label=None)),
        },
        "does not match the schema",
    ),
    "a document that is too large": (
        {"loose/documents.jsonl": lines({"_id": ONE, "x": "x" * (1 << 20)})},
        f"document {ONE}: Value is too large",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cant_be_is_refused_as_a_whole(at_work: Deployment, name: str) -> None:
    content, words = REFUSED[name]
    files = await fill(at_work)
    before, bytes_before = entries(at_work), sorted(stored(at_work))
    told = await take(at_work, content if isinstance(content, bytes) else archive(content), mode="replaceAll")
    assert told["code"] == "ImportRefused", told
    assert told["message"].startswith("Nothing was imported. ") and words in told["message"], told
    await at_work.files.quiet()
    assert entries(at_work) == before and sorted(stored(at_work)) == bytes_before
    assert await at_work.files.read(files[0]) is not None
    await put(at_work, "things", {"label": "as before"})


@pytest.mark.parametrize(
    ("form", "content", "words"),
    [
        ("csv", b"", "The first line must name the fields"),
        ("csv", b"a,a\n1,2\n", "The first line must name the fields, each once"),
        ("csv", b"a,b\n1,2\n3\n", "line 3: There are 1 cells for 2 fields"),
        ("csv", b'a\n"open\n', "Table loose, line"),
        ("csv", b"a\n\xff\n", "Table loose, line"),
        ("csv", b"$a\n1\n", "starts with '$'"),
        ("jsonArray", b"{}", "must be a list of documents"),
        ("jsonArray", b"[{}, 5]", "line 2: A document must be an object"),
        ("jsonLines", b'{"n": 1e999}', "line 1: A number is too large for a Float64."),
        ("jsonLines", b'{"n": "\\ud800"}', "line 1: This is no JSON"),
    ],
)
async def test_what_is_wrong_with_one_tables_file_is_told(
    at_work: Deployment, form: str, content: bytes, words: str
) -> None:
    told = await take(at_work, content, table="loose", format=form)
    assert told["code"] == "ImportRefused" and words in told["message"], told
    assert await find(at_work, "loose") == []


async def test_documents_that_stay_keep_ids_that_can_be(at_work: Deployment) -> None:
    await fill(at_work)
    # `kinds` names one of `things`, which would have other numbers.
    told = await take(at_work, archive({"things/documents.jsonl": lines(thing())}), mode="replace")
    assert 'in table "kinds" does not match the schema' in told["message"]
    assert "documents" in await take(
        at_work, archive({"things/documents.jsonl": lines(thing())}), mode="replaceAll"
    )
    taken = archive({"loose/documents.jsonl": lines({"_id": TWO})})
    told = await take(at_work, taken, mode="append")
    assert "begin as those of table things do here" in told["message"]
    other = archive({"things/documents.jsonl": lines(thing(_id=FILE))})
    assert "has other ids here than in the file" in (await take(at_work, other, mode="append"))["message"]


async def test_what_has_no_place_here_is_told(at_work: Deployment) -> None:
    content = archive(
        {"loose/documents.jsonl": lines({"x": 1}), "_components/a/loose/documents.jsonl": lines({"x": 1})}
    )
    told = await take(at_work, content)
    assert told == {"documents": {"loose": 1}, "passedOver": ["_components/a/loose/documents.jsonl"]}


async def test_how_to_import_is_said_by_words_that_there_are(
    at_work: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked in ({"mode": "other"}, {"format": "xml"}, {"table": "x"}, {"format": "csv"}):
        assert (await take(at_work, b"x", **asked))["code"] == "BadRequest"
    monkeypatch.setattr(snapshot_reading, "LONGEST_LINE", 100)
    monkeypatch.setattr(snapshot_reading, "LARGEST_LIST", 100)
    for form in ("jsonLines", "jsonArray"):
        told = await take(at_work, b'[{"x": "' + b"x" * 200 + b'"}]', table="loose", format=form)
        assert "MiB" in told["message"]

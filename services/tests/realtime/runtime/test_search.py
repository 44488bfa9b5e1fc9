"""Search through a deployment: what functions find, who is told, and what they are told when they can't."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import Value
from tests.realtime.client import Client


async def write(deployment: Deployment, *bodies: str, room: str = "a") -> int:
    notes: list[Value] = [{"body": body, "room": room} for body in bodies]
    written = await deployment.mutate("search:write", {"notes": notes})
    assert written.ts is not None, written.result.message
    return written.ts


async def ask(deployment: Deployment, path: str, **args: Value) -> Any:
    [result] = await deployment.queries.read([(f"search:{path}", args)], NOBODY)
    return result.message if result.value is None else json.loads(result.value)


async def test_the_best_come_first(at_work: Deployment) -> None:
    await write(at_work, "fox", "red fox", "a red house", "foxes")
    assert await ask(at_work, "best", text="red fox", take=2.0) == ["red fox", "a red house"]


async def test_a_moment_is_searched_as_it_was(at_work: Deployment) -> None:
    await write(at_work, "old fox")
    ts = at_work.queries.snapshots.take()
    await write(at_work, "new fox")
    then = await at_work.queries.read_at(ts, "search:find", {"text": "fox"}, NOBODY)
    assert then.value == '["old fox"]'
    assert await ask(at_work, "find", text="fox") == ["new fox", "old fox"]


async def test_who_watches_a_search_is_told_of_what_it_finds_and_of_nothing_else(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("search:find", {"text": "fox", "where": {"room": "a"}}))
    await client.up_to_date()
    runs = at_work.queries.runs
    await write(at_work, "a fox elsewhere", room="b")
    hound = await client.mutated("search:write", {"notes": [{"body": "a hound", "room": "a"}]})
    assert hound["success"], hound
    assert at_work.queries.runs == runs
    await write(at_work, "foxes")
    await client.until(lambda: client.values == {0: ["foxes"]})
    hidden = await client.mutated("search:hideAll", {"text": "foxes"})
    assert hidden["success"], hidden
    await client.until(lambda: client.values == {0: []})


async def test_pages_follow_one_another_to_the_end(at_work: Deployment) -> None:
    await write(at_work, *(f"fox {number}" for number in range(7)))
    found: list[str] = []
    cursor: Value = None
    for done in (False, False, True):
        options: Value = {"numItems": 3.0, "cursor": cursor}
        page = await ask(at_work, "page", text="fox", paginationOpts=options)
        found += page["page"]
        assert page["isDone"] is done
        cursor = page["continueCursor"]
    assert found == [f"fox {number}" for number in reversed(range(7))]
    other = await ask(at_work, "page", text="hound", paginationOpts={"numItems": 3.0, "cursor": cursor})
    assert "InvalidCursor" in other


MISTAKES: list[tuple[str, dict[str, Value], str]] = [
    ("find", {"index": "search_later"}, "Search index notes.search_later not found.*staged can't be queried"),
    ("find", {"index": "near"}, "Search index notes.near not found"),
    ("find", {"field": "room"}, "searches body, not room"),
    ("find", {"where": {"n": "x"}}, "no filter field n; its filter fields: room, at.kind"),
    ("order", {}, "Search queries must always be in relevance order"),
    ("page", {"paginationOpts": {"numItems": 0.0, "cursor": None}}, "numItems must be at least 1"),
]


@pytest.mark.parametrize(("function", "args", "why"), MISTAKES, ids=[why for *_, why in MISTAKES])
async def test_a_mistake_is_told_in_words(
    at_work: Deployment, function: str, args: dict[str, Value], why: str
) -> None:
    message = await ask(at_work, function, text="fox", **args)
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(message)

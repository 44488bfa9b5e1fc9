"""The same calls here and on `convex-test`, Convex's own fake of a deployment: any difference is our bug.

Ids and times are each side's own, so an id is told by the place where it is first seen, a time by its rank. Where
convex-test is simpler than Convex the case says so, and the two differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dfworx.realtime.runtime.callers import Caller, make_identity
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import decode
from tests.realtime.oracle import ask
from tests.realtime.runtime import file_cases, scheduling_cases, search_cases
from tests.realtime.runtime.cases import CASES as PLAIN
from tests.realtime.runtime.cases import Step
from tests.realtime.runtime.scheduling_cases import settle

CASES = {**PLAIN, **file_cases.CASES, **scheduling_cases.CASES, **search_cases.CASES}
THEIRS = Path(__file__).with_name("convex_test.mjs")
OF_A_PAGE = {"continueCursor", "splitCursor", "pageStatus"}
"""Cursors are each side's own, and convex-test advises to split pages where filters let little pass."""
FAILURES = {
    "validation": r"ValidationError|Validator error|does not match the schema|must be an object"
    r"|which Convex sets|starts with an underscore",
    "index range": r"^Error: (Index range on|Index \S+ has no field|Incorrect (operator|field) used in `withIndex`)",
    "no such index": r"^Error: (Index \S+ not found|Cannot use index)",
    "no such document": r"^Error: (Update|Replace|Delete|Patch) on non-?existent doc",
    "no such id": r"^Error: Invalid argument `id`",
    "system field": r"^Error: Provided `_\w+` (field value|doesn't match)",
    "sum": r"Error: (\$\w+ needs two numbers|Cannot mix BigInt)",
    "two pages": r"paginated query",
}
"""What convex-test tells in words of its own, as both sides put it. All other failures are told in the same words."""


@pytest.fixture(scope="session")
def theirs() -> dict[str, list[Any]]:
    return dict(zip(CASES, ask(THEIRS, json.dumps({"cases": list(CASES.values())})), strict=True))


@pytest.mark.parametrize("name", CASES)
async def test_a_case_comes_to_the_same(at_work: Deployment, theirs: dict[str, list[Any]], name: str) -> None:
    steps = CASES[name]
    came = await run(at_work, steps)
    for step, mine, other in zip(steps, plain(steps, came), plain(steps, theirs[name]), strict=True):
        assert (mine == other) is ("simpler" not in step), f"{step}\nours: {mine}\ntheirs: {other}"


async def run(at_work: Deployment, steps: list[Step]) -> list[Any]:
    kept: dict[str, Any] = {}
    came: list[Any] = []
    for step in steps:
        if step["kind"] == "settle":
            await settle(at_work)
            came.append({"value": None})
            continue
        told, args = step.get("identity"), decode(fill(step["args"], kept))
        caller = Caller(
            told and make_identity(told["issuer"], told["subject"], told, told.get("tokenIdentifier"))
        )
        if step["kind"] == "file":
            kept[step["keep"]] = await at_work.files.store(step["args"]["content"].encode(), None)
            came.append({"value": kept[step["keep"]]})
            continue
        if step["kind"] == "query":
            [result] = await at_work.queries.read([(step["path"], args)], caller)
        elif step["kind"] == "action":
            result = await at_work.act(step["path"], args, caller)
        else:
            result = (await at_work.mutate(step["path"], args, caller)).result
        if result.value is not None:
            value = json.loads(result.value)
            if "keep" in step:
                kept[step["keep"]] = value
            came.append({"value": value})
        else:
            data = {"data": json.loads(result.data)} if result.data is not None else {}
            came.append({"error": result.message.removeprefix("Uncaught ").partition("\n    at ")[0], **data})
    return came


def fill(args: Any, kept: dict[str, Any]) -> Any:
    match args:
        case {"$kept": name}:
            found: Any = kept
            for part in name.split("."):
                found = found[part]
            return found
        case dict():
            return {name: fill(value, kept) for name, value in args.items()}
        case list():
            return [fill(each, kept) for each in args]
    return args


def plain(steps: list[Step], came: list[Any]) -> list[Any]:
    """What they came to, in words that don't depend on who was asked."""
    ids: dict[str, str] = {}
    times = set()
    for step, told in zip(steps, came, strict=True):
        for document in documents(told.get("value")):
            ids.setdefault(document["_id"], f"#{len(ids)}")
            times.add(document["_creationTime"])
        if "keep" in step and isinstance(told.get("value"), str):
            ids.setdefault(told["value"], f"#{len(ids)}")
    ranks = {time: f"time {rank}" for rank, time in enumerate(sorted(times))}

    def tell(told: Any) -> Any:
        match told:
            case str():
                return re.sub("|".join(ids) or "$^", lambda found: ids[found[0]], told)
            case {"error": str() as text}:
                kind = next((kind for kind, words in FAILURES.items() if re.search(words, text)), tell(text))
                return {**told, "error": kind}
            case dict():
                return {
                    name: ranks[value] if name == "_creationTime" else tell(value)
                    for name, value in told.items()
                    if name not in OF_A_PAGE
                }
            case list():
                return [tell(each) for each in told]
        return told

    return [tell(each) for each in came]


def documents(told: Any) -> Iterator[dict[str, Any]]:
    match told:
        case {"_id": str()}:
            yield told
        case dict():
            for each in told.values():
                yield from documents(each)
        case list():
            for each in told:
                yield from documents(each)

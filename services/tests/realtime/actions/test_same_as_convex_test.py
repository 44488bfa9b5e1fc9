"""The same steps here and on `convex-test`, Convex's own fake of a deployment: any difference is our bug."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx

from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import decode
from tests.realtime.actions.conftest import person
from tests.realtime.client import KEY
from tests.realtime.oracle import ask

THEIRS = Path(__file__).with_name("convex_test.mjs")
FAILURES = {
    "validation": r"ValidationError|Validator error",
    "no such function": r"Could not find|there is no such export",
}
"""What convex-test tells in words of its own. All other failures are told in the same words."""


def act(path: str, subject: str | None = None, **args: Any) -> dict[str, Any]:
    return {"kind": "action", "path": path, "args": args, "subject": subject}


def fetch(path: str, method: str = "GET", **request: Any) -> dict[str, Any]:
    return {"kind": "fetch", "path": path, "method": method, **request}


NOTES: dict[str, Any] = {"kind": "query", "path": "notes:list", "args": {}, "subject": None}
STEPS: list[dict[str, Any]] = [
    act("calls:addAndList", body="a"),
    act("calls:addAndList", body=5),
    act("calls:addTwiceAndFail", body="b"),
    NOTES,
    act("calls:catches", body="c"),
    NOTES,
    act("calls:throwsData"),
    act("calls:throwsError"),
    act("calls:wrongArgs"),
    act("calls:nothingThere"),
    act("calls:who", ms=1),
    act("calls:who", "ann", ms=1),
    act("calls:deep", depth=2),
    act("calls:manyQueries", count=10),
    act("node:hash", text="abc"),
    act("node:lists"),
    fetch("/notes", "POST", body="by HTTP"),
    fetch("/notes"),
    fetch("/notes/first"),
    fetch("/notes/of/ann"),
    fetch("/missing"),
    fetch("/who"),
    fetch("/large?size=1000"),
    fetch("/allowed", "OPTIONS"),
    NOTES,
]


async def test_actions_come_to_the_same(at_work: Deployment) -> None:
    theirs = ask(THEIRS, json.dumps({"steps": STEPS}))
    transport = httpx.ASGITransport(http_app(at_work, KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://deployment") as http:
        for step, other in zip(STEPS, theirs, strict=True):
            assert plain(await run(at_work, http, step)) == plain(other), step


async def run(deployment: Deployment, http: httpx.AsyncClient, step: dict[str, Any]) -> dict[str, Any]:
    if step["kind"] == "fetch":
        answer = await http.request(step["method"], f"/http{step['path']}", content=step.get("body"))
        return {"status": answer.status_code, "headers": answer.headers.multi_items(), "body": answer.text}
    caller = NOBODY if step["subject"] is None else person(step["subject"])
    if step["kind"] == "query":
        [result] = await deployment.queries.read([(step["path"], decode(step["args"]))], caller)
    else:
        result = await deployment.act(step["path"], decode(step["args"]), caller)
    if result.value is not None:
        return {"value": json.loads(result.value)}
    data = {"data": json.loads(result.data)} if result.data is not None else {}
    return {"error": result.message.removeprefix("Uncaught ").partition("\n    at ")[0], **data}


def plain(told: dict[str, Any]) -> dict[str, Any]:
    """In words that don't depend on who was asked."""
    if "data" in told:
        # Data is what counts; convex-test's message is its text.
        return {"data": told["data"]}
    if "error" in told:
        text = told["error"]
        return {"error": next((kind for kind, words in FAILURES.items() if re.search(words, text)), text)}
    return told | ({"headers": sorted(map(tuple, told["headers"]))} if "headers" in told else {})

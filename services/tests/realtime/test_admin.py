"""The door for whoever keeps the deployment: what it answers, to whom, and what it keeps to itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment
from tests.realtime.client import KEY, Client

ADMIN = {"Authorization": f"Convex {KEY.text}"}
ADDRESSES = (
    ("GET", "/metrics"),
    ("GET", "/api/stream_function_logs?cursor=0"),
    ("POST", "/api/check_admin_key"),
    ("POST", "/api/update_environment_variables"),
    ("POST", "/api/v1/update_environment_variables"),
    ("GET", "/api/v1/list_environment_variables"),
)
STRANGERS = (
    (None, 403, "Forbidden"),
    ("Convex tests|0123456789abcdee", 401, "BadAdminKey"),
    ("Convex ", 401, "BadAdminKey"),
    (f"Convex {KEY.text[:-1]}", 401, "BadAdminKey"),
    ("Bearer nonsense", 401, None),
)
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("_system/cli/tables", {}),
    ("_system/cli/tableData", {"table": "messages", "paginationOpts": {"cursor": None, "numItems": 5}}),
    ("_system/cli/queryEnvironmentVariables", {}),
    ("_system/cli/queryEnvironmentVariables:get", {"name": "SECRET"}),
    ("_system/cli/modules:apiSpec", {}),
    ("_system/cli/convexUrl:cloudUrl", {}),
)


@pytest.fixture
async def http(at_work: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(http_app(at_work, KEY, [object(), object()]))
    async with httpx.AsyncClient(transport=transport, base_url="http://deployment") as client:
        yield client


async def change(http: httpx.AsyncClient, *changes: object) -> httpx.Response:
    return await http.post(
        "/api/update_environment_variables", json={"changes": list(changes)}, headers=ADMIN
    )


async def call(http: httpx.AsyncClient, kind: str, path: str, args: Any, **more: Any) -> dict[str, Any]:
    answer = await http.post(f"/api/{kind}", json={"path": path, "args": args}, **more)
    told: dict[str, Any] = answer.json()
    return told


async def test_nothing_is_told_without_the_key(http: httpx.AsyncClient, at_work: Deployment) -> None:
    await at_work.set_variables({"SECRET": "hush"})
    for method, address in ADDRESSES:
        body = b'{"changes":[{"name":"SECRET","value":"x"}]}' if method == "POST" else b""
        for credentials, status, code in STRANGERS:
            headers = {"Authorization": credentials} if credentials else {}
            answer = await http.request(method, address, headers=headers, content=body)
            assert answer.status_code == status, (address, credentials)
            assert code in (None, answer.json()["code"]), (address, credentials)
            assert "hush" not in answer.text and KEY.text not in answer.text
    assert at_work.variables() == {"SECRET": "hush"}


async def test_queries_of_the_command_line_are_for_the_keeper_alone(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    for query, args in QUERIES:
        assert (await call(http, "query", query, args, headers=ADMIN))["status"] == "success"
        told = await call(http, "query", query, args)
        assert "Could not find public function" in told["errorMessage"]
    client = Client(at_work).connect()
    client.watch(*QUERIES)
    await client.until(lambda: len(client.errors) == len(QUERIES))
    assert all("Could not find public function" in each["errorMessage"] for each in client.errors.values())
    client.session.close()


async def test_tables_and_documents_are_listed_in_pages(http: httpx.AsyncClient, at_work: Deployment) -> None:
    for body in "abc":
        await at_work.mutate("messages:send", {"room": "r", "body": body})
    told = await call(http, "query", "_system/cli/tables", {}, headers=ADMIN)
    assert {"name": "messages"} in told["value"]["page"] and told["value"]["isDone"]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        args = {"table": "messages", "order": "desc", "paginationOpts": {"cursor": cursor, "numItems": 2}}
        page = (await call(http, "query", "_system/cli/tableData", args, headers=ADMIN))["value"]
        seen += [each["body"] for each in page["page"]]
        cursor = page["continueCursor"]
        if page["isDone"]:
            break
    assert seen == ["c", "b", "a"]
    nowhere = {"table": "nowhere", "paginationOpts": {"cursor": None, "numItems": 2}}
    empty = await call(http, "query", "_system/cli/tableData", nowhere, headers=ADMIN)
    assert empty["value"]["page"] == []
    for bad in (
        {},
        {"table": 5},
        {"table": "messages"},
        {"table": "messages", "paginationOpts": {"numItems": "x"}},
    ):
        refused = await call(http, "query", "_system/cli/tableData", bad, headers=ADMIN)
        assert refused["status"] == "error" and "must be" in refused["errorMessage"], bad


async def test_a_variable_is_told_to_functions_at_once_and_kept(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    client = Client(at_work).connect()
    client.watch(("variables:read", {"name": "ONE"}))
    await client.until(lambda: 0 in client.values)
    assert client.values[0] is None
    assert (
        await change(http, {"name": "ONE", "value": "1"}, {"name": "TWO", "value": ""})
    ).status_code == 200
    await client.until(lambda: client.values.get(0) == "1")
    listed = await http.get("/api/v1/list_environment_variables", headers=ADMIN)
    assert listed.json() == {"environmentVariables": {"ONE": "1", "TWO": ""}}
    assert (
        await change(http, {"name": "ONE", "value": None}, {"name": "NONE", "value": None})
    ).status_code == 200
    await client.until(lambda: client.values.get(0, "") is None)
    assert at_work.variables() == {"TWO": ""}
    client.session.close()


REFUSED: tuple[tuple[object, str], ...] = (
    ({"name": "9", "value": "hush"}, "is no name"),
    ({"name": "a-b", "value": "hush"}, "is no name"),
    ({"name": "A" * 41, "value": "hush"}, "at most 40"),
    ({"name": "CONVEX_SITE_URL", "value": "hush"}, "built in"),
    ({"name": "COLOUR", "value": "hush"}, "was given when the deployment was started"),
    ({"name": "LONG", "value": "hush" * 2049}, "has 8196 bytes"),
    ({"name": "HALF", "value": "\ud800"}, "no JSON"),
    ({"name": "NUMBER", "value": 5}, "a value that is a string"),
    ({"value": "hush"}, "A change has a name"),
    (5, "A change has a name"),
)


async def test_a_variable_that_cannot_be_is_refused_and_none_of_the_others_is_set(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    for changed, words in REFUSED:
        body = json.dumps({"changes": [{"name": "WELL", "value": "x"}, changed]})
        answer = await http.post("/api/update_environment_variables", content=body, headers=ADMIN)
        assert answer.status_code == 400 and words in answer.json()["message"], changed
        assert "hush" not in answer.text
    assert at_work.variables() == {}


async def test_a_thousand_variables_and_no_more(http: httpx.AsyncClient, at_work: Deployment) -> None:
    many = [{"name": f"N{number}", "value": "x" * 10} for number in range(1001)]
    refused = await change(http, *many)
    assert refused.status_code == 400 and "at most 1000" in refused.json()["message"]
    assert (await change(http, *many[1:])).status_code == 200
    assert len(at_work.variables()) == 1000


async def test_runs_are_told_with_their_outcome_and_without_their_arguments(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    first = (await http.get("/api/stream_function_logs?cursor=0", headers=ADMIN)).json()
    assert first["entries"] == [] and first["newCursor"] > 0
    following = asyncio.create_task(
        http.get(f"/api/stream_function_logs?cursor={first['newCursor']!r}", headers=ADMIN)
    )
    await at_work.mutate("messages:send", {"room": "hush", "body": "hush"})
    [sent] = (await following).json()["entries"]
    assert (sent["udfType"], sent["identifier"], sent["error"]) == ("Mutation", "messages:send", None)
    assert sent["executionTime"] > 0 and sent["kind"] == "Completion" and sent["identityType"] == "unknown"
    failed = await call(http, "query", "world:boom", {})
    await call(http, "query", "world:speak", {}, headers=ADMIN)
    told = (
        await http.get(f"/api/stream_function_logs?cursor={sent['timestamp'] * 1000}", headers=ADMIN)
    ).json()
    boom, spoken = told["entries"][-2:]
    assert "TypeError: boom" in boom["error"] and boom["requestId"] in failed["errorMessage"]
    assert spoken["identityType"] == "instance_admin"
    [first_line, *_, last_line] = spoken["logLines"]
    assert (first_line["level"], first_line["isTruncated"]) == ("LOG", False)
    assert first_line["messages"] == ["'plain' { list: [ 1, 2n, null ], deep: { text: 'x' } }"]
    assert last_line["level"] == "INFO"
    assert "hush" not in str(told)


async def test_a_cursor_that_is_none_is_refused(http: httpx.AsyncClient) -> None:
    for cursor in ("x", "nan", "inf"):
        answer = await http.get(f"/api/stream_function_logs?cursor={cursor}", headers=ADMIN)
        assert answer.status_code == 400 and "cursor must be" in answer.json()["message"]


async def test_figures_tell_runs_by_kind_and_outcome_and_what_there_is(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    await at_work.mutate("messages:send", {"room": "a", "body": "b"})
    await at_work.mutate("messages:send", {"room": 5})
    await at_work.queries.read([("messages:count", {"room": "a"})], Caller())
    figures = (await http.get("/metrics", headers=ADMIN)).text
    for line in (
        'realtime_run_seconds_count{kind="mutation",outcome="success"} 1.0',
        'realtime_run_seconds_count{kind="mutation",outcome="error"} 1.0',
        'realtime_run_seconds_bucket{kind="query",le="+Inf",outcome="success"} 1.0',
        "realtime_mutations_waiting 0.0",
        "realtime_sockets 2.0",
        "realtime_watched_queries 0.0",
        "realtime_held_moments 0.0",
        'realtime_file_bytes{file="log"}',
        "realtime_last_commit_seconds",
        "process_cpu_seconds_total",
    ):
        assert line in figures, line

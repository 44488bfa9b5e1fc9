"""Reports: run as who asks, kept as they were, told in files that no spreadsheet calculates, and audited."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.admin.reports.queries import BUILT_IN
from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.sweeps import sweep_empty_searches
from tests.conftest import ClientAs, Inject, MakePerson, TestDatabase

KINDS = "/api/admin/built-in-reports"
REPORTS = "/api/admin/reports"


async def publish(client: httpx.AsyncClient, title: str, *, comments: int = 0) -> str:
    post = (await client.post("/api/web/posts", json={"title": title, "content": "All is well."})).json()
    post_id: str = post["post_id"]
    assert (await client.post(f"/api/web/posts/{post_id}/publish")).status_code == 200
    for number in range(comments):
        answer = await client.post(f"/api/web/posts/{post_id}/comments", json={"content": f"{number}"})
        assert answer.status_code == 201
    return post_id


async def run(client: httpx.AsyncClient, kind: str, **chosen: Any) -> dict[str, Any]:
    answer = await client.get(f"{KINDS}/{kind}", params=chosen)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    assert all(list(row) == result["columns"] for row in result["rows"])
    return result


async def keep(client: httpx.AsyncClient, kind: str = "growth", title: str = "Mine") -> dict[str, Any]:
    answer = await client.post(REPORTS, json={"kind": kind, "title": title, "parameters": {"range": "7d"}})
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def test_growth_is_the_overview_day_by_day(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person())
    await publish(ben, "First", comments=3)
    today, *earlier = (await run(ann, "growth", range="90d"))["rows"]
    assert len(earlier) == 89
    figures = {
        each["name"]: each["value"]
        for each in (await ann.get("/api/admin/overview?range=90d")).json()["figures"]
    }
    assert {name: today[name] for name in ("posts", "comments", "active_day")} == {
        "posts": 1,
        "comments": 3,
        "active_day": 1,
    }
    for name in ("joined", "posts", "comments"):
        assert sum(row[name] for row in (today, *earlier)) == figures[name]


async def test_engagement_and_content_health_tell_people_and_posts(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = client_as(await make_person(role="admin")), await make_person(name="Ben")
    answered, quiet = (
        await publish(client_as(ben), "Answered", comments=2),
        await publish(client_as(ben), "Quiet"),
    )
    [first, *_] = (await run(ann, "engagement"))["rows"]
    assert (first["name"], first["posts"], first["comments"], first["active_days"]) == ("Ben", 2, 2, 1)
    health = (await run(ann, "content_health"))["rows"]
    assert [(row["post_id"], row["comment_count"]) for row in health] == [(quiet, 0), (answered, 2)]
    assert health[0]["author"] == "Ben" and health[0]["days_unchanged"] == 0


async def test_searches_without_result_are_counted_without_who_searched(
    make_person: MakePerson,
    client_as: ClientAs,
    web_app: FastAPI,
    owner: asyncpg.Connection,
    database: TestDatabase,
    redis: Redis,
) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person())
    eve = client_as(await make_person(organization="harbour", role="admin"))
    await publish(ben, "Lighthouse")
    for client, words in (
        (ann, "Zyzzyva  =1+1"),
        (ben, "zyzzyva =1+1"),
        (ben, "lighthouse"),
        (eve, "quokka"),
    ):
        assert (await client.get("/api/web/search", params={"q": words})).status_code == 200
    # Who narrows a search until nothing is left was not looking in vain.
    await ben.get("/api/web/search", params={"q": "lighthouse", "kind": "person"})
    await web_app.state.activity.flush()
    [row] = (await run(ann, "empty_searches"))["rows"]
    assert (row["words"], row["searches"]) == ("zyzzyva =1+1", 2)
    assert [each["words"] for each in (await run(eve, "empty_searches"))["rows"]] == ["quokka"]
    await owner.execute("update app_admin.empty_searches set day = day - 400 where words = 'quokka'")
    worker = Database(database.settings("dfworx_worker"))
    try:
        assert await sweep_empty_searches(worker, Cache(redis)) == 1
    finally:
        await worker.close()
    assert await owner.fetchval("select count(*) from app_admin.empty_searches") == 1


async def test_nobody_fills_a_day_with_words(
    make_person: MakePerson, inject: Inject, owner: asyncpg.Connection
) -> None:
    connection = await inject("dfworx_web", await make_person())
    await connection.execute("select app.note_empty_search('w' || n, 1) from generate_series(1, 1005) n")
    await connection.execute("select app.note_empty_search($1, 1)", "x" * 5000)
    assert await owner.fetchval("select count(*) from app_admin.empty_searches") <= 1006
    for number in range(3):
        await connection.execute("select app.note_empty_search($1, 1)", f"later {number}")
    assert (
        await owner.fetchval("select count(*) from app_admin.empty_searches where words like 'later%'") == 0
    )


async def test_response_times_are_those_of_the_organizations_own_requests(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    today = datetime.now(UTC).date()
    await owner.executemany(
        "insert into app_admin.request_days (organization_id, day, service, requests, failed, milliseconds)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (person.organization_id, today, "web", 4, 1, 100),
            (person.organization_id, today - timedelta(days=40), "web", 9, 9, 9),
        ],
    )
    [row] = (await run(client_as(person), "response_time"))["rows"]
    assert (row["requests"], row["failed"], row["mean_milliseconds"]) == (4, 1, 25.0)


async def test_a_kept_report_says_what_it_said_and_is_run_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin", name="Ann")
    ann, ben = client_as(person), client_as(await make_person())
    report = await keep(ann, title=" Growth of the week ")
    path = f"{REPORTS}/{report['report_id']}"
    assert (report["title"], report["created_by"]["name"]) == ("Growth of the week", "Ann")
    assert len(report["result"]["rows"]) == 7 and report["result"]["rows"][0]["posts"] == 0
    await publish(ben, "Later")
    assert (await ann.get(path)).json() == report
    assert (await ann.get(f"{path}/run")).json()["rows"][0]["posts"] == 1
    exported = (await ann.get(f"{path}/export", params={"format": "json"})).json()
    assert exported[0]["posts"] == 1 and len(exported) == 7
    second = await keep(ann, "engagement")
    listed = [each["report_id"] for each in (await ann.get(REPORTS)).json()["items"]]
    assert listed == [second["report_id"], report["report_id"]]
    page = (await ann.get(REPORTS, params={"limit": 1})).json()
    rest = (await ann.get(REPORTS, params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert [page["items"][0]["report_id"], rest["items"][0]["report_id"]] == listed and rest[
        "next_cursor"
    ] is None
    assert (await ann.delete(path)).status_code == 204
    assert (await ann.get(path)).status_code == (await ann.delete(path)).status_code == 404
    audited = await owner.fetch(
        "select action, actor_id from public.audit_logs where entity = 'app_admin.reports' and entity_id = $1"
        " order by audit_log_id",
        report["report_id"],
    )
    assert [tuple(row) for row in audited] == [("insert", person.user_id), ("delete", person.user_id)]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "=cmd|' /C calc'!A0"])
async def test_no_cell_is_calculated(
    make_person: MakePerson, client_as: ClientAs, title: str, owner: asyncpg.Connection
) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person(name="=Ben"))
    await publish(ben, "A")
    await owner.execute("update app_web.posts set title = $1", title)
    answer = await ann.get(f"{KINDS}/content_health/export")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    [row] = list(csv.DictReader(io.StringIO(answer.text)))
    assert (row["title"], row["author"]) == (f"'{title}", "'=Ben")
    assert (await ann.get(f"{KINDS}/content_health/export?format=json")).json()[0]["title"] == title


async def test_all_that_are_built_in_run_on_nothing_and_export(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(role="admin"))
    listed = (await ann.get(KINDS)).json()["items"]
    assert [each["kind"] for each in listed] == list(BUILT_IN)
    for each in listed:
        assert (await run(ann, each["kind"], range="365d"))["columns"] == each["columns"]
        lines = (await ann.get(f"{KINDS}/{each['kind']}/export?range=7d")).text.splitlines()
        assert lines[0] == ",".join(each["columns"])
        await keep(ann, each["kind"])


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"kind": "growth"}, {"kind": "nothing", "title": "A"}, {"kind": "growth", "title": ""}),
        *({"kind": "growth", "title": "  "}, {"kind": "growth", "title": "a\u0000"}),
        *({"kind": "growth", "title": "A", "by": 1}, {"kind": "growth", "title": "A" * 301}),
        {"kind": "growth", "title": "A", "parameters": {"range": "8d"}},
        {"kind": "growth", "title": "A", "parameters": {"organization_id": "x"}},
    ],
)
async def test_bad_input_is_refused(
    make_person: MakePerson, client_as: ClientAs, body: dict[str, Any]
) -> None:
    ann = client_as(await make_person(role="admin"))
    assert (await ann.post(REPORTS, json=body)).status_code == 422
    for path, status in (
        *(
            (f"{KINDS}/nothing", 422),
            (f"{KINDS}/growth?range=1d", 422),
            (f"{KINDS}/growth/export?format=xls", 422),
        ),
        *((f"{REPORTS}/x", 422), (f"{REPORTS}/{uuid4()}", 404), (f"{REPORTS}/{uuid4()}/run", 404)),
        *((f"{REPORTS}?cursor=x", 422), (f"{REPORTS}/{uuid4()}/export", 404)),
    ):
        assert (await ann.get(path)).status_code == status, path


async def test_a_report_of_a_kind_that_is_no_more_is_kept_and_not_run(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    report_id = await owner.fetchval(
        "insert into app_admin.reports (organization_id, user_id, kind, title, result)"
        " values ($1, $2, 'old', 'Old', $3) returning report_id",
        *(person.organization_id, person.user_id, '{"of": 1}'),
    )
    ann = client_as(person)
    assert (await ann.get(f"{REPORTS}/{report_id}")).json()["result"] is None
    answer = await ann.get(f"{REPORTS}/{report_id}/run")
    assert (answer.status_code, answer.json()["code"]) == (409, "report_unknown")


async def test_another_organization_reads_runs_and_deletes_nothing_of_it(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person())
    other = await make_person(organization="umbra", role="admin")
    eve = client_as(other)
    await publish(ben, "Ours alone", comments=2)
    report = await keep(ann, "content_health")
    path = f"{REPORTS}/{report['report_id']}"
    for answer in (
        await eve.get(path),
        await eve.get(f"{path}/run"),
        await eve.get(f"{path}/export"),
        await eve.delete(path),
    ):
        assert answer.status_code == 404
    assert (await eve.get(REPORTS)).json()["items"] == []
    for kind in BUILT_IN:
        assert "Ours" not in str(await run(eve, kind, range="365d"))
    assert (await run(eve, "growth", range="7d"))["rows"][0]["posts"] == 0
    assert (await ann.get(path)).status_code == 200
    connection = await inject("dfworx_admin", other)
    assert await connection.execute("delete from app_admin.reports") == "DELETE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("update app_admin.reports set title = 'Mine'")


async def test_a_stranger_and_who_is_no_admin_run_and_keep_nothing(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    await publish(client_as(await make_person()), "Ours")
    for role in ("stranger", "member", "moderator", "guest"):
        person = None if role == "stranger" else await make_person(role=role)
        client, status = client_as(person), 401 if person is None else 403
        for path in (KINDS, f"{KINDS}/growth", f"{KINDS}/growth/export", REPORTS, f"{REPORTS}/{uuid4()}/run"):
            assert (await client.get(path)).status_code == status, path
        assert (await client.post(REPORTS, json={"kind": "growth", "title": "A"})).status_code == status
        if person is not None:
            connection = await inject("dfworx_admin", person)
            assert await connection.fetch("select * from app_admin.empty_searches") == []
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into app_admin.reports (organization_id, user_id, kind, title) values ($1, $2, 'a', 'b')",
                    *(person.organization_id, person.user_id),
                )

"""The audit log as admins read it: narrowed, one entry with its difference, and all of it as a file."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest

from dfworx.admin.exports import PAGE
from tests.admin.conftest import choose
from tests.conftest import ClientAs, Inject, MakePerson

AUDIT = "/api/admin/audit-logs"


async def read_all(client: httpx.AsyncClient, **filters: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = await client.get(
            AUDIT, params={**filters, "limit": 2, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return items


async def test_the_log_is_read_page_by_page_and_narrowed(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    person = await make_person(role="admin", name="Ann")
    ann, ben = client_as(person), await make_person(role="member")
    await choose(ann, "welcome_text", "Hello")
    await choose(ann, "welcome_text", "Hello again")
    everything = await read_all(ann)
    numbers = [each["audit_log_id"] for each in everything]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 5
    assert [each["action"] for each in everything] == ["update", "insert", "insert", "insert", "insert"]
    newest = everything[0]
    assert (newest["actor"]["name"], newest["service"]) == ("Ann", "dfworx_admin")
    assert (newest["entity"], newest["fields"]) == ("app_admin.admin_settings", ["key", "value"])
    assert len(await read_all(ann, actor=str(person.user_id))) == 2
    assert await read_all(ann, actor=str(ben.user_id)) == []
    assert len(await read_all(ann, action="update")) == 1
    assert len(await read_all(ann, entity="public.users")) == 2
    [joined] = await read_all(ann, entity_id=str(ben.user_id))
    assert (joined["entity"], joined["actor_id"]) == ("public.users", None)
    moment = newest["created_at"]
    assert [each["audit_log_id"] for each in await read_all(ann, **{"from": moment})] == numbers[:1]
    assert [each["audit_log_id"] for each in await read_all(ann, to=moment)] == numbers[1:]


async def test_an_entry_tells_what_was_before_and_after_and_not_what_is_too_long_or_secret(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(role="admin"))
    await choose(ann, "password_min_length", 12)
    await choose(ann, "password_min_length", 16)
    [newest, *_] = await read_all(ann)
    told = (await ann.get(f"{AUDIT}/{newest['audit_log_id']}")).json()
    assert told["changes"] == [
        {"field": "key", "before": "password_min_length", "after": "password_min_length", "is_told": True},
        {"field": "value", "before": 12, "after": 16, "is_told": True},
    ]
    assert told["position"] == len(await read_all(ann)) and len(told["hash"]) == 64
    await ann.post("/api/web/posts", json={"title": "T", "content": "Long words"})
    [post, *_] = await read_all(ann, entity="app_web.posts")
    [content] = [
        each
        for each in (await ann.get(f"{AUDIT}/{post['audit_log_id']}")).json()["changes"]
        if each["field"] == "content"
    ]
    assert content == {"field": "content", "before": None, "after": None, "is_told": False}


async def test_it_is_exported_as_csv_and_json_whole_and_narrowed(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin", name="=cmd|' /C calc'!A1")
    ann = client_as(person)
    await choose(ann, "welcome_text", 'Ä "quoted", text')
    answer = await ann.get(f"{AUDIT}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-log.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["audit_log_id"]) for row in rows] == [
        each["audit_log_id"] for each in await read_all(ann)
    ]
    assert orjson.loads(rows[0]["changes"])["value"] == [None, 'Ä "quoted", text']
    # What a spreadsheet would calculate is a text.
    assert rows[0]["actor_name"] == "'=cmd|' /C calc'!A1"
    as_json = await ann.get(
        f"{AUDIT}/export", params={"format": "json", "entity": "app_admin.admin_settings"}
    )
    [only] = as_json.json()
    assert only["changes"]["value"] == [None, 'Ä "quoted", text']
    assert (await ann.get(f"{AUDIT}/export", params={"format": "json", "action": "delete"})).json() == []
    await owner.execute(
        "insert into public.users (organization_id, name, origin)"
        " select $1, 'Imported ' || n, 'imported' from generate_series(1, $2) n",
        *(person.organization_id, PAGE + 10),
    )
    many = (await ann.get(f"{AUDIT}/export", params={"format": "json"})).json()
    assert len({each["audit_log_id"] for each in many}) == len(many) == PAGE + 13


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "actor=ann",
            "action=read",
            "entity=%00",
            "entity_id=1",
            "from=yesterday",
            "to=2026-01-01T00:00:00",
        ),
        *("limit=0", "limit=101", "cursor=nonsense", "cursor=WyJhIl0"),
    ],
)
async def test_a_bad_filter_is_refused(make_person: MakePerson, client_as: ClientAs, bad: str) -> None:
    ann = client_as(await make_person(role="admin"))
    answer = await ann.get(f"{AUDIT}?{bad}")
    assert answer.status_code == 422, answer.text
    if not bad.startswith(("limit", "cursor")):
        assert (await ann.get(f"{AUDIT}/export?{bad}")).status_code == 422
    assert (await ann.get(f"{AUDIT}/export?format=xls")).status_code == 422
    for number, status in (("nope", 422), (2**63, 422), (0, 422), (2**63 - 1, 404)):
        assert (await ann.get(f"{AUDIT}/{number}")).status_code == status


@pytest.mark.parametrize("path", [AUDIT, f"{AUDIT}/export", f"{AUDIT}/1"])
async def test_a_stranger_and_who_is_no_admin_read_nothing(
    make_person: MakePerson, client_as: ClientAs, path: str
) -> None:
    assert (await client_as(None).get(path)).status_code == 401
    for role in ("member", "moderator", "guest"):
        assert (await client_as(await make_person(role=role)).get(path)).status_code == 403


async def test_nothing_of_another_organization_is_in_it(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await choose(client_as(eve), "welcome_text", "Umbra alone")
    theirs = await read_all(client_as(eve))
    ours = await read_all(client_as(ann))
    assert not {each["audit_log_id"] for each in ours} & {each["audit_log_id"] for each in theirs}
    for each in theirs:
        assert (await client_as(ann).get(f"{AUDIT}/{each['audit_log_id']}")).status_code == 404
    assert await read_all(client_as(ann), actor=str(eve.user_id)) == []
    assert "Umbra" not in (await client_as(ann).get(f"{AUDIT}/export")).text
    connection = await inject("dfworx_admin", ann)
    for table in ("public.audit_logs", "public.audit_links"):
        seen = {row[0] for row in await connection.fetch(f"select organization_id from {table}")}  # noqa: S608
        assert seen == {ann.organization_id}
    assert isinstance(ann.organization_id, UUID)


@pytest.mark.parametrize("login", ["dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker"])
async def test_no_service_writes_the_log_or_its_chain(
    make_person: MakePerson, inject: Inject, login: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    for statement in (
        "update public.audit_logs set action = 'insert'",
        "delete from public.audit_links",
        "update public.audit_heads set position = 0",
        "insert into public.audit_links (organization_id, position, audit_log_id, hash)"
        " select app.org_id(), 1000, 1, sha256('')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

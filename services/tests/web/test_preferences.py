"""Preferences: the defaults, what was chosen instead, and that nobody else reads or writes it."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson

PREFERENCES = "/api/web/preferences"

DEFAULTS = {
    "theme": "system",
    "language": None,
    "digest": "weekly",
    "notifications": {
        "mention": {"in_app": True, "mail": True},
        "reply": {"in_app": True, "mail": True},
        "comment": {"in_app": True, "mail": False},
        "share": {"in_app": True, "mail": True},
        "published": {"in_app": True, "mail": False},
    },
}


async def test_what_is_not_chosen_is_the_default_and_only_what_is_chosen_is_kept(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="guest")
    ann = client_as(person)
    assert (await ann.get(PREFERENCES)).json() == DEFAULTS
    chosen = {"theme": "dark", "language": "pt-BR", "notifications": {"mention": {"mail": False}}}
    answer = await ann.patch(PREFERENCES, json=chosen)
    assert answer.status_code == 200
    assert answer.json()["notifications"]["mention"] == {"in_app": True, "mail": False}
    assert (answer.json()["theme"], answer.json()["language"]) == ("dark", "pt-BR")
    more = {"language": None, "digest": "off", "notifications": {"mention": {"in_app": False}, "comment": {}}}
    assert (await ann.patch(PREFERENCES, json=more)).status_code == 200
    expected: dict[str, Any] = {**DEFAULTS, "theme": "dark", "digest": "off"}
    expected["notifications"] = {**expected["notifications"], "mention": {"in_app": False, "mail": False}}
    assert (await ann.get(PREFERENCES)).json() == expected
    assert (await ann.patch(PREFERENCES, json={})).json() == expected
    assert await owner.fetchval("select preferences::text::jsonb = $1::text::jsonb from app_web.preferences",
        '{"theme": "dark", "digest": "off", "notifications":'
        ' {"mention": {"in_app": false, "mail": false}, "comment": {}}}',
    )  # fmt: skip


async def test_changes_at_once_all_count(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person())
    changes: list[dict[str, Any]] = [
        {"theme": "light"},
        {"digest": "daily"},
        {"language": "nb"},
        {"notifications": {"reply": {"mail": False}}},
        {"notifications": {"reply": {"in_app": False}}},
    ]
    answers = await asyncio.gather(*(ann.patch(PREFERENCES, json=each) for each in changes))
    assert {answer.status_code for answer in answers} == {200}
    now = (await ann.get(PREFERENCES)).json()
    assert (now["theme"], now["digest"], now["language"]) == ("light", "daily", "nb")
    assert now["notifications"]["reply"] == {"in_app": False, "mail": False}


@pytest.mark.parametrize("method", ["get", "patch"])
async def test_a_stranger_gets_nothing(client_as: ClientAs, method: str) -> None:
    assert (await client_as(None).request(method, PREFERENCES, json={"theme": "dark"})).status_code == 401


async def test_nobody_in_this_or_another_organization_reads_or_writes_them(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    others = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await client_as(ann).patch(PREFERENCES, json={"theme": "dark"})
    for person in others:
        assert (await client_as(person).get(PREFERENCES)).json() == DEFAULTS
        for login in ("dfworx_web", "dfworx_admin", "dfworx_auth", "dfworx_worker"):
            connection = await inject(login, person)
            if login == "dfworx_web":
                assert await connection.fetch("select * from app_web.preferences") == []
                assert (
                    await connection.execute("update app_web.preferences set preferences = '{}'")
                ).endswith(" 0")
                insert = "insert into app_web.preferences (organization_id, user_id, preferences) values ($1, $2, '{}')"
                for organization_id in (ann.organization_id, person.organization_id):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(insert, organization_id, ann.user_id)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("delete from app_web.preferences")
            if login != "dfworx_web":
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch("select * from app_web.preferences")
    assert (await client_as(ann).get(PREFERENCES)).json()["theme"] == "dark"
    # The admins' log tells nothing of them either.
    assert (
        await owner.fetchval("select count(*) from public.audit_logs where entity = 'app_web.preferences'")
        == 0
    )


BAD: list[tuple[dict[str, Any], str]] = [
    ({"theme": "purple"}, "theme"),
    ({"theme": None}, "theme"),
    ({"language": "no language"}, "language"),
    ({"language": "en\n"}, "language"),
    ({"language": "x" * 100}, "language"),
    ({"digest": "hourly"}, "digest"),
    ({"notifications": None}, "notifications"),
    ({"notifications": {"rumour": {"mail": True}}}, "notifications.rumour"),
    ({"notifications": {"mention": {"mail": "yes"}}}, "notifications.mention.mail"),
    ({"notifications": {"mention": {"mail": None}}}, "notifications.mention.mail"),
    ({"notifications": {"mention": {"pigeon": True}}}, "notifications.mention.pigeon"),
    ({"notifications": {"mention": None}}, "notifications.mention"),
    ({"colour": "red"}, "colour"),
    ({"user_id": "d1f1f7c0-0000-4000-8000-000000000000"}, "user_id"),
]


@pytest.mark.parametrize(("changes", "field"), BAD, ids=lambda case: str(case)[:60])
async def test_bad_input_is_refused_by_name(
    make_person: MakePerson, client_as: ClientAs, changes: dict[str, Any], field: str
) -> None:
    ann = client_as(await make_person())
    answer = await ann.patch(PREFERENCES, json=changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await ann.get(PREFERENCES)).json() == DEFAULTS


MALFORMED = [
    "[]",
    '{"theme": "purple"}',
    '{"digest": 1}',
    '{"language": "no language"}',
    '{"notifications": []}',
    '{"notifications": {"mention": true}}',
    '{"notifications": {"mention": [{"mail": true}]}}',
    '{"notifications": {"mention": {"mail": "not a boolean"}}}',
    '{"notifications": {"mention": {"mail": null}}}',
    '{"x": "' + "x" * 4000 + '"}',
]


@pytest.mark.parametrize("preferences", MALFORMED, ids=lambda text: text[:60])
async def test_malformed_ones_do_not_come_in_by_sql_where_others_transactions_would_trip(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, preferences: str
) -> None:
    ann = await make_person()
    await client_as(ann).patch(PREFERENCES, json={"theme": "dark"})
    web = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.CheckViolationError):
        await web.execute("update app_web.preferences set preferences = $1::text::jsonb", preferences)

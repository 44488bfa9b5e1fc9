"""Settings: what is chosen holds for the organization that chose it, and for nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import orjson
import pytest

from dfworx.shared.organization_settings import SETTINGS as REGISTRY
from tests.admin.conftest import SETTINGS, choose
from tests.conftest import ClientAs, Inject, MakePerson


async def test_an_admin_sees_all_settings_with_their_defaults(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(role="admin"))
    page = (await ann.get(SETTINGS)).json()
    assert [each["key"] for each in page["items"]] == list(REGISTRY)
    assert page["next_cursor"] is None
    for each in page["items"]:
        assert each["value"] == each["default"] and each["is_default"] and each["version"] == 0
        assert each["description"].endswith(".") and each["type"] and each["updated_by"] is None
    shortest = (await ann.get(f"{SETTINGS}/password_min_length")).json()
    assert shortest["type"] == {"type": "integer", "minimum": 8, "maximum": 128}


async def test_settings_are_found_by_words(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person(role="admin"))

    async def find(words: str) -> list[str]:
        answer = await ann.get(SETTINGS, params={"q": words})
        return [each["key"] for each in answer.json()["items"]]

    assert await find("PASSWORD length") == ["password_min_length"]
    assert await find("domains") == ["allowed_domains"]
    assert await find("branding") == ["accent_color", "logo_url", "welcome_text"]
    assert await find("nothing like it") == []


async def test_a_choice_is_kept_with_who_made_it_audited_and_taken_back(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin", name="Ann")
    ann = client_as(person)
    chosen = await choose(ann, "password_min_length", 14)
    assert (chosen["value"], chosen["is_default"], chosen["updated_by"]["name"]) == (14, False, "Ann")
    assert chosen == (await ann.get(f"{SETTINGS}/password_min_length")).json()
    back = await choose(ann, "password_min_length", None)
    assert (back["value"], back["is_default"], back["version"]) == (8, True, 0)
    rows = await owner.fetch(
        "select action, actor_id, changes from public.audit_logs where entity = 'app_admin.admin_settings'"
        " order by audit_log_id"
    )
    assert [(row["action"], row["actor_id"]) for row in rows] == [
        ("insert", person.user_id),
        ("delete", person.user_id),
    ]
    assert orjson.loads(rows[0]["changes"])["value"] == [None, 14]
    assert orjson.loads(rows[1]["changes"])["key"] == ["password_min_length", None]


async def test_a_change_from_what_somebody_else_has_changed_is_stale(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person(role="admin"))
    path = f"{SETTINGS}/welcome_text"
    first = await ann.patch(path, json={"value": "Hello", "version": 0})
    assert first.status_code == 200
    late = await ben.patch(path, json={"value": "Hi", "version": 0})
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    good = await ben.patch(path, json={"value": "Hi", "version": first.json()["version"]})
    assert good.json()["value"] == "Hi"
    answers = await asyncio.gather(
        *(
            each.patch(path, json={"value": each_text, "version": good.json()["version"]})
            for each, each_text in ((ann, "One"), (ben, "Two"))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


BAD: list[tuple[str, Any]] = [
    ("sign_up", "anybody"),
    ("sign_up", 1),
    ("allowed_domains", "example.org"),
    ("allowed_domains", ["not a domain"]),
    ("allowed_domains", ["a" * 300 + ".example"]),
    ("allowed_domains", [f"a{number}.example" for number in range(101)]),
    ("password_min_length", 7),
    ("password_min_length", 129),
    ("password_min_length", "12"),
    ("password_min_length", True),
    ("accent_color", "red"),
    ("logo_url", "javascript:alert(1)"),
    ("logo_url", "http://example.org/a.png"),
    ("welcome_text", "a" * 501),
    ("welcome_text", "a\u0000b"),
    ("upload_megabytes", 0),
    ("storage_gigabytes", 1.5),
]


@pytest.mark.parametrize(("key", "value"), BAD)
async def test_a_bad_value_is_refused_and_nothing_changes(
    make_person: MakePerson, client_as: ClientAs, key: str, value: Any
) -> None:
    ann = client_as(await make_person(role="admin"))
    answer = await ann.patch(f"{SETTINGS}/{key}", json={"value": value})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert (await ann.get(f"{SETTINGS}/{key}")).json()["is_default"]


async def test_an_unknown_setting_is_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person(role="admin"))
    assert (await ann.get(f"{SETTINGS}/a_rule")).status_code == 404
    assert (await ann.patch(f"{SETTINGS}/a_rule", json={"value": 1})).status_code == 404
    assert (await ann.patch(f"{SETTINGS}/sign_up", json={})).status_code == 422
    assert (await ann.patch(f"{SETTINGS}/sign_up", json={"value": "closed", "by": 1})).status_code == 422


@pytest.mark.parametrize("method", ["get", "patch"])
async def test_a_stranger_gets_nothing(client_as: ClientAs, method: str) -> None:
    path = f"{SETTINGS}/sign_up"
    assert (await client_as(None).request(method, path, json={"value": "closed"})).status_code == 401


@pytest.mark.parametrize("role", ["member", "moderator", "guest"])
async def test_others_than_admins_are_refused_by_the_service_and_by_the_database(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, role: str
) -> None:
    person = await make_person(role=role)
    for method, path in (("get", SETTINGS), ("get", f"{SETTINGS}/sign_up"), ("patch", f"{SETTINGS}/sign_up")):
        answer = await client_as(person).request(method, path, json={"value": "closed"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    connection = await inject("dfworx_admin", person)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            "insert into app_admin.admin_settings (organization_id, key, value, updated_by)"
            " values ($1, 'sign_up', '\"closed\"', $2)",
            *(person.organization_id, person.user_id),
        )


async def test_another_organization_reads_changes_and_obeys_nothing_of_it(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    person = await make_person(role="admin")
    ann, eve = client_as(person), await make_person(organization="umbra", role="admin")
    await choose(ann, "welcome_text", "Only ours")
    await choose(ann, "sign_up", "closed")
    theirs = (await client_as(eve).get(SETTINGS)).json()["items"]
    assert all(each["is_default"] for each in theirs)
    await choose(client_as(eve), "welcome_text", "Theirs")
    assert (await ann.get(f"{SETTINGS}/welcome_text")).json()["value"] == "Only ours"
    for login in ("dfworx_auth", "dfworx_web"):
        connection = await inject(login, eve)
        assert await connection.fetchval("select app.setting('sign_up')") is None


async def test_a_value_that_does_not_fit_any_more_counts_as_the_default(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    await owner.execute(
        "insert into app_admin.admin_settings (organization_id, key, value) values ($1, 'password_min_length', '4')",
        person.organization_id,
    )
    assert (await client_as(person).get(f"{SETTINGS}/password_min_length")).json()["value"] == 8

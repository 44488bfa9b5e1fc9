"""Setting another password when it is forgotten: a mail with a token, once, for an hour, and for its owner alone."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import Response
from limits import parse
from redis.asyncio import Redis

from dfworx.auth.limits import Limits, Rules
from dfworx.shared.db import Database
from dfworx.worker.letters import mail_resets
from dfworx.worker.mail import Mailer
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, ClientAs, Inject, MakePerson, Person, TestDatabase

FORGOT, RESET, LOGIN = (f"/api/auth/{path}" for path in ("password/forgot", "password/reset", "login"))
NEW = "another horse, another battery"


class Postman:
    """The worker's part: mails what was asked for, and reads the mail."""

    def __init__(self, database: TestDatabase, folder: Path) -> None:
        self._database = database
        self._settings = database.settings("dfworx_worker", home=folder)
        self.folder = folder / "mail"

    async def deliver(self) -> int:
        database = Database(self._settings)
        try:
            return await mail_resets(database, Mailer(self._settings), "https://here.example")
        finally:
            await database.close()

    def tokens(self, email: str) -> list[str]:
        found = []
        for file in sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            text = mail.get_body(("plain",))
            assert text is not None
            link = re.search(r"https://here\.example/reset-password#(\S+)", text.get_content())
            if mail["To"] == email and link:
                found.append(link[1])
        return found


@pytest.fixture
def postman(database: TestDatabase, tmp_path: Path) -> Postman:
    return Postman(database, tmp_path)


async def forgot(client_as: ClientAs, email: str) -> Response:
    return await client_as(None).post(FORGOT, json={"email": email})


async def reset(client_as: ClientAs, token: str, password: str = NEW) -> Response:
    return await client_as(None).post(RESET, json={"token": token, "password": password})


async def log_in(client_as: ClientAs, person: Person, password: str) -> int:
    body = {"email": person.email, "password": password, "organization": person.organization}
    return (await client_as(None).post(LOGIN, json=body)).status_code


async def token_for(client_as: ClientAs, postman: Postman, email: str) -> str:
    assert (await forgot(client_as, email)).status_code == 202
    assert await postman.deliver() == 1
    return postman.tokens(email)[-1]


async def test_a_reset_sets_the_password_and_ends_every_session_in_all_organizations(
    client_as: ClientAs, make_person: MakePerson, postman: Postman, redis: Redis
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    there = await make_person(organization="harbour", email=ann.email)
    ben = await make_person()
    answer = await reset(client_as, await token_for(client_as, postman, ann.email))
    assert (answer.status_code, answer.content) == (204, b"")
    assert "set-cookie" not in answer.headers, "a reset signs nobody in"
    for person in (ann, there):
        assert await redis.zcard(f"sessions:{person.user_id}") == 0
        assert (await client_as(person).get("/api/auth/me")).status_code == 401
        assert await log_in(client_as, person, PASSWORD) == 401
        assert await log_in(client_as, person, NEW) == 200
    assert (await client_as(ben).get("/api/auth/me")).status_code == 200


async def test_a_token_is_used_once_and_with_it_every_other_of_the_identity(
    client_as: ClientAs, make_person: MakePerson, postman: Postman
) -> None:
    ann = await make_person()
    first = await token_for(client_as, postman, ann.email)
    second = await token_for(client_as, postman, ann.email)
    assert first != second
    assert (await reset(client_as, first)).status_code == 204
    for used in (first, second):
        again = await reset(client_as, used, "a third horse battery")
        assert (again.status_code, again.json()["code"]) == (404, "password_reset_not_found")
    assert await log_in(client_as, ann, NEW) == 200


async def test_an_hour_later_the_token_is_worth_nothing(
    client_as: ClientAs, make_person: MakePerson, postman: Postman, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    token = await token_for(client_as, postman, ann.email)
    lifetime = await owner.fetchval("select expires_at - requested_at from app_auth.password_resets")
    assert lifetime.total_seconds() == 3600
    await owner.execute("update app_auth.password_resets set expires_at = now()")
    assert (await reset(client_as, token)).status_code == 404
    assert await log_in(client_as, ann, PASSWORD) == 200


async def test_a_stranger_is_answered_as_a_known_person_and_gets_no_mail(
    client_as: ClientAs, make_person: MakePerson, postman: Postman, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    known, unknown = await forgot(client_as, ann.email), await forgot(client_as, "nobody@lumen.example")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    # The same statement with the same row written: nothing that time could tell.
    assert await owner.fetchval("select count(*) from app_auth.password_resets") == 2
    assert await postman.deliver() == 1
    assert len(list(postman.folder.iterdir())) == 1
    assert await owner.fetchval("select count(*) from app_auth.password_resets") == 1


async def test_the_database_keeps_the_hash_alone_and_the_outbox_nothing(
    client_as: ClientAs, make_person: MakePerson, postman: Postman, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    token = await token_for(client_as, postman, ann.email)
    row = await owner.fetchrow("select * from app_auth.password_resets")
    assert row is not None and row["token_hash"] == sha256(token.encode()).digest()
    assert token not in str(row)
    noted = "select count(*) from shared_services.outbox where topic !~ '^mirror'"
    assert await owner.fetchval(noted) == 0
    assert await owner.fetchval("select count(*) from jobs.procrastinate_jobs") == 0
    # A hash that was read somewhere opens nothing.
    assert (await reset(client_as, row["token_hash"].hex())).status_code == 404


async def test_a_reset_of_another_organizations_person_touches_nobody_here(
    client_as: ClientAs, make_person: MakePerson, postman: Postman
) -> None:
    ann, eve = await make_person(), await make_person(organization="harbour")
    token = await token_for(client_as, postman, eve.email)
    assert postman.tokens(ann.email) == []
    assert (await reset(client_as, token)).status_code == 204
    assert await log_in(client_as, ann, PASSWORD) == 200
    assert (await client_as(ann).get("/api/auth/me")).status_code == 200


async def test_bad_input_is_refused_by_field(client_as: ClientAs) -> None:
    client = client_as(None)
    bad: list[tuple[str, dict[str, Any]]] = [
        (FORGOT, {"email": "no address"}),
        (FORGOT, {}),
        (RESET, {"token": "", "password": NEW}),
        (RESET, {"token": "x" * 201, "password": NEW}),
        (RESET, {"token": "x\0", "password": NEW}),
        (RESET, {"token": "\ud800", "password": NEW}),
        (RESET, {"token": "x", "password": "short"}),
        (RESET, {"token": "x", "password": NEW, "email": "ann@lumen.example"}),
    ]
    for path, body in bad:
        assert (await client.post(path, **escaped(body))).status_code == 422, body
    assert (await client.post(RESET, json={"token": "nobody's", "password": NEW})).status_code == 404


async def test_asking_is_limited_by_email_and_by_address(
    client_as: ClientAs, make_person: MakePerson, auth_app: FastAPI, redis: Redis
) -> None:
    ann = await make_person()
    auth_app.state.limits = Limits(redis, Rules(*[parse("100/1 hour")] * 5))
    for email in (ann.email, "nobody@lumen.example"):
        answers = [(await forgot(client_as, email)).status_code for _ in range(4)]
        assert answers == [202, 202, 202, 429]


# SQL injected into the auth service --------------------------------------------------------------------------------


async def test_injected_sql_can_ask_for_a_mail_and_no_more(
    client_as: ClientAs, make_person: MakePerson, postman: Postman, inject: Inject
) -> None:
    eve, ann = await make_person(organization="harbour"), await make_person()
    attacker = await inject("dfworx_auth", eve)
    await attacker.execute("select app_auth.request_reset($1)", ann.email)
    assert await postman.deliver() == 1
    (token,) = postman.tokens(ann.email)
    for query in (
        "select token_hash from app_auth.password_resets",
        "update app_auth.password_resets set token_hash = sha256('mine')",
        "insert into app_auth.password_resets (email, token_hash) values ('ann@lumen.example', sha256('mine'))",
        "select * from app_auth.issue_reset(sha256('mine'))",
        "select app_auth.reset_mailed(gen_random_uuid())",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attacker.fetch(query)
    # Even with a token that somebody leaked, the identity must be sealed, which injected SQL can't.
    assert not await attacker.fetchval("select app_auth.reset_password($1, 'plain')", token)
    assert await log_in(client_as, ann, PASSWORD) == 200
    assert (await reset(client_as, token)).status_code == 204, "and its owner may still use it"


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_admin"])
async def test_no_other_service_knows_of_resets(make_person: MakePerson, inject: Inject, login: str) -> None:
    attacker = await inject(login, await make_person(role="admin"))
    for call in ("request_reset('a@b.example')", "find_reset('x')", "reset_password('x', 'y')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attacker.fetch(f"select app_auth.{call}")


async def test_a_mail_of_before_a_change_of_the_password_resets_nothing(
    make_person: MakePerson, client_as: ClientAs, postman: Postman
) -> None:
    """Whoever had read the mailbox must not come back in after its owner has shut them out."""
    ann = await make_person()
    token = await token_for(client_as, postman, ann.email)
    body = {"current_password": ann.password, "new_password": "another horse battery"}
    assert (await client_as(ann).post("/api/auth/password", json=body)).status_code == 200
    assert (await reset(client_as, token)).status_code == 404
    assert await log_in(client_as, ann, "another horse battery") == 200

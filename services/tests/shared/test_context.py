"""The sealed context, asked of the real database: what is believed and what is not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from dfworx.cli.waiting import wait_until
from dfworx.shared.context import LIFETIME_SECONDS, Caller, Sealer, current_sealer
from tests.conftest import TestDatabase

CALLER = Caller(uuid4(), uuid4(), "member", uuid4())


@pytest.fixture
async def web(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """The web service's own login, as an attacker who can run any SQL would have it."""
    connection = await asyncpg.connect(database.url("dfworx_web"))
    yield connection
    await connection.close()


@pytest.fixture
def sealer(database: TestDatabase) -> Sealer:
    return Sealer(1, database.servers.secrets.seal_key("dfworx_web"))


async def believed(connection: asyncpg.Connection, seal: str) -> object:
    await connection.execute("select set_config('dfx.ctx', $1, false)", seal)
    return await connection.fetchval("select app.org_id()")


async def test_a_seal_is_believed_until_it_expires(web: asyncpg.Connection, sealer: Sealer) -> None:
    assert await believed(web, sealer.seal(CALLER)) == CALLER.organization_id
    assert await web.fetchval("select app.user_id()") == CALLER.user_id
    assert await web.fetchval("select app.org_role()") == "member"
    long_ago = time.time() - LIFETIME_SECONDS - 1
    assert await believed(web, sealer.seal(CALLER, now=long_ago)) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda seal: seal.replace(str(CALLER.organization_id), str(uuid4())),
        lambda seal: seal.replace("|member|", "|admin|"),
        lambda seal: seal.replace("dfx1|1|", "dfx1|2|"),
        lambda seal: seal[:-1] + ("0" if seal[-1] != "0" else "1"),
        lambda seal: seal[:-64] + "0" * 64,
        lambda seal: seal.rsplit("|", 1)[0],
        lambda seal: seal + "\n" + seal,
        lambda seal: "",
        lambda seal: "dfx1|" + "9" * 1000,
        lambda seal: "|" * 200,
        lambda seal: "é" * 200,
        lambda seal: (
            seal[:-65] + "?" + seal[-64:]
        ),  # would end the role with a question mark: no guest any more
        lambda seal: "|" + seal,
        lambda seal: seal.replace("dfx1|", "dfx1|1|", 1),
        lambda seal: seal[:-64] + seal[-64:].upper(),
    ],
)
async def test_an_edited_seal_is_nobody(
    web: asyncpg.Connection, sealer: Sealer, forge: Callable[[str], str]
) -> None:
    assert await believed(web, sealer.seal(CALLER)) is not None
    assert await believed(web, forge(sealer.seal(CALLER))) is None


async def test_one_services_key_is_worth_nothing_to_another(
    web: asyncpg.Connection, database: TestDatabase
) -> None:
    of_auth = Sealer(1, database.servers.secrets.seal_key("dfworx_auth"))
    assert await believed(web, of_auth.seal(CALLER)) is None


async def test_a_seal_that_runs_out_while_in_use_is_nobody(
    web: asyncpg.Connection, owner: asyncpg.Connection, sealer: Sealer
) -> None:
    seal = sealer.seal(CALLER)
    assert await believed(web, seal) is not None
    await owner.execute("update private.seal_keys set not_after = now() - interval '1 second'")
    assert await believed(web, seal) is None


async def test_no_service_reads_or_writes_the_keys(database: TestDatabase) -> None:
    for role in ("dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker"):
        connection = await asyncpg.connect(database.url(role))
        try:
            for statement in ("select * from private.seal_keys", "delete from private.seal_keys"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()


def test_the_seal_names_its_caller_and_ends_in_a_mac() -> None:
    sealer = Sealer(7, b"k" * 32)
    seal = sealer.seal(CALLER, now=1000.9)
    assert seal.startswith(f"dfx1|7|1030|{CALLER.organization_id}|{CALLER.user_id}|member|")
    assert seal != sealer.seal(replace(CALLER, role="admin"), now=1000.9)


def test_a_running_service_takes_the_key_that_its_file_holds(database: TestDatabase, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"1:{(b'a' * 32).hex()}\n")
    sealer = current_sealer(database.settings("dfworx_web", seal_key=None, seal_key_file=file))
    assert sealer() == Sealer(1, b"a" * 32)
    file.with_name("draft").write_text(f"2:{(b'b' * 32).hex()}\n")
    file.with_name("draft").replace(file)
    assert wait_until(lambda: sealer() == Sealer(2, b"b" * 32), seconds=30)


def test_a_key_given_by_variable_stays(database: TestDatabase) -> None:
    sealer = current_sealer(database.settings("dfworx_web", seal_kid=4))
    assert sealer() is sealer()
    assert sealer().kid == 4

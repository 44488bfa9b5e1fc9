"""Rotation of seal keys, against a real server: broken off anywhere, what a service seals is believed; and a key that
was ended is not."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from dfworx.cli.database_roles import SERVICE_ROLES
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.seal_keys import (
    GRACE_SECONDS,
    StoredKey,
    add_next_keys,
    choose_kid,
    end_older_keys,
    known_kid,
    remove_ended_keys,
    require_keys,
    rotate_seal_keys,
    set_seal_keys,
    told_by_environment,
    write_seal_keys,
)
from dfworx.shared.context import LIFETIME_SECONDS, Caller, Sealer, current_sealer
from dfworx.shared.settings import REREAD_SECONDS
from tests.conftest import TestDatabase

CALLER = Caller(uuid4(), uuid4(), "member", uuid4())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


async def believed(database: TestDatabase, role: str, sealer: Sealer) -> bool:
    connection = await asyncpg.connect(database.url(role))
    try:
        await connection.execute("select set_config('dfx.ctx', $1, false)", sealer.seal(CALLER))
        return bool(await connection.fetchval("select app.org_id()") == CALLER.organization_id)
    finally:
        await connection.close()


def sealer_of(database: TestDatabase, role: str, kid: int) -> Sealer:
    return Sealer(kid, database.servers.secrets.seal_key(role, kid))


async def require_believed_services(database: TestDatabase, home: Home) -> None:
    """Each service, as one that starts or re-reads its file now."""
    for role in SERVICE_ROLES:
        settings = database.settings(role, seal_key=None, seal_key_file=home.seal_keys / role)
        assert await believed(database, role, current_sealer(settings)()), role


async def pass_time(owner: asyncpg.Connection, seconds: float) -> None:
    """For keys alone: their ends come nearer by so much."""
    await owner.execute(
        "update private.seal_keys set not_after = not_after - make_interval(secs => $1)", seconds
    )


async def numbers(owner: asyncpg.Connection) -> set[int]:
    return {row["kid"] for row in await owner.fetch("select distinct kid from private.seal_keys")}


# The number in force ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "known", "chosen"),
    [
        ([], None, 1),
        ([], 7, 7),
        ([StoredKey(1, True, False)], None, 1),
        ([StoredKey(1, True, True), StoredKey(2, True, False)], None, 2),
        # Broken off before the services were told, or rotated on another machine.
        ([StoredKey(1, True, False), StoredKey(2, True, False)], 1, 2),
        # An older database is back.
        ([StoredKey(1, True, False)], 3, 3),
        # An older home is back: an ended key stays ended.
        ([StoredKey(1, True, True), StoredKey(2, True, False)], 1, 2),
        ([StoredKey(1, True, True)], 1, 2),
        ([StoredKey(1, True, True)], None, 2),
        # Keys of another secret.
        ([StoredKey(4, False, False)], 4, 4),
        ([StoredKey(4, False, False)], None, 5),
        ([StoredKey(4, False, False), StoredKey(3, True, False)], None, 3),
        # One login's row is of another secret: the number can't serve all.
        ([StoredKey(2, True, False), StoredKey(2, False, False)], None, 3),
    ],
)
def test_the_number_in_force(stored: list[StoredKey], known: int | None, chosen: int) -> None:
    assert choose_kid(stored, known) == chosen


async def test_a_changed_key_is_replaced_and_others_are_left_alone(
    owner: asyncpg.Connection, database: TestDatabase
) -> None:
    other = b"o" * 64
    await owner.execute("update private.seal_keys set ipad = $1 where login = 'dfworx_web'", other)
    await owner.execute("insert into private.seal_keys values ('dfworx_web', 2, $1, $1)", other)
    assert await set_seal_keys(owner, database.servers.secrets, 1) == 1
    assert await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", 1))
    assert await owner.fetchval("select ipad from private.seal_keys where kid = 2") == other


# What services are told ------------------------------------------------------------------------------------------


def test_each_service_has_a_private_file_and_the_home_remembers(home: Home, database: TestDatabase) -> None:
    assert known_kid(home) is None
    write_seal_keys(home, database.servers.secrets, 3)
    assert known_kid(home) == 3
    assert stat.S_IMODE(home.seal_keys.stat().st_mode) == 0o700
    files = sorted(home.seal_keys.iterdir())
    assert [file.name for file in files] == sorted(SERVICE_ROLES)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len({file.read_text() for file in files}) == len(SERVICE_ROLES)


def test_a_file_that_says_the_same_is_left_as_it_is(home: Home, database: TestDatabase) -> None:
    write_seal_keys(home, database.servers.secrets, 1)
    before = [file.stat().st_ino for file in sorted(home.seal_keys.iterdir())]
    write_seal_keys(home, database.servers.secrets, 1)
    assert [file.stat().st_ino for file in sorted(home.seal_keys.iterdir())] == before


def test_services_elsewhere_are_told_in_one_line_each(database: TestDatabase) -> None:
    lines = told_by_environment(database.servers.secrets, 2)
    key = database.servers.secrets.seal_key("dfworx_web", 2).hex()
    assert f"dfworx_web: DFWORX_SEAL_KID=2 DFWORX_SEAL_KEY={key}" in lines
    assert len(lines) == len(SERVICE_ROLES)


# Rotation --------------------------------------------------------------------------------------------------------


async def test_the_older_keys_hold_as_long_as_anybody_seals_with_them_and_then_no_more(
    owner: asyncpg.Connection, database: TestDatabase, home: Home
) -> None:
    secrets = database.servers.secrets
    write_seal_keys(home, secrets, 1)
    assert await rotate_seal_keys(owner, home, secrets, keep_old=False) == 2
    await require_believed_services(database, home)
    assert GRACE_SECONDS >= LIFETIME_SECONDS + REREAD_SECONDS
    for role in SERVICE_ROLES:
        assert await believed(database, role, sealer_of(database, role, 1))
    await pass_time(owner, GRACE_SECONDS)
    for role in SERVICE_ROLES:
        assert not await believed(database, role, sealer_of(database, role, 1))
    await require_believed_services(database, home)


async def test_twice_in_a_moment_is_as_good_as_once(
    owner: asyncpg.Connection, database: TestDatabase, home: Home
) -> None:
    secrets = database.servers.secrets
    write_seal_keys(home, secrets, 1)
    await rotate_seal_keys(owner, home, secrets, keep_old=False)
    await pass_time(owner, 10)
    assert await rotate_seal_keys(owner, home, secrets, keep_old=False) == 3
    for kid in (1, 2, 3):
        assert await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", kid))
    # The first key's end was set, and isn't moved by the second rotation.
    await pass_time(owner, GRACE_SECONDS - 10)
    held = [
        await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", kid)) for kid in (1, 2, 3)
    ]
    assert held == [False, True, True]


BROKEN_OFF: dict[str, int] = {
    "when the database knew": 1,
    "among the files": 2,
    "when all were told": 3,
    "when the older had an end": 4,
}


@pytest.mark.parametrize("steps", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
@pytest.mark.parametrize("then", ["rotated again", "started again"])
async def test_broken_off_anywhere_and_run_again_every_service_is_believed(
    owner: asyncpg.Connection, database: TestDatabase, home: Home, steps: int, then: str
) -> None:
    secrets = database.servers.secrets
    write_seal_keys(home, secrets, 1)
    of_service_1 = (home.seal_keys / SERVICE_ROLES[0]).read_text()
    kid = await add_next_keys(owner, secrets, known_kid(home))
    if steps >= 2:
        write_seal_keys(home, secrets, kid)
    if steps == 2:
        (home.seal_keys / SERVICE_ROLES[0]).write_text(of_service_1)
    if steps >= 4:
        await end_older_keys(owner, kid)
    await require_believed_services(database, home)
    if then == "rotated again":
        assert await rotate_seal_keys(owner, home, secrets, keep_old=False) == 3
    else:
        write_seal_keys(home, secrets, await set_seal_keys(owner, secrets, known_kid(home)))
        assert known_kid(home) == 2
    await require_believed_services(database, home)
    await pass_time(owner, GRACE_SECONDS)
    await require_believed_services(database, home)


async def test_a_home_that_was_lost_finds_the_number_in_force(
    owner: asyncpg.Connection, database: TestDatabase, home: Home, tmp_path: Path
) -> None:
    secrets = database.servers.secrets
    await rotate_seal_keys(owner, home, secrets, keep_old=False)
    await pass_time(owner, GRACE_SECONDS)
    another = Home(tmp_path / "another")
    another.prepare()
    write_seal_keys(another, secrets, await set_seal_keys(owner, secrets, known_kid(another)))
    assert known_kid(another) == 2
    await require_believed_services(database, another)


async def test_keys_that_services_elsewhere_still_use_are_kept_until_they_are_ended(
    owner: asyncpg.Connection, database: TestDatabase, home: Home
) -> None:
    secrets = database.servers.secrets
    kid = await rotate_seal_keys(owner, home, secrets, keep_old=True)
    await pass_time(owner, 1000)
    assert await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", 1))
    await end_older_keys(owner, await require_keys(owner, secrets, known_kid(home)))
    await pass_time(owner, GRACE_SECONDS)
    assert not await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", 1))
    assert await believed(database, "dfworx_web", sealer_of(database, "dfworx_web", kid))


@pytest.mark.parametrize("known", [None, 1, 5])
async def test_nothing_is_ended_in_favour_of_a_key_that_the_database_does_not_take(
    owner: asyncpg.Connection, database: TestDatabase, known: int | None
) -> None:
    await owner.execute("update private.seal_keys set not_after = now() where login = 'dfworx_worker'")
    with pytest.raises(Failure, match=r"\./dfworx db migrate first"):
        await require_keys(owner, database.servers.secrets, known)


async def test_what_ended_long_ago_is_removed_and_its_number_does_not_come_back(
    owner: asyncpg.Connection, database: TestDatabase, home: Home
) -> None:
    secrets = database.servers.secrets
    for _ in range(2):
        await rotate_seal_keys(owner, home, secrets, keep_old=False)
    await remove_ended_keys(owner)
    assert await numbers(owner) == {1, 2, 3}
    await pass_time(owner, 2 * 24 * 3600)
    await remove_ended_keys(owner)
    assert await numbers(owner) == {3}
    assert await rotate_seal_keys(owner, home, secrets, keep_old=False) == 4

"""Old keys go in batches; young ones, and whatever else is in the table, are beyond the sweep's reach."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.worker.idempotency_sweep import sweep_idempotency_keys
from tests.conftest import MakePerson, Person, TestDatabase


async def keep_keys(owner: asyncpg.Connection, person: Person, number: int, age: str) -> None:
    await owner.execute(
        """
        insert into shared_services.idempotency_keys (organization_id, user_id, key_hash, fingerprint, created_at)
        select $1, $2, sha256(convert_to($4 || n, 'UTF8')), sha256('x'), now() - $4::text::interval
          from generate_series(1, $3) as n
        """,
        *(person.organization_id, person.user_id, number, age),
    )


async def test_a_day_old_keys_go_in_batches_and_younger_ones_stay(
    database: TestDatabase, owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    for person in (ann, eve):
        await keep_keys(owner, person, 5, "25 hours")
        await keep_keys(owner, person, 2, "23 hours")
    worker = Database(database.settings("dfworx_worker"))
    other = Database(database.settings("dfworx_worker"))
    swept = await asyncio.gather(*[sweep_idempotency_keys(each, 3) for each in (worker, other)])
    swept.append(await sweep_idempotency_keys(worker))
    assert sum(swept) == 10
    assert await owner.fetchval("select count(*) from shared_services.idempotency_keys") == 4
    for each in (worker, other):
        await each.close()


async def test_services_of_another_organization_or_role_are_refused_the_sweep(
    owner: asyncpg.Connection, database: TestDatabase, make_person: MakePerson
) -> None:
    await keep_keys(owner, await make_person(), 1, "25 hours")
    for role in ("dfworx_web", "dfworx_auth", "dfworx_admin"):
        connection = await asyncpg.connect(database.url(role))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select * from shared_services.sweep_idempotency_keys(10)")
        await connection.close()
    connection = await asyncpg.connect(database.url("dfworx_worker"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("select * from shared_services.idempotency_keys")
    await connection.close()

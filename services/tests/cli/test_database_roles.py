"""Role passwords, and the pads of seal keys, against a real server."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import asyncpg
import pytest

from dfworx.cli.database_roles import (
    hmac_pads,
    role_url,
    scram_verifier,
    set_role_passwords,
)
from dfworx.cli.home import Secrets

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

SECRETS = Secrets("a secret for addresses")


def test_a_roles_address_keeps_host_database_and_options() -> None:
    url = role_url(
        "postgresql://postgres:p%40ss@db.example.com:6543/app?sslmode=require", "dfworx_web", SECRETS
    )
    password = SECRETS.password("dfworx_web")
    assert url == f"postgresql://dfworx_web:{password}@db.example.com:6543/app?sslmode=require"


def test_a_poolers_project_stays_in_the_roles_name() -> None:
    url = role_url("postgresql://postgres.abcdef:x@pooler.example.com:5432/postgres", "dfworx_auth", SECRETS)
    assert url.startswith("postgresql://dfworx_auth.abcdef:")


@pytest.mark.parametrize("key", [b"k" * 32, b"short", b"0" * 64])
def test_the_pads_are_those_of_hmac(key: bytes) -> None:
    ipad, opad = hmac_pads(key)
    inner = hashlib.sha256(ipad + b"message").digest()
    assert hashlib.sha256(opad + inner).digest() == hmac.digest(key, b"message", "sha256")


async def test_a_password_set_by_its_verifier_opens_the_database(
    owner: asyncpg.Connection, database: TestDatabase
) -> None:
    role = "dfworx_worker"
    await owner.execute(f"alter role {role} password '{scram_verifier('another')}'")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database.url(role))
    changed = await set_role_passwords(owner, database.owner_url, database.servers.secrets)
    assert changed == [role]
    connection = await asyncpg.connect(database.url(role))
    assert await connection.fetchval("select session_user") == role
    await connection.close()
    assert await set_role_passwords(owner, database.owner_url, database.servers.secrets) == []

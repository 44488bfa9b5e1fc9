"""Passwords and settings of the database roles, brought in line with the install's secrets after migrating.

The owner can't read what is stored (no superuser, password hashes are hidden), so a password counts as right
when a login with it works. A statement carries a SCRAM verifier, never the password: servers log DDL.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from dfworx.cli.home import Secrets

SERVICE_ROLES = ("dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker")


# What each service's sessions begin with. A login may change its own settings for all its later sessions, injected
# SQL too, so they are set again at every migrate.
ROLE_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
    "search_path": "",
}


def role_url(owner_url: str, role: str, secrets: Secrets) -> str:
    """The URL with which a service's login role reaches the owner's database."""
    parts = urlsplit(owner_url)
    owner = unquote(parts.username or "")
    # A Supabase pooler tells projects apart by the user's name: postgres.PROJECT, so dfworx_web.PROJECT.
    project = f".{owner.split('.', 1)[1]}" if "." in owner else ""
    address = parts.netloc.rsplit("@", 1)[-1]
    login = f"{quote(role + project)}:{quote(secrets.password(role))}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))


async def set_role_passwords(owner: asyncpg.Connection, owner_url: str, secrets: Secrets) -> list[str]:
    """Give each service role its password where a login with it fails; returns the roles that were changed."""
    changed = []
    for role in SERVICE_ROLES:
        if not await _can_log_in(role_url(owner_url, role, secrets)):
            await owner.execute(f"alter role {role} password '{scram_verifier(secrets.password(role))}'")
            changed.append(role)
    return changed


async def set_role_settings(owner: asyncpg.Connection) -> None:
    """Bring back each service role's settings, and forget all others it may have been given."""
    database = await owner.fetchval("select quote_ident(current_database())")
    async with owner.transaction():
        for role in SERVICE_ROLES:
            await owner.execute(f"alter role {role} in database {database} reset all")
            await owner.execute(f"alter role {role} reset all")
            for name, value in ROLE_SETTINGS.items():
                await owner.execute(f"alter role {role} set {name} = '{value}'")


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """The two padded keys of RFC 2104, section 2, for SHA-256: the database then needs plain hashing only."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def scram_verifier(password: str, salt: bytes | None = None, iterations: int = 4096) -> str:
    """What PostgreSQL stores for a password: RFC 5803, as its documentation of pg_authid tells. ASCII only."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${iterations}:{encoded[0]}${encoded[1]}:{encoded[2]}"


async def _can_log_in(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InternalServerError):
        # Poolers answer a wrong password with a code of their own.
        return False
    await connection.close()
    return True

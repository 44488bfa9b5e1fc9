"""The keys that services seal their database context with: which number is in force, what the database knows of it,
and the file by which each service is told.

A rotation is four steps: the database learns the next keys, the services are told, the older keys get an end, and
what ended long ago is removed. What must stay true between any two of them, for a command may be killed there: every
key that a file names is one that the database takes. Keys are derived, so whoever comes next can write any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from dfworx.cli.database_roles import SERVICE_ROLES, hmac_pads
from dfworx.cli.failure import Failure
from dfworx.cli.home import SEAL_KID, Home, Secrets, write_private
from dfworx.shared.context import LIFETIME_SECONDS
from dfworx.shared.settings import REREAD_SECONDS, parse_seal_key

GRACE_SECONDS = int(LIFETIME_SECONDS + REREAD_SECONDS) + 4
"""How long an older key still holds: its services have a second to read the new one, what they sealed until then lives
30, and the rest is for a machine that is slow."""
_REMOVED_AFTER = "1 day"


@dataclass(frozen=True)
class StoredKey:
    """What the database holds of one login's key."""

    kid: int
    ours: bool
    """Derived from this install's secret."""
    has_end: bool


async def set_seal_keys(owner: asyncpg.Connection, secrets: Secrets, known: int | None) -> int:
    """Make the database take the keys in force, and say their number; `known` is the one this home remembers."""
    kid = choose_kid(await _stored_keys(owner, secrets), known)
    await _insert_keys(owner, secrets, kid)
    return kid


def choose_kid(stored: Iterable[StoredKey], known: int | None) -> int:
    """The newest number whose keys hold, be it the home's or the database's: another machine may have rotated, or an
    earlier database may be back. A number that was ended never comes back."""
    keys = list(stored)
    ended = {key.kid for key in keys if key.has_end}
    foreign = {key.kid for key in keys if not key.ours}
    newest = max((key.kid for key in keys if key.kid not in ended | foreign), default=0)
    if known is not None and known > newest and known not in ended:
        return known
    return newest or max((key.kid for key in keys), default=SEAL_KID - 1) + 1


async def rotate_seal_keys(owner: asyncpg.Connection, home: Home, secrets: Secrets, *, keep_old: bool) -> int:
    """The whole rotation; returns the new number. `keep_old` leaves the older keys to `end_older_keys`."""
    kid = await add_next_keys(owner, secrets, known_kid(home))
    write_seal_keys(home, secrets, kid)
    if not keep_old:
        await end_older_keys(owner, kid)
    await remove_ended_keys(owner)
    return kid


async def add_next_keys(owner: asyncpg.Connection, secrets: Secrets, known: int | None) -> int:
    """Keys that nobody uses yet, of a number that was never used."""
    stored = await _stored_keys(owner, secrets)
    kid = max([key.kid for key in stored] + [known or 0]) + 1
    await _insert_keys(owner, secrets, kid)
    return kid


async def end_older_keys(owner: asyncpg.Connection, kid: int) -> None:
    """Call it when the services have been told of `kid`. An end that is set already is not moved."""
    await owner.execute(
        """
        update private.seal_keys set not_after = now() + make_interval(secs => $3)
        where login = any($1) and kid < $2 and not_after is null
        """,
        list(SERVICE_ROLES),
        kid,
        GRACE_SECONDS,
    )


async def remove_ended_keys(owner: asyncpg.Connection) -> None:
    await owner.execute(
        f"delete from private.seal_keys where not_after < now() - interval '{_REMOVED_AFTER}'"  # noqa: S608
    )


async def require_keys(owner: asyncpg.Connection, secrets: Secrets, kid: int | None) -> int:
    """The number, if every service can seal with it; else nothing may be ended in its favour."""
    stored = [
        key for key in await _stored_keys(owner, secrets) if key.kid == kid and key.ours and not key.has_end
    ]
    if kid is None or len(stored) < len(SERVICE_ROLES):
        raise Failure(
            "This home and its database don't agree on the seal keys in force; run ./dfworx db migrate first."
        )
    return kid


# What services are told -----------------------------------------------------------------------------------------


def write_seal_keys(home: Home, secrets: Secrets, kid: int) -> None:
    """One file a service; one that says the same already is left as it is."""
    home.seal_keys.mkdir(mode=0o700, exist_ok=True)
    for role in SERVICE_ROLES:
        file, text = home.seal_keys / role, f"{kid}:{secrets.seal_key(role, kid).hex()}\n"
        if not file.exists() or file.read_text() != text:
            write_private(file, text)


def known_kid(home: Home) -> int | None:
    """The number that this home's services are told; the newest, should a rotation have been killed among them."""
    found = []
    for role in SERVICE_ROLES:
        try:
            found.append(parse_seal_key((home.seal_keys / role).read_text())[0])
        except (OSError, ValueError):
            continue
    return max(found, default=None)


def told_by_environment(secrets: Secrets, kid: int) -> list[str]:
    """For services that run elsewhere and have no file of this home: what to set for each."""
    return [
        f"{role}: DFWORX_SEAL_KID={kid} DFWORX_SEAL_KEY={secrets.seal_key(role, kid).hex()}"
        for role in SERVICE_ROLES
    ]


# What the database holds ----------------------------------------------------------------------------------------


async def _stored_keys(owner: asyncpg.Connection, secrets: Secrets) -> list[StoredKey]:
    rows = await owner.fetch(
        "select login, kid, ipad, opad, not_after from private.seal_keys where login = any($1)",
        list(SERVICE_ROLES),
    )
    return [
        StoredKey(
            kid=row["kid"],
            ours=(row["ipad"], row["opad"]) == hmac_pads(secrets.seal_key(row["login"], row["kid"])),
            has_end=row["not_after"] is not None,
        )
        for row in rows
    ]


async def _insert_keys(owner: asyncpg.Connection, secrets: Secrets, kid: int) -> None:
    """All or none; a key that is there with other bytes, of an earlier secret, is replaced."""
    keys = [(role, kid, *hmac_pads(secrets.seal_key(role, kid))) for role in SERVICE_ROLES]
    async with owner.transaction():
        await owner.executemany(
            """
            insert into private.seal_keys as known (login, kid, ipad, opad) values ($1, $2, $3, $4)
            on conflict (login, kid) do update set ipad = excluded.ipad, opad = excluded.opad
            where (known.ipad, known.opad) is distinct from (excluded.ipad, excluded.opad)
            """,
            keys,
        )

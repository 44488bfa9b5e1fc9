"""Where the attack takes place: a clone on our own throwaway server, or the operator's database, lent for a module
and given back. Everything but who is superuser is the same."""

from __future__ import annotations

import asyncio
import itertools
import secrets as random_secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from dfworx.cli.borrowed_database import borrowed
from dfworx.cli.home import Home, Secrets
from dfworx.cli.parts.postgres import OWNER
from tests.conftest import TEMPLATE, Servers, TestDatabase

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Ground(TestDatabase):
    """A database to attack, and who else may be asked to look at it."""

    lent: str | None = None
    """The owner's URL of a database that isn't our own server's."""

    @property
    def owner_url(self) -> str:
        return self.lent or super().owner_url

    @property
    def superuser_url(self) -> str | None:
        """None where nobody told us one."""
        return None if self.lent else self.servers.cluster.url(database=self.name)


@contextmanager
def lent(servers: Servers, url: str, folder: Path) -> Iterator[Ground]:
    """With secrets of this run alone: its roles' passwords are on the operator's server."""
    strange = replace(servers, secrets=Secrets(random_secrets.token_urlsafe(32)))
    home = Home(folder / "home")
    home.prepare()
    with borrowed(url, strange.secrets, home):
        yield Ground(strange, "", url)


@contextmanager
def cloned(servers: Servers) -> Iterator[Ground]:
    name = f"walls_{next(_numbers)}"
    asyncio.run(
        _as_superuser(
            servers,
            f'create database "{name}" template {TEMPLATE} owner {OWNER}',
            f'revoke temporary, create on database "{name}" from public',
        )
    )
    yield Ground(servers, name)
    asyncio.run(_as_superuser(servers, f'drop database "{name}" with (force)'))


async def _as_superuser(servers: Servers, *statements: str) -> None:
    superuser = await asyncpg.connect(servers.cluster.url(database="postgres"))
    try:
        for statement in statements:
            await superuser.execute(statement)
    finally:
        await superuser.close()

"""Two organizations side by side in one database, every table of it filled for both, and the ways to stand in it:
as the owner, who sees everything, and as each service's login with a true seal of somebody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from dfworx.cli.database_roles import SERVICE_ROLES
from dfworx.shared.context import Caller, Role, Sealer
from tests.walls.attacker import Attacker, Secret
from tests.walls.catalog import Catalog, read_catalog
from tests.walls.filling import FOREIGN, OURS, Organization, rows
from tests.walls.ledger import Ledger

if TYPE_CHECKING:
    from tests.walls.ground import Ground

LOGINS = SERVICE_ROLES
_SESSION = UUID(int=1)
NO_XML = "this server was built without XML; Debian's PostgreSQL shows it"


@dataclass(frozen=True)
class Arena:
    database: Ground
    catalog: Catalog

    @classmethod
    async def build(cls, database: Ground) -> Arena:
        owner = await asyncpg.connect(database.owner_url)
        try:
            async with owner.transaction():
                for organization in (OURS, FOREIGN):
                    await fill(owner, organization)
            await owner.execute("analyze")
        finally:
            await owner.close()
        return await cls.look(database)

    @classmethod
    async def look(cls, database: Ground) -> Arena:
        """As the catalog is now: some controls change it."""
        owner = await asyncpg.connect(database.owner_url)
        try:
            return cls(database, await read_catalog(owner, (*LOGINS, "authenticated", "anon")))
        finally:
            await owner.close()

    @property
    def secret(self) -> Secret:
        """Each seal key, bare and as RFC 2104 pads it, which is how the database keeps it."""
        keys = [self.database.servers.secrets.seal_key(login) for login in LOGINS]
        pads = [bytes(byte ^ pad for byte in key) for key in keys for pad in (0x36, 0x5C)]
        return Secret(frozenset(each.hex() for each in (*keys, *pads)))

    def sealer(self, login: str) -> Sealer:
        """As a fresh database knows it: key number 1."""
        return Sealer(1, self.database.servers.secrets.seal_key(login))

    def seal(self, login: str, organization: Organization, role: Role = "admin") -> str:
        caller = Caller(organization.person(role), organization.organization_id, role, _SESSION)
        return self.sealer(login).seal(caller)

    async def knows_xml(self) -> bool:
        async with self.ledger() as ledger:
            try:
                await ledger.owner.fetchval("select query_to_xml('select 1', true, true, '')")
            except asyncpg.FeatureNotSupportedError:
                return False
        return True

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        owner = await asyncpg.connect(self.database.owner_url)
        try:
            yield await Ledger.open(owner, self.catalog)
        finally:
            await owner.close()

    @asynccontextmanager
    async def attacker(
        self, login: str, organization: Organization = OURS, role: Role = "admin"
    ) -> AsyncIterator[Attacker]:
        # Without asyncpg's own prepared statements: attempts throw away all that a connection has.
        connection = await asyncpg.connect(self.database.url(login), statement_cache_size=0)
        try:
            yield Attacker(
                connection,
                login,
                lambda: self.seal(login, organization, role),
                (str(organization.organization_id), str(organization.person(role)), role),
                self.secret,
            )
        finally:
            await connection.close()


async def fill(owner: asyncpg.Connection, organization: Organization) -> None:
    for table, values in rows(organization):
        columns = ", ".join(f'"{name}"' for name in values)
        await owner.execute(
            f"insert into {table} ({columns})"
            f" select {columns} from jsonb_populate_record(null::{table}, $1::text::jsonb)"
            + (" on conflict do nothing" if table == "app_web.profiles" else ""),
            json.dumps(values),
        )

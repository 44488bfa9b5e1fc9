"""The owner's eyes on the attacked database: what the foreign organization's rows and the catalog look like, as
checksums that can be compared, and a way back to how everything was. The owner sees all rows, so what these
checksums say doesn't depend on any wall."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from tests.walls.catalog import Catalog, Relation
from tests.walls.filling import FOREIGN

State = Mapping[str, str | None]

# Every fact that makes somebody more powerful than before. A login's own settings aren't among them (decision:
# row-level-security): each login may change those, and `dfworx db migrate` sets them again.
_POWER = {
    "roles": "select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,"
    " rolbypassrls, rolconnlimit, rolvaliduntil from pg_roles where rolname !~ '^pg_'",
    "memberships": "select roleid::regrole, member::regrole, admin_option from pg_auth_members",
    "databases": "select datname, datdba::regrole, datacl from pg_database where datname = current_database()",
    "schemas": "select nspname, nspowner::regrole, nspacl from pg_namespace where nspname !~ '^pg_(toast_)?temp_'",
    "relations": "select oid::regclass, relowner::regrole, relacl, relkind, relrowsecurity, relforcerowsecurity,"
    " reloptions, relhasrules, relhastriggers from pg_class where relnamespace <> 'pg_toast'::regnamespace",
    "columns": "select attrelid::regclass, attname, atttypid::regtype, attnotnull, attacl from pg_attribute"
    " where attnum > 0 and attrelid >= 16384 and attrelid::regclass::text !~ '^pg_toast'",
    "functions": "select oid::regprocedure, proowner::regrole, proacl, prosecdef, provolatile, proconfig,"
    " md5(prosrc) from pg_proc",
    "policies": "select polrelid::regclass, polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),"
    " pg_get_expr(polwithcheck, polrelid) from pg_policy",
    "triggers": "select tgrelid::regclass, tgname, tgenabled, tgfoid::regprocedure from pg_trigger"
    " where not tgisinternal",
    "rules": "select ev_class::regclass, rulename, pg_get_ruledef(oid) from pg_rewrite where ev_class >= 16384",
    "constraints": "select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace <> 'information_schema'::regnamespace",
    "types": "select oid::regtype, typowner::regrole, typacl from pg_type where oid >= 16384 and typtype <> 'c'",
    "casts and operators": "select (select count(*) from pg_cast), (select count(*) from pg_operator),"
    " (select count(*) from pg_aggregate), (select count(*) from pg_collation), (select count(*) from pg_language)",
    "extensions": "select extname, extowner::regrole from pg_extension",
    "foreign servers": "select (select count(*) from pg_foreign_server), (select count(*) from"
    " pg_foreign_data_wrapper),"
    " (select count(*) from pg_user_mappings)",
    "publications": "select pubname, pubowner::regrole, puballtables from pg_publication",
    "event triggers": "select evtname, evtenabled from pg_event_trigger",
    # A login may say what its own future objects shall be like. It can make none.
    "defaults": "select defaclrole::regrole, defaclnamespace, defaclobjtype, defaclacl from pg_default_acl"
    " where defaclrole::regrole::text not in ('dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker')",
    "descriptions": "select objoid, classoid, description from pg_description where objoid >= 16384",
}


def checksum(query: str) -> str:
    return f"(select md5(string_agg(x::text, E'\\n' order by x::text)) from ({query}) x)"


class Ledger:
    """Holds a connection of the owner's, and what it saw at the beginning."""

    def __init__(self, owner: asyncpg.Connection, catalog: Catalog) -> None:
        self.owner = owner
        self._tables = [each for each in catalog.relations if each.is_table and not _is_aside(each)]
        self._foreign = "select " + ", ".join(
            f'{checksum(f"select * from {each.name} where {_is_foreign(each)}")} as "{each.name.replace(chr(34), "")}"'
            for each in self._tables
        )
        self._power = "select " + ", ".join(
            f'{checksum(query)} as "{name}"' for name, query in _POWER.items()
        )
        self._snapshot: dict[str, str] = {}
        self._order: list[str] = []
        self._stored: dict[str, list[str]] = {
            each.name: [f'"{column.name}"' for column in each.columns] for each in self._tables
        }
        self.rows: State = {}
        self.power: State = {}

    @classmethod
    async def open(cls, owner: asyncpg.Connection, catalog: Catalog) -> Ledger:
        ledger = cls(owner, catalog)
        await ledger.remember()
        return ledger

    async def remember(self) -> None:
        """What is there now counts as untouched from here on."""
        self._order = await self._by_foreign_keys()
        for name in self._order:
            self._snapshot[name] = await self.owner.fetchval(
                f"select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from {name} t"
            )
        self.rows, self.power = await self.foreign_rows(), await self.powers()

    async def foreign_rows(self) -> State:
        return dict((await self.owner.fetchrow(self._foreign)) or {})

    async def powers(self) -> State:
        return dict((await self.owner.fetchrow(self._power)) or {})

    async def written(self) -> list[str]:
        """Tables whose foreign rows aren't what they were."""
        now = await self.foreign_rows()
        return [name for name in self.rows if now[name] != self.rows[name]]

    async def gained(self) -> list[str]:
        """Facts of the catalog about who may do what that aren't what they were."""
        now = await self.powers()
        return [name for name in self.power if now[name] != self.power[name]]

    async def restore(self) -> None:
        """Every row of every table as it was remembered, without the triggers that would tell of it."""
        async with self.owner.transaction():
            for name in self._order:
                await self.owner.execute(f"alter table {name} disable trigger user")
            for name in reversed(self._order):
                await self.owner.execute(f"delete from {name}")
            for name in self._order:
                await self._bring_back(name)
            for name in self._order:
                await self.owner.execute(f"alter table {name} enable trigger user")

    async def _bring_back(self, name: str) -> None:
        generated = await self.owner.fetch(
            "select attname::text from pg_attribute where attrelid = $1::text::regclass and attgenerated <> ''",
            name,
        )
        computed = {f'"{row[0]}"' for row in generated}
        columns = ", ".join(each for each in self._stored[name] if each not in computed)
        await self.owner.execute(
            f"insert into {name} ({columns}) overriding system value select {columns}"
            f" from jsonb_populate_recordset(null::{name}, $1::text::jsonb) on conflict do nothing",
            self._snapshot[name],
        )

    async def _by_foreign_keys(self) -> list[str]:
        """Tables after those that they refer to."""
        pairs = await self.owner.fetch(
            "select conrelid::regclass::oid as from_id, confrelid::regclass::oid as to_id from pg_constraint"
            " where contype = 'f' and conrelid <> confrelid"
        )
        ids = {
            each.name: await self.owner.fetchval("select $1::text::regclass::oid", each.name)
            for each in self._tables
        }
        needs = {
            name: {other for other, oid in ids.items() for pair in pairs
                   if pair["from_id"] == own and pair["to_id"] == oid}
            for name, own in ids.items()
        }  # fmt: skip
        order: list[str] = []
        while len(order) < len(needs):
            ready = [name for name in needs if name not in order and needs[name] <= set(order)]
            assert ready, "foreign keys go round in a circle"
            order += ready
        return order


def _is_aside(relation: Relation) -> bool:
    """Tables of others: what the migration tool notes, and what a Supabase project brings."""
    return relation.name.startswith(("supabase_migrations.", "auth."))


def _is_foreign(relation: Relation) -> str:
    if relation.has("organization_id"):
        return f"organization_id = '{FOREIGN.organization_id}'"
    if relation.has("identity_id"):
        # By id: anybody may register with an address that looks like one of theirs.
        return f"identity_id::text ~ '^{FOREIGN.mark}'"
    return "true"

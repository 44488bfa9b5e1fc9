"""What an attacker can name, read from the server's own catalog: relations with their columns, functions with their
arguments, roles. Nothing is listed by hand, so that what is added later is attacked too."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

# The job library's schema belongs to the worker alone, wholly: a rule of rules.py, and tests/worker/test_jobs_wall.py
# tries every door of it as every other login.
_OURS = "nspname !~ '^pg_' and nspname not in ('information_schema', 'jobs')"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    generated: bool
    """Computed or numbered by the server: nothing can be inserted."""
    readable: frozenset[str]
    """Which roles have SELECT on it; the next two for INSERT and UPDATE."""
    insertable: frozenset[str]
    updatable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Relation:
    name: str
    """Quoted and with its schema, as SQL takes it."""
    kind: str
    """pg_class.relkind: r table, v view, m materialized view, p partitioned."""
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The primary key's columns."""

    @property
    def is_table(self) -> bool:
        return self.kind in "rp"

    def has(self, column: str) -> bool:
        return any(each.name == column for each in self.columns)

    def readable_by(self, role: str) -> list[str]:
        return [each.name for each in self.columns if role in each.readable]

    def insertable_by(self, role: str) -> list[str]:
        return [each.name for each in self.columns if role in each.insertable]

    def updatable_by(self, role: str) -> list[str]:
        return [each.name for each in self.columns if role in each.updatable]

    def of_type(self, *types: str) -> list[str]:
        return [each.name for each in self.columns if each.type in types]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    argument_names: tuple[str, ...]
    argument_types: tuple[str, ...]
    returns: str
    definer: bool
    callers: frozenset[str]
    """Which of the given roles may execute it."""


@dataclass(frozen=True)
class Catalog:
    version: int
    """server_version_num"""
    relations: tuple[Relation, ...]
    functions: tuple[Function, ...]
    sequences: tuple[str, ...]
    roles: tuple[str, ...]
    schemas: tuple[str, ...]

    def relation(self, name: str) -> Relation:
        return next(each for each in self.relations if each.name == name)


async def read_catalog(owner: asyncpg.Connection, logins: tuple[str, ...]) -> Catalog:
    relations = await owner.fetch(
        f"""
        select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind::text as kind,
               coalesce((select array_agg(a.attname::text order by k.place)
                           from pg_index i cross join unnest(i.indkey::int[]) with ordinality k (attnum, place)
                           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                          where i.indrelid = c.oid and i.indisprimary), '{{}}') as key
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f') and {_OURS} order by 2
        """
    )
    columns = await owner.fetch(
        f"""
        select a.attrelid, a.attname::text as name, format_type(a.atttypid, null) as type,
               a.attidentity <> '' or a.attgenerated <> '' as generated,
               array(select l from unnest($1::text[]) l
                      where has_column_privilege(l, a.attrelid, a.attnum, 'select')) as readable,
               array(select l from unnest($1::text[]) l
                      where has_column_privilege(l, a.attrelid, a.attnum, 'insert')) as insertable,
               array(select l from unnest($1::text[]) l
                      where has_column_privilege(l, a.attrelid, a.attnum, 'update')) as updatable
          from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and {_OURS}
         order by a.attrelid, a.attnum
        """,
        list(logins),
    )
    functions = await owner.fetch(
        f"""
        select format('%I.%I', n.nspname, p.proname) as name, coalesce(p.proargnames, '{{}}') as names,
               array(select format_type(t, null) from unnest(p.proargtypes::oid[]) t) as types,
               format_type(p.prorettype, null) as returns, p.prosecdef,
               array(select l from unnest($1::text[]) l where has_function_privilege(l, p.oid, 'execute')
                        and has_schema_privilege(l, n.oid, 'usage')) as callers
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where {_OURS} and p.prokind in ('f', 'p') and p.prorettype <> 'trigger'::regtype order by 1, 3
        """,
        list(logins),
    )
    by_relation: dict[int, list[Column]] = {}
    for row in columns:
        allowed = (frozenset(row[right]) for right in ("readable", "insertable", "updatable"))
        column = Column(row["name"], row["type"], row["generated"], *allowed)
        by_relation.setdefault(row["attrelid"], []).append(column)
    return Catalog(
        version=int(await owner.fetchval("show server_version_num")),
        relations=tuple(
            Relation(row["name"], row["kind"], tuple(by_relation.get(row["oid"], [])), tuple(row["key"]))
            for row in relations
        ),
        functions=tuple(
            Function(
                row["name"],
                tuple(row["names"][: len(row["types"])]),
                tuple(row["types"]),
                row["returns"],
                row["prosecdef"],
                frozenset(row["callers"]),
            )
            for row in functions
        ),
        sequences=tuple(
            row["name"]
            for row in await owner.fetch(
                "select format('%I.%I', n.nspname, c.relname) as name from pg_class c"
                f" join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and {_OURS}"
            )
        ),
        roles=tuple(row[0] for row in await owner.fetch("select rolname::text from pg_roles order by 1")),
        schemas=tuple(
            row[0]
            for row in await owner.fetch(f"select nspname::text from pg_namespace where {_OURS} order by 1")
        ),
    )

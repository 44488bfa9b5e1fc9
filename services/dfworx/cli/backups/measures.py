"""What a database holds, in numbers that can be compared: rows and a digest of each table, and a digest of each kind of
wall (policies, grants, functions and so on). Taken in the backup's own snapshot, and again after restoring.

A table's digest is the sum of its rows' digests, so the order of rows doesn't matter and memory doesn't grow with them.
"""

from __future__ import annotations

from typing import Any

import asyncpg

# So that a value has one text, whoever asks.
_SETTINGS = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "",
    "row_security": "off",
    "statement_timeout": "0",
}

# Words that the queries below share. Schemas of the server itself are not ours.
_SHARED = {
    "{ours}": "n.nspname !~ '^pg_(catalog|toast|temp)' and n.nspname <> 'information_schema'",
    "{relation}": "pg_class c join pg_namespace n on n.oid = c.relnamespace",
    "{right}": "concat_ws('|', g.privilege_type, g.is_grantable, g.grantor::regrole, nullif(g.grantee, 0)::regrole)",
}

_TABLES = """
    select format('%I.%I', n.nspname, c.relname) from {relation} where c.relkind = 'r' and {ours} order by 1
"""

_ROWS = """
    select count(*) as rows,
           coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint),
                    0)::text as digest
      from {table} t
"""

# A line for each thing that there is.
_WALLS = {
    "policies": """
        select concat_ws('|', c.oid::regclass, p.polname, p.polpermissive, p.polcmd,
                         (select string_agg(coalesce(nullif(r, 0)::regrole::text, ''), ',' order by r::regrole::text)
                            from unnest(p.polroles) r),
                         pg_get_expr(p.polqual, p.polrelid), '|', pg_get_expr(p.polwithcheck, p.polrelid))
          from pg_policy p join ({relation}) on c.oid = p.polrelid where {ours}
    """,
    "row security": """
        select concat_ws('|', c.oid::regclass, c.relkind, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity,
                         c.reloptions)
          from {relation} where c.relkind in ('r', 'v', 'm', 'p', 'S') and {ours}
    """,
    "grants": """
        select concat_ws('|', 'relation', c.oid::regclass, {right})
          from {relation},
               aclexplode(coalesce(c.relacl, acldefault((case c.relkind when 'S' then 's' else 'r' end)::"char",
                                                        c.relowner))) g
         where c.relkind in ('r', 'v', 'm', 'p', 'S') and {ours}
        union all
        select concat_ws('|', 'column', c.oid::regclass, a.attname, {right})
          from pg_attribute a join ({relation}) on c.oid = a.attrelid, aclexplode(a.attacl) g where {ours}
        union all
        select concat_ws('|', 'function', p.oid::regprocedure, {right})
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
               aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
         where {ours}
        union all
        select concat_ws('|', 'schema', n.nspname, n.nspowner::regrole, {right})
          from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g where {ours}
        union all
        select concat_ws('|', 'database', d.datdba::regrole, {right})
          from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
         where d.datname = current_database()
        union all
        select concat_ws('|', 'default', d.defaclrole::regrole, d.defaclnamespace::regnamespace, d.defaclobjtype,
                         {right})
          from pg_default_acl d, aclexplode(d.defaclacl) g
    """,
    "functions": """
        select concat_ws('|', pg_get_functiondef(p.oid), p.proowner::regrole)
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prokind in ('f', 'p', 'w') and {ours}
    """,
    "triggers": """
        select concat_ws('|', pg_get_triggerdef(t.oid), t.tgenabled)
          from pg_trigger t join ({relation}) on c.oid = t.tgrelid where not t.tgisinternal and {ours}
    """,
    "constraints": """
        select concat_ws('|', n.nspname, k.conrelid::regclass, k.conname, k.convalidated, pg_get_constraintdef(k.oid))
          from pg_constraint k join pg_namespace n on n.oid = k.connamespace where {ours}
    """,
    "indexes": """
        select concat_ws('|', pg_get_indexdef(i.indexrelid), i.indisvalid)
          from pg_index i join ({relation}) on c.oid = i.indrelid where {ours}
    """,
    "columns": """
        select concat_ws('|', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                         a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
          from pg_attribute a join ({relation}) on c.oid = a.attrelid
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm', 'p') and {ours}
    """,
    "roles": """
        select concat_ws('|', r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
                         r.rolreplication, r.rolbypassrls, r.rolconnlimit,
                         (select string_agg(concat(g.rolname, m.admin_option), ',' order by g.rolname)
                            from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid),
                         (select string_agg(array_to_string(s.setconfig, ';'), ',' order by s.setdatabase)
                            from pg_db_role_setting s where s.setrole = r.oid))
          from pg_roles r where r.rolname !~ '^pg_'
    """,
}

# Without parentheses: PostgreSQL writes `a and (b and c)` as `a and b and c` once it has read its own words again.
_DIGEST = """
    select count(*) as count,
           encode(sha256(convert_to(coalesce(string_agg(line, chr(10) order by line collate "C"), ''), 'UTF8')), 'hex')
             as digest
      from (select translate(line, '()', '') from ({lines}) as written(line)) as lines(line)
"""


async def take_measures(connection: asyncpg.Connection) -> dict[str, Any]:
    """Of the database as the connection's transaction sees it. The connection's settings are changed for that while."""
    for name, value in _SETTINGS.items():
        await connection.execute("select set_config($1, $2, true)", name, value)
    tables = {}
    for (name,) in await connection.fetch(_complete(_TABLES)):
        [measured] = await connection.fetch(_ROWS.format(table=name))
        tables[name] = dict(measured)
    walls = {}
    for kind, lines in _WALLS.items():
        [measured] = await connection.fetch(_DIGEST.format(lines=_complete(lines)))
        walls[kind] = dict(measured)
    return {"tables": tables, "walls": walls}


def differences(saved: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is not as it was saved, by name."""
    told = []
    for kind in ("tables", "walls"):
        for name in sorted({*saved[kind], *found[kind]}):
            if saved[kind].get(name) != found[kind].get(name):
                told.append(name)
    return told


def _complete(query: str) -> str:
    for word, meaning in _SHARED.items():
        query = query.replace(word, meaning)
    return query

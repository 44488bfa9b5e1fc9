"""Statements that would make a service more than it is: another role's rights, objects of its own, a wall moved,
a file or a key read. All of them are to be refused. Words in angle brackets are filled in with all that there is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.walls.arena import LOGINS
from tests.walls.attacker import LESSER, Attempt, sql
from tests.walls.catalog import Catalog

By = Literal["owner", "superuser", "member"]


@dataclass(frozen=True)
class Climb:
    name: str
    statements: tuple[str, ...]
    vectors: tuple[int, ...]
    by: By = "owner"
    """Who can do it, for the control: the owner of the tables, a superuser, or a login that was made a member."""
    refused: bool = True
    """False for what may pass without an error, as long as nothing has changed by it."""
    outside: bool = False
    since: int = 150_000

    @property
    def needs_xml(self) -> bool:
        return all("_to_xml" in statement for statement in self.statements)

    def attempts(self, catalog: Catalog, login: str) -> Iterator[Attempt]:
        if catalog.version < self.since:
            return
        words = {
            "login": [login],
            "role": [each for each in catalog.roles if each not in (login, *LESSER)],
            "service": [each for each in LOGINS if each != login],
            "table": [each.name for each in catalog.relations if each.is_table],
            "view": [each.name for each in catalog.relations if each.kind == "v"],
            "schema": list(catalog.schemas),
            "sequence": list(catalog.sequences),
            "function": [f"{each.name}({', '.join(each.argument_types)})" for each in catalog.functions],
        }
        for statement in self.statements:
            used = [name for name in words if f"<{name}>" in statement]
            for values in itertools.product(*(words[name] for name in used)):
                text = statement
                for name, value in zip(used, values, strict=True):
                    text = text.replace(f"<{name}>", value)
                yield sql(text, outside=self.outside)


ROLES = (
    Climb("another role", ("set role \"<role>\"", "set local role \"<role>\"", "set session role \"<role>\"",
                           "select set_config('role', '<role>', true)", "select set_config('role', '<role>', false)",
                           "do $$ begin set local role \"<role>\"; end $$",
                           "do $$ begin perform set_config('role', '<role>', true); end $$"), (4, 5), "member"),
    Climb("another role under XML", ("select set_config('role', '<role>', true),"
                                     " query_to_xml('select 1', true, true, '')",), (4,), "member"),
    Climb("another session", ("set session authorization \"<role>\"", "set local session authorization \"<role>\"",
                              "select set_config('session_authorization', '<role>', true)"), (5,), "superuser"),
    Climb("membership", ("grant \"<role>\" to \"<login>\"", "grant \"<login>\" to \"<role>\"",
                         "alter group \"<role>\" add user \"<login>\""), (5,)),
    Climb("attributes", tuple(f"alter role \"<login>\" {each}" for each in
                              ("superuser", "createrole", "createdb", "bypassrls", "replication",
                                  "connection limit 999",
                               "valid until '2000-01-01'", "noinherit", "nologin")), (5,), "superuser"),
    Climb("other roles", ("alter role \"<service>\" password 'x'", "alter role \"<service>\" nologin",
                          "alter role \"<service>\" rename to mine", "alter role \"<service>\" set search_path = mine",
                          "create role mine", "create role mine in role \"<service>\"", "drop role \"<service>\"",
                          "drop owned by \"<service>\"", "reassign owned by \"<service>\" to \"<login>\""), (5,)),
    Climb("what it owns", ("drop owned by \"<login>\"", "drop owned by current_user cascade"), (5,), "owner",
          refused=False),
    Climb("back to the role it came as", ("reset role", "set role none", "reset session authorization"), (5,), "owner",
          refused=False),
)  # fmt: skip

OBJECTS = (
    Climb("a table", ("create table <schema>.mine (a int)", "create unlogged table <schema>.mine (a int)",
                      "create table <schema>.mine as select 1", "select 1 as a into <schema>.mine"), (11, 13)),
    Climb("a temporary table", ("create temp table mine (a int)", "create temp table posts as select 1",
                                "create temporary view mine as select 1", "create temp sequence mine",
                                "select 1 as a into temp mine"), (12, 14)),
    Climb("a view", ("create view <schema>.mine as select 1", "create or replace view <view> as select 1",
                     "create materialized view <schema>.mine as select 1"), (15,)),
    Climb("a function", ("create function <schema>.mine() returns int language sql as 'select 1'",
                         "create procedure <schema>.mine() language sql as 'select 1'",
                         "create function pg_temp.mine() returns int language sql as 'select 1'",
                         "create aggregate <schema>.mine(int) (sfunc = int4pl, stype = int)"), (12, 13)),
    Climb("an operator", ("create operator <schema>.= (function = int4eq, leftarg = int, rightarg = int)",
                          "create cast (text as integer) with inout as implicit",
                          "create type <schema>.mine as (a int)", "create domain <schema>.mine as text",
                          "create collation <schema>.mine from \"C\""), (13,)),
    Climb("a schema", ("create schema mine", "create schema authorization \"<login>\"", "drop schema <schema> cascade",
                       "alter schema <schema> owner to \"<login>\"", "alter schema <schema> rename to mine"), (13,)),
    Climb("a trigger", ("create trigger mine before insert on <table> for each row execute function app.audit()",
                        "alter table <table> disable trigger all", "alter table <table> enable trigger all"), (11,)),
    Climb("a rule", ("create rule mine as on insert to <table> do nothing",), (11,)),
    Climb("an index", ("create index on <table> ((1))", "create statistics mine on ctid, tableoid from <table>"), (7,)),
    Climb("a large machine", ("create publication mine for table <table>", "create publication mine for all tables",
                              "create event trigger mine on ddl_command_start execute function app.audit()",
                              "create extension dblink", "create extension postgres_fdw", "create extension file_fdw",
                              "create extension pg_stat_statements", "create foreign data wrapper mine",
                              "create server mine foreign data wrapper mine",
                              "create language mine handler plpgsql_call_handler"), (32,), "superuser"),
    Climb("a subscription", ("create subscription mine connection 'host=localhost' publication x with"
        " (connect = false)",),
          (32,), "superuser", outside=True),
    Climb("a database", ("create database mine", "alter system set log_statement = 'all'",
                         "create tablespace mine location '/tmp'"), (8,), "superuser", outside=True),
    Climb("rights on the database", (
        "do $$ begin execute format('grant temp on database %I to %I', current_database(), current_user); end $$",),
        (14,), refused=False),
    Climb("the database itself", (
        "do $$ begin execute format('alter database %I set work_mem = ''1MB''', current_database()); end $$",
        "do $$ begin execute format('alter database %I owner to %I', current_database(), current_user); end $$"), (8,)),
)  # fmt: skip

WALLS = (
    Climb("row level security", ("alter table <table> disable row level security",
                                 "alter table <table> no force row level security",
                                 "create policy mine on <table> using (true)",
                                 "alter table <table> owner to \"<login>\"", "drop table <table> cascade",
                                 "alter table <table> add column mine int",
                                     "alter table <table> rename to mine"), (11,)),
    Climb("a policy", ("drop policy \"members read their organization\" on public.organizations",
                       "alter policy \"members read their organization\" on public.organizations using (true)"), (11,)),
    Climb("rights on a table", ("grant all on <table> to \"<login>\"", "grant select on <table> to public",
                                "grant truncate, trigger, references on <table> to \"<login>\""), (10, 11),
                                    refused=False),
    Climb("rights on a schema", ("grant usage, create on schema <schema> to \"<login>\"",), (7,), refused=False),
    Climb("rights on what will be made", (
        "alter default privileges in schema <schema> grant all on tables to public",
        "alter default privileges for role dfworx_definer grant all on tables to public",), (7,), refused=False),
    Climb("a view's rights", ("alter view <view> set (security_invoker = false)",
        "alter view <view> owner to \"<login>\""),
          (15,)),
    Climb("the context's functions", ("alter function app.org_id() immutable",
        "alter function app.ctx(integer) security invoker",
                                      "alter function app.ctx(integer) owner to \"<login>\"",
                                      "drop function app.ctx(integer) cascade",
                                      "create or replace function app.org_id() returns uuid language sql as"
                                          " 'select null'"),
          (16,)),
    Climb("rights on a function", ("grant execute on function <function> to public",
                                   "revoke all on function <function> from public"), (12,), refused=False),
    Climb("every function", ("alter function <function> owner to \"<login>\"",
                             "alter function <function> set search_path = public"), (12, 13)),
    Climb("a catalog", ("update pg_class set relrowsecurity = false", "delete from pg_policy",
                        "update pg_proc set prosecdef = true", "update pg_database set datallowconn = true",
                        "insert into pg_auth_members (roleid, member, grantor) values (10, 10, 10)"), (5,),
                            "superuser"),
    Climb("comments and labels", ("comment on table <table> is 'mine'", "comment on schema <schema> is 'mine'"), (7,)),
    Climb("counters", ("select nextval('<sequence>')", "select setval('<sequence>', 9000000000000)",
                       "select last_value from <sequence>", "alter sequence <sequence> restart",
                       "alter table <table> alter column organization_id drop not null"), (24,)),
    Climb("maintenance", ("reindex table <table>", "cluster <table>", "refresh materialized view <table>"), (10,)),
)  # fmt: skip

READING = (
    Climb("the seal keys", ("select * from private.seal_keys", "table private.seal_keys",
                            "select encode(ipad, 'hex'), encode(opad, 'hex') from private.seal_keys",
                            "select query_to_xml('select * from private.seal_keys', true, true, '')"), (7,)),
    Climb("password hashes", ("select rolpassword from pg_authid", "select passwd from pg_shadow",
                              "select umoptions from pg_user_mapping", "select subconninfo from pg_subscription",
                              "select stavalues1::text from pg_statistic",
                              "select stxdmcv::bytea from pg_statistic_ext_data"), (7,), "superuser"),
    Climb("files", ("select pg_read_file('postgresql.conf')", "select pg_read_binary_file('PG_VERSION')",
                    "select pg_ls_dir('.')", "select * from pg_ls_waldir()", "select pg_stat_file('PG_VERSION')",
                    "select lo_import('/etc/passwd')", "copy (select 1) to '/tmp/mine'",
                    "copy app_web.posts from '/etc/passwd'", "select * from pg_hba_file_rules()",
                    "select pg_current_logfile()", "select * from pg_show_all_file_settings()"), (25,), "superuser"),
    Climb("programs", ("copy (select 1) to program 'cat > /dev/null'", "do $$ begin execute"
                       " 'copy (select 1) to program ''cat > /dev/null'''; end $$"), (25,), "superuser"),
    Climb("the server", ("select pg_reload_conf()", "select pg_rotate_logfile()", "select pg_switch_wal()",
                         "select pg_create_restore_point('mine')", "select pg_promote(false)",
                         "select pg_backup_start('mine')", "select pg_create_physical_replication_slot('mine')",
                         "set local session_replication_role = replica", "set local log_statement = 'none'",
                         "set local allow_system_table_mods = on",
                         "load 'auto_explain'"), (28,), "superuser"),
)  # fmt: skip

CLIMBS = (*ROLES, *OBJECTS, *WALLS, *READING)

"""Every way in which SQL can read a relation, as probes: words in angle brackets are filled in for each login and
relation (`<columns>` what the login may read of it, `<column>` one by one)."""

from __future__ import annotations

from tests.walls.attacker import Copy
from tests.walls.probes import Probe
from tests.walls.weaknesses import CLAIMS_POLICY, NO_ROW_SECURITY

_ROWS = "(select <columns> from <table>)"

PLAIN = (
    Probe("all rows", ("select <columns> from <table>",)),
    Probe("all columns", ("select * from <table>",)),
    Probe("column by column", ("select <column> from <table>",)),
    Probe("the table command", ("table <table>",)),
    Probe("only the table", ("select <columns> from only <table>",)),
    Probe("by the foreign id", ("select <columns> from <table> where <organization> = '<foreign>'",)),
    Probe("all but ours", ("select <columns> from <table> where <organization> <> '<ours>'",)),
    Probe("what is always true", ("select <columns> from <table> where <organization> = '<ours>' or true",)),
    Probe("what isn't null", ("select <columns> from <table> where <organization> is not null",)),
    Probe("in a list", ("select <columns> from <table> where <organization> in ('<ours>', '<foreign>')",)),
    Probe(
        "a range", ("select <columns> from <table> where <organization> between '<ours>' and '<foreign>'",)
    ),
    Probe("a pattern", ("select <columns> from <table> where <text>::text like '%<half>%'",)),
    Probe("a regular expression", ("select <columns> from <table> where <text>::text ~* '<mark>'",)),
    Probe("by place on disk", ("select <columns> from <table> where ctid >= '(0,0)'",)),
    Probe("with system columns", ("select tableoid, ctid, xmin, <columns> from <table>",)),
    Probe("a sample", ("select <columns> from <table> tablesample system (100)",)),
    Probe("sorted", ("select <columns> from <table> order by <column> desc limit 1000",)),
    Probe("grouped", ("select <columns> from <table> group by <columns> having count(*) > 0",)),
    Probe("distinct", ("select distinct <column> from <table>",)),
    Probe("as text", (f"select x::text from {_ROWS} x",)),
    Probe("as JSON", (f"select to_jsonb(x) from {_ROWS} x",)),
    Probe("as one JSON", (f"select jsonb_agg(x) from {_ROWS} x",)),
    Probe("as one text", (f"select string_agg(x::text, ' ') from {_ROWS} x",)),
    Probe("an array", ("select array_agg(<column>::text) from <table>",)),
    Probe("a window", ("select lag(<column>::text) over () from <table>",)),
    Probe("the least and the greatest", ("select min(<column>::text), max(<column>::text) from <table>",)),
    Probe("an ordered-set aggregate", ("select mode() within group (order by <column>::text) from <table>",)),
    Probe(
        "encoded",
        ("select encode(decode(encode(<column>::text::bytea, 'base64'), 'base64'), 'escape') from <table>",),
    ),
    Probe("locked to share", ("select <columns> from <table> for share",)),
    Probe("locked by key", ("select <columns> from <table> for key share skip locked",)),
)

NESTED = (
    Probe("a sub-select", (f"select (select string_agg(x::text, ' ') from {_ROWS} x)",)),
    Probe("a CTE", (f"with x as materialized {_ROWS} select * from x",)),
    Probe("an inlined CTE", (f"with x as not materialized {_ROWS} select * from x",)),
    Probe(
        "a recursive CTE",
        (f"with recursive x(t, n) as (select x::text, 0 from {_ROWS} x union all select t, n + 1 from x where n < 1)"
         " select t from x",),
    ),
    Probe("lateral", (f"select x.* from (values (1), (2)) v(n) left join lateral {_ROWS} x on true",)),
    Probe("a union", (f"select x::text from {_ROWS} x union all select 'ours'",)),
    Probe("an exception", (f"select x::text from {_ROWS} x except select 'ours'",)),
    Probe("a self join", (f"select a.*, b.* from {_ROWS} a cross join {_ROWS} b limit 500",)),
    Probe("an outer join", (f"select x.* from {_ROWS} x full join public.organizations o on true",)),
    Probe("a row comparison", (f"select x.* from {_ROWS} x where row(1, 2) < row(1, 3)",)),
    Probe("a case", ("select case when <organization> = '<foreign>' then '<half>' || '<half>' end from <table>",),
          ),
    Probe("an exists", ("select case when exists (select from <table> where <organization> = '<foreign>')"
                        " then '<half>' || '<half>' end",)),
    Probe("a function in from", (f"select * from jsonb_path_query((select jsonb_agg(x) from {_ROWS} x), '$[*]')",)),
    Probe("unnested", ("select unnest(array(select <column>::text from <table>))",)),
    Probe("values", (f"values ((select jsonb_agg(x) from {_ROWS} x))",)),
)  # fmt: skip

INDIRECT = (
    Probe("COPY of a query", (Copy("select <columns> from <table>"),), (25,)),
    Probe("COPY of the table", (Copy("table <table>"),), (25,)),
    Probe("a cursor", ("declare c cursor for select <columns> from <table>", "fetch all from c", "close c")),
    Probe("a scrolled cursor", ("declare c scroll cursor with hold for select <columns> from <table>",
                                "fetch backward all from c", "fetch absolute 1 from c", "fetch all from c", "close c")),
    Probe("prepared", ("prepare p as select <columns> from <table>", "execute p", "deallocate p"), (17,)),
    Probe("a generic plan", ("set local plan_cache_mode = force_generic_plan",
                             "prepare p as select <columns> from <table>", "execute p", "deallocate p"), (17,)),
    Probe("a block's notice", (
        "do $do$ declare r record; begin"
        " for r in select <columns> from <table> loop raise notice '%', r; end loop; end $do$",)),
    Probe("a block's error", (
        "do $do$ declare t text; begin select string_agg(x::text, ' ') into t from"
        f" {_ROWS} x; if t is not null then raise exception '%', t; end if; end $do$",)),
    Probe("dynamic SQL", (
        "do $do$ declare r record; begin"
        " for r in execute 'select <columns> from <table>' loop raise notice '%', r; end loop; end $do$",)),
    Probe("query_to_xml", ("select query_to_xml('select <columns> from <table>', true, true, '')",), (3, 30)),
    Probe("query_to_xml_and_xmlschema",
          ("select query_to_xml_and_xmlschema('select <columns> from <table>', true, true, '')",), (3, 30)),
    Probe("table_to_xml", ("select table_to_xml('<table>', true, true, '')",), (3,)),
    Probe("schema_to_xml", ("select schema_to_xml('<schema>', true, true, '')",), (3,)),
    Probe("cursor_to_xml", ("declare c cursor for select <columns> from <table>",
                            "select cursor_to_xml('c', 100, true, true, '')", "close c"), (3,)),
    Probe("ts_stat", ("select word from ts_stat('select to_tsvector(''simple'', <column>::text) from"
        " <table>')",), (3,)),
    Probe("ts_rewrite", (
        "select ts_rewrite('x'::tsquery, 'select ''x''::tsquery,"
        " plainto_tsquery(''simple'', <column>::text) from <table>')::text",), (3,)),
    Probe("nested loops only", ("set local enable_hashjoin = off", "set local enable_mergejoin = off",
                                "set local enable_seqscan = off", "select <columns> from <table>")),
    Probe("another order of joins", ("set local join_collapse_limit = 1", "set local from_collapse_limit = 1",
                                     f"select x.* from {_ROWS} x left join public.organizations o on true")),
    Probe("a parallel worker", (
        "select set_config(n, v, true) from (values ('debug_parallel_query', 'on'), ('force_parallel_mode', 'on'))"
        " s(n, v) where exists (select from pg_settings where name = n)",
        "set local parallel_setup_cost = 0", "set local min_parallel_table_scan_size = 0",
        "select <columns> from <table>")),
)  # fmt: skip

# 18, 22: functions, casts and divisions that tell in an error what they were given.
LEAKY = (
    Probe("a cast to a number", ("select <text>::text::integer from <table>",), (18, 22)),
    Probe("a cast in where", ("select 1 from <table> where <text>::text::integer > 0",), (18, 22)),
    Probe("a cast in order", ("select 1 from <table> order by <text>::text::date",), (18, 22)),
    Probe("a cast beside the wall", (
        "select 1 from <table> where <organization> = '<foreign>' and <text>::text::numeric > 0",), (18, 22),
            echoes=True),
    Probe("a division", (
        "do $do$ begin perform 1 / (case when <text>::text like '%<half>' || '<half>%' then 0 else 1 end) from <table>;"
        " exception when division_by_zero then raise notice '%', '<half>' || '<half>'; end $do$",), (18,)),
    Probe("a bad array", ("select ('{' || <text>::text)::integer[] from <table>",), (18, 22)),
    Probe("a bad JSON", ("select (<text>::text)::jsonb ->> 'x' from <table>",), (18, 22)),
    Probe("a bad setting", ("select set_config('timezone', <text>::text, true) from <table>",), (18, 22)),
    Probe("a bad relation", ("select (<text>::text)::regclass from <table>",), (18, 22)),
)  # fmt: skip

# 1 to 3: another identity put in place before, inside or under the reading statement.
IMPERSONATING = (
    Probe("claims before", ("select length(set_config('request.jwt.claims', '<claims>', true))",
                            "select <columns> from <table>"), (1,), CLAIMS_POLICY, "dfworx_web"),
    Probe("claims inside", ("select length(set_config('request.jwt.claims', '<claims>', true))::text"
                            f" union all select x::text from {_ROWS} x",), (2,), CLAIMS_POLICY, "dfworx_web"),
    Probe("claims under XML", ("select length(set_config('request.jwt.claims', '<claims>', true))::text,"
                               " query_to_xml('select <columns> from <table>', true, true, '')",),
          (3,), CLAIMS_POLICY, "dfworx_web"),
    Probe("a seal before", ("select length(set_config('dfx.ctx', '<seal>', true))", "select <columns> from <table>",
                            "reset dfx.ctx"), (1, 6), "true seal"),
    Probe("a seal by SET", ("set local dfx.ctx = '<seal>'", "select <columns> from <table>", "reset dfx.ctx"),
          (1, 6), "true seal"),
    Probe("a seal inside", ("select length(set_config('dfx.ctx', '<seal>', true))::text"
                            f" union all select x::text from {_ROWS} x", "reset dfx.ctx"), (2, 6), "true seal"),
    Probe("a seal in where", ("select <columns> from <table> where set_config('dfx.ctx', '<seal>', true) is not null",
                              "select <columns> from <table>", "reset dfx.ctx"), (2, 6), "true seal"),
    Probe("a seal in a CTE", ("with s as materialized (select set_config('dfx.ctx', '<seal>', true) as s)"
                              " select x.* from s cross join lateral (select <columns> from <table> where s.s <> '') x",
                              "reset dfx.ctx"), (2, 6), "true seal"),
    Probe("a seal under XML", ("select length(set_config('dfx.ctx', '<seal>', true))::text,"
                               " query_to_xml('select <columns> from <table>', true, true, '')", "reset dfx.ctx"),
          (3, 6), "true seal"),
    Probe("a seal in a block", ("do $do$ declare r record; begin perform set_config('dfx.ctx', '<seal>', true);"
                                " for r in select <columns> from <table> loop raise notice '%', r; end loop;"
                                " perform set_config('dfx.ctx', '', true); end $do$",), (1, 6), "true seal"),
    Probe("a seal for ts_stat", ("select word from ts_stat('select to_tsvector(''simple'', length(set_config("
                                 "''dfx.ctx'', ''<seal>'', true))::text) union all select"
                                 " to_tsvector(''simple'', <column>::text) from <table>')", "reset dfx.ctx"),
          (2, 3, 6), "true seal", echoes=True),
    Probe("row security off", ("set local row_security = off", "select <columns> from <table>"), (9,),
          NO_ROW_SECURITY, "dfworx_web"),
)  # fmt: skip

# 7, 27: what the server remembers of values and of statements.
REMEMBERED = (
    Probe("pg_stats", ("select most_common_vals::text, histogram_bounds::text, most_common_elems::text from pg_stats"
                       " where schemaname = '<schema>' and tablename = '<name>'",), (7,), NO_ROW_SECURITY,
                           "dfworx_web"),
    Probe("extended statistics", ("select statistics_name, most_common_vals::text from pg_stats_ext"
                                  " where schemaname = '<schema>' and tablename = '<name>'",),
          (7,), NO_ROW_SECURITY, "owner"),
    Probe("statistics of expressions", ("select expr, most_common_vals::text, histogram_bounds::text"
                                        " from pg_stats_ext_exprs where tablename = '<name>'",),
          (7,), NO_ROW_SECURITY, "owner"),
)  # fmt: skip

PROBES = (*PLAIN, *NESTED, *INDIRECT, *LEAKY, *IMPERSONATING, *REMEMBERED)

"""Every way in which SQL can change a relation, as probes. What the attempts do is committed, and the owner then
looks whether a row of the foreign organization has changed, gone or come."""

from __future__ import annotations

from tests.walls.probes import Probe
from tests.walls.weaknesses import NO_ROW_SECURITY, TRUNCATE_GRANTED, WRITABLE_ORGANIZATION

_THERE = "<organization> = '<foreign>'"
_PLANT = ("insert into <table> (<planted columns>) select <planted columns>"
          " from jsonb_populate_record(null::<table>, '<planted>'::jsonb)")  # fmt: skip

UPDATES = (
    Probe("every text", ("update <table> set <string> = <string> || 'x'",)),
    Probe("every text, reading nothing", ("update <table> set <string> = 'x'",)),
    Probe("every moment", ("update <table> set <moment> = now()",)),
    Probe("every number", ("update <table> set <number> = 1",)),
    Probe("every number, counted up", ("update <table> set <number> = <number> + 1",)),
    Probe("texts of the foreign organization", (f"update <table> set <string> = 'x' where {_THERE}",)),
    Probe("moments of the foreign organization", (f"update <table> set <moment> = now() where {_THERE}",)),
    Probe("what is always true", (f"update <table> set <moment> = now() where {_THERE} or true",)),
    Probe("all but ours", ("update <table> set <string> = 'x' where <organization> <> '<ours>'",)),
    Probe("by id", ("update <table> set <moment> = now() where <key>::text like '<mark>%'",)),
    Probe("by place on disk", ("update <table> set <moment> = now() where ctid >= '(0,0)'",)),
    Probe("joined", ("update <table> t set <moment> = now() from public.organizations o where true",)),
    Probe("inside a CTE", ("with x as (update <table> set <moment> = now() returning 1) select count(*) from x",)),
    Probe("returning", ("update <table> set <moment> = now() returning *",)),
    Probe("returning nothing", ("update <table> set <moment> = now() returning 1",)),
    Probe("in a block", ("do $do$ begin update <table> set <moment> = now(); end $do$",)),
    Probe("prepared", ("prepare p as update <table> set <moment> = now()", "execute p", "deallocate p")),
    Probe("at a cursor", ("declare c cursor for select * from <table> for update", "fetch next from c",
                          "update <table> set <moment> = now() where current of c", "close c")),
    Probe("given away", ("update <table> set <organization> = '<foreign>'",), (20,), WRITABLE_ORGANIZATION,
        "dfworx_admin"),
    Probe("taken over", (f"update <table> set <organization> = '<ours>' where {_THERE}",), (20,),
          WRITABLE_ORGANIZATION, "dfworx_admin"),
    Probe("under a forged seal", ("set local dfx.ctx = '<seal>'", "update <table> set <moment> = now()",
        "reset dfx.ctx"),
          (1, 6), "true seal"),
    Probe("under a seal inside", ("update <table> set <moment> = now() where set_config('dfx.ctx',"
        " '<seal>', true) <> ''",
                                  "update <table> set <moment> = now()", "reset dfx.ctx"), (2, 6), "true seal"),
    Probe("row security off", ("set local row_security = off", "update <table> set <moment> = now()"), (9,),
          NO_ROW_SECURITY, "dfworx_web"),
)  # fmt: skip

INSERTS = (
    Probe("a row", (_PLANT,), (), echoes=True),
    Probe("a row, if it can", (f"{_PLANT} on conflict do nothing",), (19,), echoes=True),
    Probe("a row, returned", (f"{_PLANT} returning 1",), (), echoes=True),
    Probe("a row with its number", (_PLANT.replace(" select", " overriding user value select", 1),), (), echoes=True),
    Probe("a row in a CTE", (f"with x as ({_PLANT} returning 1) select count(*) from x",), (), echoes=True),
    Probe("a row under a forged seal", ("set local dfx.ctx = '<seal>'", _PLANT, "reset dfx.ctx"), (6,), "true seal",
          echoes=True),
    Probe("a row in a block", (f"do $do$ begin {_PLANT}; end $do$",), (), echoes=True),
    Probe("a copy of each row", ("insert into <table> (<planted columns>) select <planted columns> from <table>"
                                 " on conflict do nothing",), (), echoes=True),
    Probe("merged in", (
        "merge into <table> t using (select * from jsonb_populate_record(null::<table>, '<planted>'::jsonb)) s on false"
        " when not matched then insert (<planted columns>) values (<merged values>)",), (), echoes=True),
)  # fmt: skip

DELETES = (
    Probe("every row", ("delete from <table>",)),
    Probe("rows of the foreign organization", (f"delete from <table> where {_THERE}",)),
    Probe("all but ours deleted", ("delete from <table> where <organization> <> '<ours>'",)),
    Probe("joined rows", ("delete from <table> t using public.organizations o where true",)),
    Probe("every row, returned", ("delete from <table> returning *",)),
    Probe("every row, returning nothing", ("delete from <table> returning 1",)),
    Probe("rows in a CTE", ("with x as (delete from <table> returning 1) select count(*) from x",)),
    Probe("rows in a block", ("do $do$ begin delete from <table>; end $do$",)),
    Probe("rows by id", ("delete from <table> where <key>::text like '<mark>%'",)),
    Probe("rows by place on disk", ("delete from <table> where ctid >= '(0,0)'",)),
    Probe("rows under a forged seal", ("set local dfx.ctx = '<seal>'", "delete from <table>", "reset dfx.ctx"), (6,),
          "true seal"),
    Probe("truncated", ("truncate <table>",), (10,), TRUNCATE_GRANTED, "dfworx_web"),
    Probe("truncated with all that hangs on it", ("truncate <table> restart identity cascade",), (10,),
        TRUNCATE_GRANTED,
          "dfworx_web"),
)  # fmt: skip

# CVE-2023-39418: MERGE once minded only the policies of SELECT.
MERGES = (
    Probe("merged over", (f"merge into <table> t using (values (1)) v(n) on t.{_THERE}"
                          " when matched then update set <moment> = now()",)),
    Probe("merged over all", ("merge into <table> t using (values (1)) v(n) on true"
                              " when matched then update set <moment> = now()",), (), NO_ROW_SECURITY, "dfworx_web"),
    Probe("merged away", (f"merge into <table> t using (values (1)) v(n) on t.{_THERE}"
                          " when matched then delete",)),
    Probe("merged away all", ("merge into <table> t using (values (1)) v(n) on true when matched then delete",),
          (), NO_ROW_SECURITY, "dfworx_web"),
    Probe("merged and returned", ("merge into <table> t using (values (1)) v(n) on true"
                                  " when matched then update set <moment> = now() returning t.*",), since=170_000),
)  # fmt: skip

PROBES = (*UPDATES, *INSERTS, *MERGES, *DELETES)

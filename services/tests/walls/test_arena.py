"""The ground itself: every table has rows of both organizations, and the owner's eyes see every change."""

from __future__ import annotations

from tests.walls.arena import Arena
from tests.walls.attacker import MARK, sql
from tests.walls.filling import FOREIGN, OURS


async def test_every_table_has_rows_of_both_organizations_and_they_carry_the_mark(arena: Arena) -> None:
    async with arena.ledger() as ledger:
        empty, unmarked = [], []
        for table in arena.catalog.relations:
            if not table.is_table or not table.has("organization_id"):
                continue
            for organization in (OURS, FOREIGN):
                rows = await ledger.owner.fetch(
                    f"select t::text from {table.name} t where organization_id = $1",
                    organization.organization_id,
                )
                if not rows:
                    empty.append((table.name, organization.mark))
                if organization is FOREIGN and not all(MARK.search(row[0]) for row in rows):
                    unmarked.append(table.name)
        assert (empty, unmarked) == ([], []), "a new table needs its row in filling.py"
        assert len(ledger.rows) >= 20
        assert all(ledger.rows.values()), "a table of which nothing is watched"


async def test_a_row_that_goes_is_missed_in_every_table_and_brought_back(arena: Arena) -> None:
    async with arena.ledger() as ledger:
        for table in arena.catalog.relations:
            if not table.is_table or not table.has("organization_id"):
                continue
            change = "update {0} set updated_at = now()" if table.has("updated_at") else "delete from {0}"
            async with ledger.owner.transaction():
                await ledger.owner.execute(f"alter table {table.name} disable trigger user")
                await ledger.owner.execute(
                    change.format(table.name) + f" where organization_id = '{FOREIGN.organization_id}'"
                )
                await ledger.owner.execute(f"alter table {table.name} enable trigger user")
            assert table.name in await ledger.written()
            await ledger.restore()
            assert await ledger.written() == []


async def test_what_makes_a_role_more_powerful_is_seen(arena: Arena) -> None:
    gains = {
        "grant truncate on app_web.posts to dfworx_web": (
            "revoke truncate on app_web.posts from dfworx_web",
            "relations",
        ),
        "grant insert (user_id) on public.users to dfworx_web": (
            "revoke insert (user_id) on public.users from dfworx_web",
            "columns",
        ),
        "create policy weak on app_web.posts using (true)": ("drop policy weak on app_web.posts", "policies"),
        "alter table app_web.posts disable row level security": (
            "alter table app_web.posts enable row level security",
            "relations",
        ),
        "create schema mine": ("drop schema mine", "schemas"),
        "alter role dfworx_web createrole": ("alter role dfworx_web nocreaterole", "roles"),
        "alter function app.org_id() immutable": ("alter function app.org_id() stable", "functions"),
    }
    async with arena.ledger() as ledger:
        for statement, (undo, fact) in gains.items():
            await ledger.owner.execute(statement)
            assert fact in await ledger.gained(), statement
            await ledger.owner.execute(undo)
            assert await ledger.gained() == [], undo


async def test_the_attacker_knows_a_foreign_mark_in_every_form(arena: Arena) -> None:
    told = {
        "a row": sql("select name from public.users where user_id = app.user_id()"),
        "a number": sql("select position from app_web.categories"),
        "bytes": sql("select sha256 from shared_services.files"),
        "an error": sql("select name::integer from public.organizations"),
        "a notice": sql("do $$ begin raise notice '%', (select name from public.organizations); end $$"),
        "a composite": sql("select o from public.organizations o"),
        "an array": sql("select array_agg(slug) from public.organizations"),
    }
    async with arena.attacker("dfworx_web", FOREIGN) as foreigner, arena.attacker("dfworx_web") as ours:
        for form, attempt in told.items():
            assert (await foreigner.attack([attempt])).read, form
            assert not (await ours.attack([attempt])).breaches, form


async def test_an_echo_is_no_leak_but_anything_beside_it_is(arena: Arena) -> None:
    asked = f"select '{FOREIGN.organization_id}'"
    both = f"{asked}, (select name from public.organizations)"
    async with arena.attacker("dfworx_web", FOREIGN) as foreigner:
        assert not (await foreigner.attack([sql(asked, echoes=True)])).read
        assert (await foreigner.attack([sql(both, echoes=True)])).read
        assert (await foreigner.attack([sql(asked)])).read


async def test_who_the_connection_becomes_is_noticed(arena: Arena) -> None:
    seal = arena.seal("dfworx_web", FOREIGN)
    other = arena.seal("dfworx_web", OURS, "member")
    async with arena.attacker("dfworx_web") as ours:
        for shown in (seal, other):
            assert (await ours.attack([sql(("select set_config('dfx.ctx', $1, true)", (shown,)))])).gained
        assert not (await ours.attack([sql("select set_config('dfx.ctx', 'nobody', true)")])).gained

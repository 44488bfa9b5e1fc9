"""`audit verify`: the chain holds whatever people do at once, and the first entry that the owner of the tables tampers
with is named."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from dfworx.cli.audit import Verdict, examine
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT
from dfworx.cli.main import build_app
from tests.conftest import ClientAs, MakePerson, TestDatabase

MIGRATIONS = CHECKOUT / "infrastructure" / "supabase" / "migrations"


async def verdict(owner: asyncpg.Connection, slug: str = "lumen") -> Verdict:
    [found] = [each for each in await examine(owner) if each.organization == slug]
    return found


async def tamper(owner: asyncpg.Connection, *statements: str, number: int | None = None) -> None:
    """As who owns the tables can; $1 is the entry's number."""
    async with owner.transaction():
        for table in ("public.audit_logs", "public.audit_links"):
            await owner.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            await owner.execute(statement, *([number] if "$1" in statement else []))
        for table in ("public.audit_logs", "public.audit_links"):
            await owner.execute(f"alter table {table} enable trigger user")


@pytest.fixture
async def numbers(owner: asyncpg.Connection, make_person: MakePerson) -> list[int]:
    """The entries of our organization, beside those of another one."""
    for number in range(4):
        await make_person(name=f"Person {number}")
        await make_person(organization="umbra")
    rows = await owner.fetch(
        "select audit_log_id from public.audit_logs a join public.organizations o using (organization_id)"
        " where o.slug = 'lumen' order by 1"
    )
    return [row[0] for row in rows]


async def test_an_untouched_log_is_whole(owner: asyncpg.Connection, numbers: list[int]) -> None:
    for slug in ("lumen", "umbra"):
        found = await verdict(owner, slug)
        assert (found.problem, found.entries) == (None, len(numbers))
    assert (await verdict(owner)).head != (await verdict(owner, "umbra")).head


async def test_one_changed_byte_names_its_entry(owner: asyncpg.Connection, numbers: list[int]) -> None:
    await tamper(
        owner,
        "update public.audit_logs set changes = replace(changes::text, 'Person 2', 'Person 7')::jsonb"
        " where audit_log_id = $1",
        number=numbers[3],
    )
    found = await verdict(owner)
    assert found.audit_log_id == numbers[3]
    assert found.problem == f"entry {numbers[3]}, number 4 of the chain, was changed"
    assert (await verdict(owner, "umbra")).problem is None


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = gen_random_uuid()",
        "service = 'dfworx_webs'",
        "action = 'delete'",
        "entity = 'public.userz'",
        "entity_id = null",
        "created_at = created_at + interval '1 microsecond'",
    ],
)
async def test_every_column_is_under_the_hash(
    owner: asyncpg.Connection, numbers: list[int], change: str
) -> None:
    statement = f"update public.audit_logs set {change} where audit_log_id = $1"  # noqa: S608
    await tamper(owner, statement, number=numbers[1])
    assert (await verdict(owner)).audit_log_id == numbers[1]


@pytest.mark.parametrize("place", [0, 2, -1])
async def test_a_removed_entry_is_named(owner: asyncpg.Connection, numbers: list[int], place: int) -> None:
    await tamper(owner, "delete from public.audit_logs where audit_log_id = $1", number=numbers[place])
    found = await verdict(owner)
    assert found.audit_log_id == numbers[place] and "was removed" in (found.problem or "")


@pytest.mark.parametrize("place", [0, 2, -1])
async def test_an_entry_that_is_removed_with_its_link_is_missed_by_its_number(
    owner: asyncpg.Connection, numbers: list[int], place: int
) -> None:
    await tamper(
        owner,
        "delete from public.audit_logs where audit_log_id = $1",
        "delete from public.audit_links where audit_log_id = $1",
        number=numbers[place],
    )
    number = range(1, len(numbers) + 1)[place]
    assert (
        await verdict(owner)
    ).problem == f"the entry with number {number} of the chain was removed from it"


async def test_a_link_alone_that_is_removed_or_changed_is_found(
    owner: asyncpg.Connection, numbers: list[int]
) -> None:
    await tamper(owner, "delete from public.audit_links where audit_log_id = $1", number=numbers[2])
    assert (await verdict(owner)).audit_log_id == numbers[2]
    changed = "update public.audit_links set hash = sha256('x') where audit_log_id = $1"
    await tamper(owner, changed, number=numbers[1])
    assert (await verdict(owner)).audit_log_id == numbers[1]


async def test_an_entry_that_is_put_in_past_the_chain_is_named(
    owner: asyncpg.Connection, numbers: list[int]
) -> None:
    await tamper(
        owner,
        "insert into public.audit_logs (organization_id, service, action, entity, changes)"
        " select organization_id, service, action, entity, changes from public.audit_logs where audit_log_id = $1",
        number=numbers[0],
    )
    found = await verdict(owner)
    assert found.audit_log_id is not None and found.audit_log_id > numbers[-1]
    assert "put in past the chain" in (found.problem or "")


async def test_a_log_without_a_head_or_without_links_is_found(
    owner: asyncpg.Connection, numbers: list[int]
) -> None:
    await owner.execute("delete from public.audit_heads")
    assert (await verdict(owner)).problem is not None
    await tamper(owner, "delete from public.audit_links")
    assert (await verdict(owner)).problem is not None


async def test_a_log_outlives_its_organization(owner: asyncpg.Connection, numbers: list[int]) -> None:
    await owner.execute("delete from public.organizations where slug = 'lumen'")
    [gone] = [each for each in await examine(owner) if each.organization is None]
    assert gone.problem is None and gone.entries > len(numbers)


async def test_the_chain_holds_while_many_write_at_once_in_two_organizations(
    owner: asyncpg.Connection, make_person: MakePerson, client_as: ClientAs
) -> None:
    """Posts hold a post's row and then the head, comments count on the post when they commit: none may wait in a
    circle."""
    people = [
        await make_person(organization=slug, role="admin") for slug in ("lumen", "umbra") for _ in range(2)
    ]
    posts = {}
    for person in people:
        made = await client_as(person).post("/api/web/posts", json={"title": "T", "content": "c"})
        posts[person.user_id] = f"/api/web/posts/{made.json()['post_id']}"
        await client_as(person).post(f"{posts[person.user_id]}/publish")

    async def write(number: int) -> None:
        person = people[number % len(people)]
        client, path = client_as(person), posts[person.user_id]
        calls: list[Awaitable[object]] = [
            client.post(f"{path}/comments", json={"content": f"Comment {number}"}),
            client.patch(path, json={"title": f"Title {number}"}, headers={"If-Match": "*"}),
        ]
        for answer in await asyncio.gather(*calls):
            assert answer.status_code < 300, answer.text  # type: ignore[attr-defined]

    await asyncio.gather(*(write(number) for number in range(40)))
    for slug in ("lumen", "umbra"):
        found = await verdict(owner, slug)
        assert found.problem is None and found.entries > 40


async def test_one_transaction_of_several_organizations_and_one_that_is_taken_back_leave_whole_chains(
    owner: asyncpg.Connection, numbers: list[int], database: TestDatabase
) -> None:
    async with owner.transaction():
        await owner.execute("update public.users set name = name || '!'")
        saved = owner.transaction()
        await saved.start()
        await owner.execute("update public.users set name = name || '?'")
        await saved.rollback()
        await owner.execute("update public.organizations set name = name || '!'")
    for slug in ("lumen", "umbra"):
        found = await verdict(owner, slug)
        assert (found.problem, found.entries) == (None, 2 * len(numbers))


async def test_the_command_names_the_entry_and_fails(
    database: TestDatabase,
    owner: asyncpg.Connection,
    numbers: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", database.owner_url)
    monkeypatch.setenv("DFWORX_SECRET", database.servers.secrets.master)

    async def verify(*words: str) -> Result:
        arguments = ["audit", "verify", *words]
        return await asyncio.to_thread(CliRunner().invoke, build_app("audit"), arguments)

    whole = await verify()
    assert whole.exit_code == 0 and f"{len(numbers)} entries, as they were written" in whole.stdout
    changed = "update public.audit_logs set entity = 'public.userz' where audit_log_id = $1"
    await tamper(owner, changed, number=numbers[2])
    broken = await verify("--organization", "lumen")
    assert f"entry {numbers[2]}, number 3 of the chain, was changed" in broken.stdout
    assert isinstance(broken.exception, Failure) and "1 of 1 organizations" in str(broken.exception)
    told = json.loads((await verify("--json")).stdout)
    assert {each["organization"]: each["audit_log_id"] for each in told} == {
        "lumen": numbers[2],
        "umbra": None,
    }
    assert (await verify("--organization", "umbra")).exit_code == 0
    nobody = await verify("--organization", "nobody")
    assert isinstance(nobody.exception, Failure) and "no organization with the slug" in str(nobody.exception)


async def test_what_was_there_before_the_chain_is_its_beginning(
    owner: asyncpg.Connection, numbers: list[int]
) -> None:
    before = await verdict(owner)
    await tamper(owner, "delete from public.audit_links", "delete from public.audit_heads")
    migration = (MIGRATIONS / "029_audit_chain.sql").read_text()
    [block] = re.findall(r"^do \$\$.*?^\$\$;", migration, re.MULTILINE | re.DOTALL)
    await owner.execute(block)
    assert await verdict(owner) == before

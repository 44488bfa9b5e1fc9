"""The posts benchmark's data: made once, in time order as people would have written it, and remade when the
generator or a landed migration is no longer what it was made with. Triggers are off while it is written, so there are
no audit rows and no revisions, and `search` is computed as the trigger would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

import asyncpg
from argon2 import PasswordHasher

from dfworx.cli.benches.posts_words import make_templates
from dfworx.cli.migrations import MIGRATIONS

Step = Callable[[str], AbstractContextManager[object]]

PASSWORD = "the same for everybody in this benchmark"  # noqa: S105 - of nobody's
CHUNK = 100_000


@dataclass(frozen=True)
class Shape:
    """How much of everything. Organization 1 is the large one: it has every tenth post."""

    posts: int
    organizations: int
    members: int
    """Of every organization but the large one."""
    large_members: int
    categories: int = 5


LARGE = Shape(posts=1_000_000, organizations=1_000, members=50, large_members=500)
SMALL = Shape(posts=1_000, organizations=10, members=50, large_members=50)

# Ids follow from what a row is, so that no look-up is needed to write a million of them.
_ORGANIZATIONS = """
insert into public.organizations (organization_id, name, slug)
select md5('organization ' || o)::uuid, 'Organization ' || o, 'organization-' || o from generate_series(1, $1::int) as o
"""
_PEOPLE = """
with people as (
  select o, m, 'person-' || m || '@organization-' || o || '.example' as email
    from generate_series(1, $1::int) as o, generate_series(1, case when o = 1 then $3::int else $2::int end) as m
), identities as (
  insert into app_auth.identities (identity_id, email, password_hash)
  select md5('identity ' || email)::uuid, email, $4::text from people
)
insert into public.users (user_id, organization_id, identity_id, name, email, avatar_url, role, origin)
select md5('person ' || o || ' ' || m)::uuid, md5('organization ' || o)::uuid, md5('identity ' || email)::uuid,
       'Person ' || m, email, case when m % 2 = 0 then '/api/web/files/' || md5('avatar ' || email)::uuid end,
       case when m = 1 then 'admin' else 'member' end, 'registered'
  from people
"""
_PROFILES = """
insert into app_web.profiles (organization_id, user_id) select organization_id, user_id from public.users
"""
_CATEGORIES = """
insert into app_web.categories (category_id, organization_id, name, slug, position)
select md5('category ' || o || ' ' || c)::uuid, md5('organization ' || o)::uuid, 'Category ' || c, 'category-' || c, c
  from generate_series(1, $1::int) as o, generate_series(1, $2::int) as c
"""
_TEXTS = """
create temporary table texts (number integer primary key, title text, slug text, content text, excerpt text,
                              search tsvector)
"""
_SEARCHES = """
update texts set search = setweight(to_tsvector('pg_catalog.simple', app.search_words(title)), 'B') ||
                          setweight(to_tsvector('pg_catalog.simple', app.search_words(content)), 'D')
"""
# $1 to $2: the numbers to write; $3 posts in all, $4 organizations, $5 members, $6 the large one's members,
# $7 categories, $8 texts. `chance` is a Lehmer generator's step: scattered, and the same at every making.
_POSTS = """
insert into app_web.posts (organization_id, user_id, category_id, title, slug, content, excerpt, status, search,
                           created_at, updated_at, published_at, archived_at)
select md5('organization ' || o)::uuid,
       md5('person ' || o || ' ' || 1 + chance / 100 % (case when o = 1 then $6::int else $5::int end))::uuid,
       case when chance % 5 > 0 then md5('category ' || o || ' ' || 1 + chance / 7 % $7::int)::uuid end,
       title, slug || '-' || n, content, excerpt, status,
       setweight(to_tsvector('pg_catalog.simple', app.search_words(slug || '-' || n)), 'A') || search,
       at, at, case when status <> 'draft' then at end, case when status = 'archived' then at end
  from (select n, chance,
               case when n % 10 = 0 then 1 else 2 + (n - n / 10) * 7919 % ($4::int - 1) end as o,
               case when chance % 20 < 16 then 'published' when chance % 20 < 19 then 'draft'
                    else 'archived' end as status,
               timestamptz '2024-01-01Z' + n * (interval '2 years' / $3::int)
                 + chance % 3600 * interval '1 second' as at
          from generate_series($1::bigint, $2::bigint) as n, lateral (select n * 48271 % 2147483647 as chance) as c
       ) as numbered
  join texts on texts.number = chance / 20 % $8::int
 order by n
"""
_INDEXES = """
select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid
 where i.indrelid = 'app_web.posts'::regclass and not i.indisunique
"""


def describe_data(shape: Shape) -> dict[str, object]:
    """What data of this shape follows from, as it stands beside the data once that is whole."""
    maker = hashlib.sha256()
    for part in (_ORGANIZATIONS, _PEOPLE, _PROFILES, _CATEGORIES, _TEXTS, _SEARCHES, _POSTS, PASSWORD):
        maker.update(part.encode())
    maker.update(json.dumps([asdict(shape), make_templates()]).encode())
    migrations = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in MIGRATIONS.glob("*.sql")
    }
    return {"maker": maker.hexdigest(), "migrations": migrations}


async def fill(superuser_url: str, shape: Shape, step: Step) -> None:
    """Write everything into a migrated, empty database."""
    connection = await asyncpg.connect(superuser_url, command_timeout=None)
    try:
        # No triggers and no foreign keys: what is written keeps them by construction, as the tests show.
        await connection.execute("set session_replication_role = replica")
        with step("Writing organizations and people"):
            await _fill_organizations(connection, shape)
        indexes = await connection.fetch(_INDEXES)
        for index in indexes:
            await connection.execute(f'drop index app_web."{index["name"]}"')
        for first in range(1, shape.posts + 1, CHUNK):
            last = min(first + CHUNK - 1, shape.posts)
            with step(f"Writing posts {first:,} to {last:,}"):
                await connection.execute(
                    _POSTS, first, last, shape.posts, shape.organizations,
                    *(shape.members, shape.large_members, shape.categories, len(make_templates())),
                )  # fmt: skip
        with step("Indexing"):
            for index in indexes:
                await connection.execute(index["definition"])
        with step("Cleaning and counting"):
            await connection.execute("vacuum (freeze, analyze)")
            await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _fill_organizations(connection: asyncpg.Connection, shape: Shape) -> None:
    password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await connection.execute(_ORGANIZATIONS, shape.organizations)
    await connection.execute(_PEOPLE, shape.organizations, shape.members, shape.large_members, password_hash)
    await connection.execute(_PROFILES)
    await connection.execute(_CATEGORIES, shape.organizations, shape.categories)
    await connection.execute(_TEXTS)
    await connection.copy_records_to_table(
        "texts",
        columns=("number", "title", "slug", "content", "excerpt"),
        records=[(number, *text) for number, text in enumerate(make_templates())],
    )
    await connection.execute(_SEARCHES)

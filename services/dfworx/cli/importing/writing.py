"""Documents into an organization, through the services' own actions: each post is one transaction under the
sealed context of an admin, so a run that stops in the middle leaves whole posts only. Read with the owner's
connection: which organization, who its admin is, and what is there already; written with it: nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from dfworx.auth.members.actions import add_imported_people
from dfworx.cli.failure import Failure
from dfworx.cli.importing.documents import Document
from dfworx.cli.importing.folder import Note
from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, Invalid
from dfworx.shared.settings import Settings
from dfworx.web.categories.actions import ensure_categories
from dfworx.web.posts.actions import save_imported_post
from dfworx.web.posts.schemas import ImportedPost

AT_ONCE = 4
"""Posts written side by side: the database prepares one for search while the next is on its way."""

SettingsOf = Callable[[str], Settings]
"""What the service of a login role is told."""


@dataclass(slots=True)
class Result:
    """What became, or in a dry run would become, of every file that was looked at."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        notes = {name: [{"file": note.file, "why": note.why} for note in getattr(self, name)]
                 for name in ("skipped", "warnings")}  # fmt: skip
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged, **notes}

    def count(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


# Reading, as the owner ------------------------------------------------------------------------------------------


async def find_importer(owner: asyncpg.Connection, slug: str) -> Caller:
    """The organization's longest serving admin; raises Failure."""
    organization_id = await owner.fetchval(
        "select organization_id from public.organizations where slug = $1", slug
    )
    if organization_id is None:
        rows = await owner.fetch("select slug from public.organizations order by slug limit 21")
        known = ", ".join(row["slug"] for row in rows[:20]) + (", ..." if len(rows) > 20 else "")
        raise Failure(f"There is no organization with the slug {slug}; there are: {known or 'none yet'}.")
    user_id = await owner.fetchval(
        """
        select user_id from public.users
        where organization_id = $1 and role = 'admin' and is_active and identity_id is not null
        order by created_at, user_id limit 1
        """,
        organization_id,
    )
    if user_id is None:
        raise Failure(
            f"The organization {slug} has no active admin to import in the name of; make one first."
        )
    return Caller(user_id, organization_id, "admin", uuid4())


async def find_digests(
    owner: asyncpg.Connection, organization_id: UUID, slugs: Sequence[str]
) -> dict[str, str | None]:
    """Which of the slugs posts have or had, and the digest of what was imported there; None for a post of other
    origin."""
    rows = await owner.fetch(
        """
        select s.slug, p.metadata -> 'import' ->> 'digest' as digest
        from app_web.post_slugs s join app_web.posts p using (organization_id, post_id)
        where s.organization_id = $1 and s.slug = any ($2)
        """,
        organization_id,
        slugs,
    )
    return {row["slug"]: row["digest"] for row in rows}


# Writing, as the services ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in: each service's own login, and the cache that must hear of changes."""

    auth: Database
    web: Database
    cache: Cache


@asynccontextmanager
async def open_doors(settings_of: SettingsOf) -> AsyncIterator[Doors]:
    auth, web = settings_of("dfworx_auth"), settings_of("dfworx_web")
    redis = connect_redis(web.redis_url.get_secret_value())
    doors = Doors(Database(auth), Database(web), Cache(redis))
    try:
        yield doors
    finally:
        await doors.auth.close()
        await doors.web.close()
        await redis.aclose()


async def write_documents(
    doors: Doors,
    caller: Caller,
    documents: Sequence[Document],
    result: Result,
    *,
    advance: Callable[[], None],
    stopped: Callable[[], bool],
) -> None:
    """Save each document and count what became of it; raises ApiError when going on makes no sense. `stopped` is
    asked between posts."""
    authors = sorted({document.author for document in documents if document.author})
    people = await add_imported_people(doors.auth, doors.cache, caller, authors) if authors else {}
    names = sorted({document.category for document in documents if document.category})
    categories = await ensure_categories(doors.web, doors.cache, caller, names) if names else {}
    waiting: Iterator[Document] = iter(documents)

    async def write_some() -> None:
        for document in waiting:
            if stopped():
                return
            post = to_post(document, people, categories, caller)
            try:
                result.count(await save_imported_post(doors.web, doors.cache, caller, post))
            except (Conflict, Invalid) as refusal:
                result.skipped.append(Note(document.source, f"can't be saved: {refusal.detail}"))
            advance()

    await _all_or_the_first_error(write_some() for _ in range(AT_ONCE))


def to_post(
    document: Document, people: dict[str, UUID], categories: dict[str, str], caller: Caller
) -> ImportedPost:
    return ImportedPost(
        slug=document.slug,
        title=document.title,
        content=document.content,
        category=categories[document.category] if document.category else None,
        user_id=people[document.author] if document.author else caller.user_id,
        status=document.status,
        created_at=document.created_at,
        metadata={**document.metadata, "import": {"source": document.source, "digest": document.digest}},
    )


async def _all_or_the_first_error(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Going back: a post gets the words of an earlier version as a new one, by who may edit it, in one transaction under
the caller's policies. What it said until then stays a revision of its own."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, NotFound
from dfworx.web.conditional import Precondition
from dfworx.web.differences import difference, shortened
from dfworx.web.editing import changing, require_changeable
from dfworx.web.revisions import queries
from dfworx.web.revisions.queries import Words
from dfworx.web.revisions.schemas import Difference, Part
from dfworx.web.text import make_excerpt


class RevisionIsCurrent(Conflict):
    code = "revision_is_current"
    detail = "The post says exactly this already."


class Restored(NamedTuple):
    version: int
    body: bytes


async def restore_revision(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, version: int, precondition: Precondition
) -> Restored:
    """Raises NotAllowed for who may only read the post, Stale, PostTrashed and RevisionIsCurrent."""
    async with changing(database, cache, caller) as (writer, changed):
        await require_changeable(writer, changed, caller, post_id, precondition, words=True)
        words = await queries.find_words(writer, caller.organization_id, post_id, version)
        if words is None:
            raise NotFound
        if words[1:] == await queries.find_post_words(writer, caller.organization_id, post_id):
            raise RevisionIsCurrent
        await queries.settle_revision(writer, post_id)
        now = await queries.replace_words(
            writer, caller.organization_id, post_id, words, make_excerpt(words.content)
        )
        body = await queries.find_written_revision(writer, post_id, now)
        if body is None:
            raise NotFound
        return Restored(now, body.encode())


async def read_versions(
    database: Database, caller: Caller, post_id: UUID, version: int, against: int | None
) -> tuple[Words | None, Words]:
    """Two versions to compare. `against` None is the version before, as far as the caller may see; None of it when
    there is none."""
    async with database.read(caller) as reader:
        after = await queries.find_words(reader, caller.organization_id, post_id, version)
        before = (
            await queries.find_words_before(reader, caller.organization_id, post_id, version)
            if against is None
            else await queries.find_words(reader, caller.organization_id, post_id, against)
        )
    if after is None or (against is not None and before is None):
        raise NotFound
    return before, after


async def compare(before: Words | None, after: Words, *, crowd: asyncio.Semaphore) -> Difference:
    """Few at the same time: two long texts keep a processor busy for a second or two."""
    async with crowd:
        return await asyncio.to_thread(_compare, before, after)


def _compare(before: Words | None, after: Words) -> Difference:
    return Difference(
        version=after.version,
        against=before.version if before else None,
        title=_parts(before.title if before else "", after.title),
        content=_parts(before.content if before else "", after.content),
    )


def _parts(before: str, after: str) -> list[Part]:
    return [Part(**part._asdict()) for part in shortened(difference(before, after))]

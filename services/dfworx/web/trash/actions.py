"""Taking posts out of the trash. What goes there does so by deleting a post (web/posts); what it was before is kept
by the guard of migration 013, so that nobody publishes by way of the trash."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict
from dfworx.web.conditional import Precondition
from dfworx.web.editing import ANY_VERSION, Document, changing, require_changeable, require_written
from dfworx.web.trash import queries


class PostNotTrashed(Conflict):
    code = "post_not_trashed"
    detail = "This post isn't in the trash."


async def restore_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """As it was: a draft, published or archived. Raises PostNotTrashed."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition, trashed=True)
        if post.status != "trashed":
            raise PostNotTrashed
        await queries.set_restored(writer, caller.organization_id, post_id)
        return await require_written(writer, changed, post_id)

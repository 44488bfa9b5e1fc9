"""The statements about the trash."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.db import Writer


async def set_restored(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    """What the post was, and with it its place: it never lost the day on which it was published."""
    await writer.execute(
        """
        update app_web.posts set status = trashed_from, version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        organization_id,
        post_id,
    )

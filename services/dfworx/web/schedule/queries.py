"""The statements about scheduling."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Writer


async def set_publish_at(writer: Writer, organization_id: UUID, post_id: UUID, at: datetime | None) -> None:
    await writer.execute(
        """
        update app_web.posts set publish_at = $3, version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        *(organization_id, post_id, at),
    )

"""The statements about messages' files. They run under the person's policies and name the organization besides."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.db import Reader, Writer


async def has_post(reader: Reader, organization_id: UUID, post_id: UUID) -> bool:
    """Whether the person may see it."""
    found: bool = await reader.fetchval(
        "select exists (select from app_web.posts where organization_id = $1 and post_id = $2)",
        *(organization_id, post_id),
    )
    return found


async def attach_files(
    writer: Writer,
    organization_id: UUID,
    user_id: UUID,
    file_ids: list[UUID],
    *,
    message_id: str,
    post_id: UUID | None,
) -> None:
    """Those of the person's that hang on nothing yet."""
    await writer.execute(
        """
        update shared_services.files set message_id = $4, message_post_id = $5
         where organization_id = $1 and user_id = $2 and file_id = any($3::uuid[])
           and num_nonnulls(post_id, comment_id, message_id) = 0
        """,
        *(organization_id, user_id, file_ids, message_id, post_id),
    )

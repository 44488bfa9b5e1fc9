"""Sessions in SQL: the one thing about them that must hold with Redis away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Writer


async def update_sessions_valid_after(
    writer: Writer, organization_id: UUID, user_id: UUID, moment: datetime
) -> None:
    """Sessions that began at `moment` or before are refused from the commit on."""
    await writer.execute(
        """
        update public.users set sessions_valid_after = greatest(sessions_valid_after, $3)
         where organization_id = $1 and user_id = $2
        """,
        *(organization_id, user_id, moment),
    )

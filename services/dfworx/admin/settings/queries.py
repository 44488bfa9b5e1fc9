"""What was chosen, in SQL. The trigger of 006 writes each change to the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dfworx.admin.people import Person, person_of
from dfworx.shared.db import Reader, Writer


@dataclass(frozen=True, slots=True)
class SettingRow:
    value: Any
    updated_at: datetime
    updated_by: Person | None


async def list_chosen(reader: Reader, organization_id: UUID) -> dict[str, SettingRow]:
    """By key, those that aren't left at their defaults."""
    rows = await reader.fetch(
        """
        select s.key, s.value, s.updated_at, s.updated_by, u.name, u.avatar_url
          from app_admin.admin_settings s
          left join public.users u on u.organization_id = s.organization_id and u.user_id = s.updated_by
         where s.organization_id = $1
        """,
        organization_id,
    )
    return {
        row["key"]: SettingRow(
            row["value"], row["updated_at"], person_of(row["updated_by"], row["name"], row["avatar_url"])
        )
        for row in rows
    }


async def lock_setting(writer: Writer, organization_id: UUID, key: str) -> tuple[Any, datetime] | None:
    """The value and when it was chosen; the row is the caller's until the transaction ends."""
    row = await writer.fetchrow(
        """
        select value, updated_at from app_admin.admin_settings where organization_id = $1 and key = $2 for update
        """,
        *(organization_id, key),
    )
    return (row["value"], row["updated_at"]) if row else None


async def insert_setting(writer: Writer, organization_id: UUID, key: str, value: Any, by: UUID) -> bool:
    """False when somebody else has chosen just now."""
    return bool(
        await writer.fetch(
            """
            insert into app_admin.admin_settings (organization_id, key, value, updated_by) values ($1, $2, $3, $4)
            on conflict do nothing returning key
            """,
            *(organization_id, key, value, by),
        )
    )


async def update_setting(writer: Writer, organization_id: UUID, key: str, value: Any, by: UUID) -> None:
    await writer.execute(
        """
        update app_admin.admin_settings set value = $3, updated_by = $4, updated_at = clock_timestamp()
         where organization_id = $1 and key = $2
        """,
        *(organization_id, key, value, by),
    )


async def delete_setting(writer: Writer, organization_id: UUID, key: str) -> None:
    await writer.execute(
        "delete from app_admin.admin_settings where organization_id = $1 and key = $2",
        *(organization_id, key),
    )

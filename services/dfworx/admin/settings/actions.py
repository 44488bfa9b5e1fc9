"""Changing a setting: checked by its type, refused when somebody else changed it meanwhile and the request says what it
had looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from dfworx.admin.settings import queries
from dfworx.admin.settings.queries import SettingRow
from dfworx.admin.settings.schemas import Setting, SettingUpdate
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Invalid, NotFound, Stale
from dfworx.shared.organization_settings import SETTINGS, OrganizationSetting


class InvalidValue(Invalid):
    code = "invalid_value"


def get_known(key: str) -> OrganizationSetting[Any]:
    """Raises NotFound."""
    if key not in SETTINGS:
        raise NotFound("There is no such setting. GET /api/admin/settings lists all there are.")
    return SETTINGS[key]


def version_of(chosen_at: datetime | None) -> int:
    return int(chosen_at.timestamp() * 1_000_000) if chosen_at else 0


def shown(known: OrganizationSetting[Any], chosen: SettingRow | None) -> Setting:
    """A value that doesn't fit any more is shown as what holds: the default."""
    value = known.default
    if chosen is not None:
        try:
            value = known.accept(chosen.value)
        except ValidationError:
            value = known.default
    return Setting(
        key=known.key,
        group=known.group,
        description=known.description,
        type=known.type.json_schema(),
        default=known.default,
        value=value,
        is_default=chosen is None,
        version=version_of(chosen.updated_at if chosen else None),
        updated_at=chosen.updated_at if chosen else None,
        updated_by=chosen.updated_by if chosen else None,
    )


def fits(setting: Setting, words: str) -> bool:
    """Whether every word is in what people read of it."""
    text = f"{setting.key} {setting.key.replace('_', ' ')} {setting.group} {setting.description}".casefold()
    return all(word in text for word in words.casefold().split())


async def update_setting(database: Database, caller: Caller, key: str, change: SettingUpdate) -> Setting:
    """Raises NotFound, InvalidValue, or Stale."""
    known = get_known(key)
    value = None if change.value is None else _accepted(known, change.value)
    async with database.write(caller) as writer:
        current = await queries.lock_setting(writer, caller.organization_id, key)
        now = version_of(current[1] if current else None)
        if change.version is not None and change.version != now:
            raise _stale()
        if value is None:
            if current is not None:
                await queries.delete_setting(writer, caller.organization_id, key)
        elif current is None:
            if not await queries.insert_setting(writer, caller.organization_id, key, value, caller.user_id):
                raise _stale()
        elif current[0] != value:
            await queries.update_setting(writer, caller.organization_id, key, value, caller.user_id)
        chosen = await queries.list_chosen(writer, caller.organization_id)
        return shown(known, chosen.get(key))


def _accepted(known: OrganizationSetting[Any], value: Any) -> Any:
    try:
        return known.accept(value)
    except ValidationError as error:
        told = "; ".join(each["msg"] for each in error.errors()[:3])
        raise InvalidValue(
            f"This value can't be used for {known.key}. {told}", errors=[{"field": "value", "detail": told}]
        ) from None


def _stale() -> Stale:
    return Stale("Somebody else has just changed this setting. Look at it again before you save.")

"""/settings: all there are, with what was chosen, and changing one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from dfworx.admin.settings import actions, queries
from dfworx.admin.settings.schemas import Setting, SettingUpdate
from dfworx.admin.texts import Text
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.organization_settings import SETTINGS
from dfworx.shared.pages import Page
from dfworx.shared.serve import Db, Reading, problems

router = APIRouter(prefix="/settings", tags=["settings"])
Key = Annotated[Text, Path(max_length=100)]


@router.get("")
async def list_settings(
    caller: CurrentCaller,
    reader: Reading,
    q: Annotated[Text, Query(max_length=100, description="Words of its name or description")] = "",
) -> Page[Setting]:
    """All at once: there is no second page."""
    chosen = await queries.list_chosen(reader, caller.organization_id)
    found = [actions.shown(known, chosen.get(key)) for key, known in SETTINGS.items()]
    return Page(items=[each for each in found if actions.fits(each, q)], next_cursor=None)


@router.get("/{key}", responses=problems(404))
async def get_setting(key: Key, caller: CurrentCaller, reader: Reading) -> Setting:
    known = actions.get_known(key)
    return actions.shown(known, (await queries.list_chosen(reader, caller.organization_id)).get(key))


@router.patch("/{key}", responses=problems(404, 412))
async def update_setting(key: Key, change: SettingUpdate, caller: CurrentCaller, database: Db) -> Setting:
    """422 `invalid_value` says what fits."""
    return await actions.update_setting(database, caller, key, change)

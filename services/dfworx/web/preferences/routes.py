"""/preferences: the caller's own; there is no address for anybody else's."""

from __future__ import annotations

from fastapi import APIRouter

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import Db, Reading
from dfworx.web.preferences import actions, queries
from dfworx.web.preferences.schemas import Preferences, PreferencesUpdate, filled_in

router = APIRouter(prefix="/preferences", tags=["preferences"])


@router.get("")
async def get_preferences(reader: Reading, caller: CurrentCaller) -> Preferences:
    """With the defaults of what isn't chosen."""
    return filled_in(await queries.find_preferences(reader, caller.organization_id, caller.user_id))


@router.patch("")
async def update_preferences(database: Db, caller: CurrentCaller, changes: PreferencesUpdate) -> Preferences:
    return await actions.update_preferences(database, caller, changes)

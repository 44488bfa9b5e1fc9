"""Writing one's own preferences, with the row locked: two changes at once both count."""

from __future__ import annotations

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.web.preferences import queries
from dfworx.web.preferences.schemas import Preferences, PreferencesUpdate, filled_in, merged


async def update_preferences(database: Database, caller: Caller, changes: PreferencesUpdate) -> Preferences:
    async with database.write(caller) as writer:
        chosen = await queries.lock_preferences(writer, caller.organization_id, caller.user_id)
        chosen = merged(chosen, changes.model_dump(exclude_unset=True))
        # A missing key is the default, and the only way in which it is kept.
        chosen = {key: value for key, value in chosen.items() if value is not None}
        await queries.replace_preferences(writer, caller.organization_id, caller.user_id, chosen)
        return filled_in(chosen)

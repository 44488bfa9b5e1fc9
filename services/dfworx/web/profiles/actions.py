"""Writing one's own profile: one transaction under the caller's policies, after which the organization's cached
profiles are forgotten."""

from __future__ import annotations

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.web.profiles import queries
from dfworx.web.profiles.schemas import Profile, ProfileUpdate

PROFILES = DATASETS["app_web.profiles"]


async def update_profile(database: Database, cache: Cache, caller: Caller, changes: ProfileUpdate) -> Profile:
    given = changes.model_fields_set
    async with database.write(caller) as writer:
        if given:
            await queries.begin_profile(writer, caller.organization_id, caller.user_id)
            await queries.update_profile(
                writer,
                caller.organization_id,
                caller.user_id,
                title=changes.title if "title" in given else None,
                bio=changes.bio if "bio" in given else None,
                set_timezone="timezone" in given,
                timezone=changes.timezone,
            )
            writer.after_commit(cache.bump, caller.organization_id, PROFILES)
        profile = await queries.find_profile(writer, caller.organization_id, caller.user_id)
        if profile is None:
            raise NotFound
        return profile

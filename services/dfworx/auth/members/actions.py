"""Changing people. Everybody's lists carry names and avatars, so what is cached of them is forgotten after each
commit. Works without HTTP: the importer adds people here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dfworx.auth.fields import clean_imported_name
from dfworx.auth.me import Me, find_me
from dfworx.auth.members import queries
from dfworx.auth.members.schemas import MeUpdate
from dfworx.shared.cache import Cache
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database

_USERS = DATASETS["public.users"]


async def update_me(database: Database, cache: Cache, caller: Caller, changes: MeUpdate) -> Me:
    async with database.write(caller) as writer:
        if changes.model_fields_set:
            await queries.update_user(
                writer,
                caller.organization_id,
                caller.user_id,
                name=changes.name,
                avatar=(changes.avatar_url,) if "avatar_url" in changes.model_fields_set else None,
            )
        me = await find_me(writer, caller)
        if me is None:
            raise SessionEnded
    if changes.model_fields_set:
        await cache.bump(caller.organization_id, _USERS)
    return me


async def add_imported_people(
    database: Database, cache: Cache, caller: Caller, names: Iterable[str]
) -> dict[str, UUID]:
    """People without an identity, who can't sign in, by the names given; once each, however often it is asked for.
    The caller must be an admin. White space is tidied and what is longer than 100 characters is cut; raises
    Invalid for a name of which nothing is left."""
    cleaned = {name: clean_imported_name(name) for name in names}
    if not cleaned:
        return {}
    wanted = sorted(set(cleaned.values()))
    async with database.write(caller) as writer:
        added = await queries.insert_imported_users(writer, caller.organization_id, wanted)
        # A second statement sees also those whom another import has committed since.
        known = await queries.list_imported_users(writer, caller.organization_id, wanted)
    if added:
        await cache.bump(caller.organization_id, _USERS)
    return {name: known[clean] for name, clean in cleaned.items()}

"""Changing people. Everybody's lists carry names and avatars, so what is cached of them is forgotten after each
commit. Works without HTTP: the importer adds people here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from dfworx.auth.fields import clean_imported_name
from dfworx.auth.me import Me, find_me
from dfworx.auth.members import queries
from dfworx.auth.members.schemas import MemberOutcome, MembersUpdate, MemberUpdate, MeUpdate, User
from dfworx.auth.revocations import note_end_of_all
from dfworx.auth.session_store import SessionStore, new_session_id
from dfworx.shared.cache import Cache
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database
from dfworx.shared.errors import ApiError, Conflict, NotAllowed, NotFound
from dfworx.shared.outbox import note
from dfworx.shared.sessions import session_began

_USERS = DATASETS["public.users"]


class LastAdmin(Conflict):
    code = "last_admin"
    detail = "This is the organization's last active admin. Make somebody else an admin first."


async def update_me(database: Database, cache: Cache, caller: Caller, changes: MeUpdate) -> Me:
    async with database.write(caller) as writer:
        if changes.model_fields_set:
            writer.after_commit(cache.bump, caller.organization_id, _USERS)
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
        return me


async def update_member(
    database: Database,
    store: SessionStore,
    cache: Cache,
    caller: Caller,
    user_id: UUID,
    changes: MemberUpdate,
) -> User:
    """By an admin. Who is deactivated is refused everywhere when this returns; whose role changed has to refresh
    their tokens. Raises NotAllowed, NotFound, or LastAdmin."""
    if caller.role != "admin":
        raise NotAllowed("Only admins change roles and deactivate people.")
    until, change_id = new_session_id(), uuid4()
    try:
        async with database.write(caller) as writer:
            before = await queries.lock_user(writer, caller.organization_id, user_id)
            if before is None:
                raise NotFound
            # Also of who is deactivated already: asked again, what was lost with a process is done after all.
            ends = changes.is_active is False
            after = await queries.update_member(
                writer,
                caller.organization_id,
                user_id,
                role=changes.role,
                is_active=changes.is_active,
                sessions_valid_after=session_began(until) if ends else None,
            )
            if ends:
                await note_end_of_all(writer, caller.organization_id, user_id, session_began(until))
            if after != before:
                told = {"user_id": str(user_id), "role": after.role, "is_active": after.is_active}
                told["change_id"] = str(change_id)
                await note(writer, caller.organization_id, "members.changed", user_id, told)
            writer.after_commit(_tell_redis, store, cache, caller, user_id, changes, change_id)
            return after
    except ConstraintBroken as error:
        raise LastAdmin from error


async def update_members(
    database: Database, store: SessionStore, cache: Cache, caller: Caller, changes: MembersUpdate
) -> list[MemberOutcome]:
    """Each on its own and once, in the order given: what is refused for one is done for the others. Raises
    NotAllowed."""
    if caller.role != "admin":
        raise NotAllowed("Only admins change roles and deactivate people.")
    outcomes = []
    for user_id in dict.fromkeys(changes.user_ids):
        try:
            user = await update_member(database, store, cache, caller, user_id, changes)
            outcomes.append(MemberOutcome(user_id=user_id, status=200, user=user))
        except ApiError as error:
            outcomes.append(
                MemberOutcome(user_id=user_id, status=error.status, code=error.code, detail=error.detail)
            )
    return outcomes


async def end_member_sessions(database: Database, store: SessionStore, caller: Caller, user_id: UUID) -> None:
    """By an admin: the person is signed out everywhere and may sign in again. Raises NotAllowed, or NotFound."""
    if caller.role != "admin":
        raise NotAllowed("Only admins sign other people out.")
    until = new_session_id()
    async with database.write(caller) as writer:
        if await queries.lock_user(writer, caller.organization_id, user_id) is None:
            raise NotFound
        moment = session_began(until)
        await queries.update_member(
            writer,
            caller.organization_id,
            user_id,
            role=None,
            is_active=None,
            sessions_valid_after=moment,
        )
        await note_end_of_all(writer, caller.organization_id, user_id, moment)
        writer.after_commit(store.end_all, user_id, until)


async def _tell_redis(
    store: SessionStore, cache: Cache, caller: Caller, user_id: UUID, changes: MemberUpdate, change_id: UUID
) -> None:
    if changes.is_active is False:
        # All that began until now: a login that read the row before the commit may have begun after it was taken.
        await store.end_all(user_id, new_session_id())
    if changes.role is not None:
        await store.outdate_tokens(user_id, change_id)
    await cache.bump(caller.organization_id, _USERS)


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
            writer.after_commit(cache.bump, caller.organization_id, _USERS)
    return {name: known[clean] for name, clean in cleaned.items()}

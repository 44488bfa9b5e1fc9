"""/internal: what Convex's functions ask, in the name of the person who acts, and of presence in the organization's. In
no OpenAPI document."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from dfworx.shared.serve import CacheDep, Db
from dfworx.web.internal import actions
from dfworx.web.internal.schemas import (
    ContentSaved,
    Draft,
    DraftCreate,
    Mentioned,
    MessageSent,
    PeopleOnline,
    PostText,
    PostVersion,
)
from dfworx.web.internal_caller import InternalCaller, InternalOrganization
from dfworx.web.posts.actions import create_post
from dfworx.web.posts.schemas import PostCreate
from dfworx.web.presence.actions import replace_online

router = APIRouter(prefix="/internal", include_in_schema=False)


@router.get("/posts/{post_id}")
async def read_post_text(database: Db, caller: InternalCaller, post_id: UUID) -> PostText:
    return await actions.read_text(database, caller, post_id)


@router.put("/posts/{post_id}/content")
async def save_post_content(
    database: Db, cache: CacheDep, caller: InternalCaller, post_id: UUID, saved: ContentSaved
) -> PostVersion:
    return PostVersion(version=await actions.save_content(database, cache, caller, post_id, saved))


@router.post("/posts", status_code=201)
async def create_draft(database: Db, cache: CacheDep, caller: InternalCaller, draft: DraftCreate) -> Draft:
    post = PostCreate(title=draft.title, content=draft.content)
    written = await create_post(database, cache, caller, post)
    return Draft(post_id=written.post_id, slug=written.slug)


@router.post("/messages")
async def tell_of_message(
    database: Db, cache: CacheDep, caller: InternalCaller, sent: MessageSent
) -> Mentioned:
    return Mentioned(mentioned=await actions.tell_of_message(database, cache, caller, sent))


@router.put("/presence", status_code=204)
async def set_online(cache: CacheDep, organization_id: InternalOrganization, online: PeopleOnline) -> None:
    await replace_online(cache, organization_id, online.people)

"""/posts/{post_id}/revisions: read by who reads the post, as far as they were shown the words; never cached, since
it is seldom asked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, InvalidCursor, Limit, decode_cursor, encode_cursor
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import RequiredIfMatch, list_response, version_response
from dfworx.web.items import page_bytes
from dfworx.web.revisions import actions, queries
from dfworx.web.revisions.schemas import Difference, Revision, RevisionPage

_LAST_VERSION = 2**31 - 1

Version = Annotated[int, Path(ge=1, le=_LAST_VERSION)]
Against = Annotated[
    int | None, Query(ge=1, le=_LAST_VERSION, description="The version before, when not given")
]

router = APIRouter(prefix="/posts/{post_id}/revisions", tags=["revisions"])


@router.get("", response_model=RevisionPage, responses=problems(404))
async def list_revisions(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    post_id: UUID,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Newest first. What one person saves within five minutes is one revision. Readers see the words that the post
    had while they could read it, its author all."""
    found = await queries.list_revisions(database, caller, post_id, _decode_version(cursor), limit + 1)
    if found is None:
        raise NotFound
    items = orjson.loads(found)
    page = items[:limit]
    next_cursor = encode_cursor(page[-1]["version"]) if len(items) > limit else None
    return list_response(request, page_bytes(page, next_cursor))


@router.get("/{version}", response_model=Revision, responses=problems(404))
async def get_revision(
    request: Request, database: Db, caller: CurrentCaller, post_id: UUID, version: Version
) -> Response:
    body = await queries.find_revision(database, caller, post_id, version)
    if body is None:
        raise NotFound
    return list_response(request, body.encode())


@router.get("/{version}/diff", responses=problems(404))
async def compare_revisions(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    post_id: UUID,
    version: Version,
    against: Against = None,
) -> Difference:
    """What changed from `against` to this version, word by word; long stretches of what is the same are left out."""
    before, after = await actions.read_versions(database, caller, post_id, version, against)
    return await actions.compare(before, after, crowd=request.app.state.comparing)


@router.post("/{version}/restore", response_model=Revision, responses=problems(403, 404, 409, 412, 428))
async def restore_revision(
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    post_id: UUID,
    version: Version,
    if_match: RequiredIfMatch,
) -> Response:
    """The post gets these words as a new version. Needs `If-Match` with the post's ETag, as any edit does."""
    restored = await actions.restore_revision(database, cache, caller, post_id, version, if_match)
    return version_response(restored.body, restored.version)


def _decode_version(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [int(version)] if 1 <= version <= _LAST_VERSION:
            return version
    raise InvalidCursor

"""Files: uploading, attaching, and handing out. Who may see a post or comment sees its files; their bytes are fetched
from a signed address, so that an <img> can show them, and the database is asked again whenever it is followed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from dfworx.shared.byte_ranges import find_range
from dfworx.shared.caller import CurrentCaller, require_session
from dfworx.shared.context import Caller, Role
from dfworx.shared.errors import ApiError, Invalid, NotFound
from dfworx.shared.pages import Cursor, Limit, decode_place, encode_place
from dfworx.shared.serve import Db, problems
from dfworx.shared.storage import BlobMissing, Storage
from dfworx.web.conditional import CACHE_CONTROL, list_response
from dfworx.web.file_links import Disposition, FileLinks, Link
from dfworx.web.file_names import disposition as content_disposition
from dfworx.web.file_names import require_name
from dfworx.web.files import actions, queries
from dfworx.web.files.actions import Target
from dfworx.web.files.queries import FileRow
from dfworx.web.files.schemas import File, FileAttach, FilePage
from dfworx.web.items import page_bytes
from dfworx.web.media_types import delivered_as, is_shown_in_place, read_claim

router = APIRouter(tags=["files"])

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_RAW_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}}


def _storage(request: Request) -> Storage:
    storage: Storage = request.app.state.storage
    return storage


def _links(request: Request) -> FileLinks:
    links: FileLinks = request.app.state.file_links
    return links


StorageDep = Annotated[Storage, Depends(_storage)]
LinksDep = Annotated[FileLinks, Depends(_links)]


@router.post(
    "/files",
    status_code=201,
    response_model=File,
    responses=problems(400, 403, 408, 409, 413),
    openapi_extra=_RAW_BODY,
)
async def upload_file(
    request: Request,
    database: Db,
    storage: StorageDep,
    links: LinksDep,
    caller: CurrentCaller,
    name: Annotated[str, Query(max_length=1000, description="What people call the file, as in report.pdf")],
    post_id: Annotated[UUID | None, Query(description="A post that the caller may change")] = None,
    comment_id: Annotated[UUID | None, Query(description="A comment of the caller")] = None,
) -> Response:
    """The body is the file, as it is. Its Content-Type may say what it is and is then compared with the bytes. A file
    that is attached to nothing within a day is deleted."""
    try:
        if post_id is not None and comment_id is not None:
            raise Invalid("A file is attached to a post or to a comment. Send post_id or comment_id.")
        claim = read_claim(request.headers.get("content-type", ""), require_name(name))
        target = Target(post_id, comment_id)
        item = await actions.upload_file(
            database, storage, caller, claim, target, request, request.app.state.upload_limits
        )
    except ApiError as error:
        # What of the body wasn't read isn't waited for.
        error.headers["Connection"] = "close"
        raise
    file = _with_addresses(links, caller, orjson.loads(item))
    return _file_response(file, 201, location=f"/api/web/files/{file['file_id']}")


@router.get("/files/{file_id}", response_model=File, responses=problems(404))
async def get_file(database: Db, links: LinksDep, caller: CurrentCaller, file_id: UUID) -> Response:
    async with database.read(caller) as reader:
        item = await queries.find_file(reader, caller.organization_id, file_id)
    if item is None:
        raise NotFound
    return _file_response(_with_addresses(links, caller, orjson.loads(item)))


@router.patch("/files/{file_id}", response_model=File, responses=problems(403, 404))
async def attach_file(
    database: Db, links: LinksDep, caller: CurrentCaller, file_id: UUID, place: FileAttach
) -> Response:
    """By who uploaded it, to what they may change. It then is seen by who sees that."""
    item = await actions.attach_file(database, caller, file_id, Target(place.post_id, place.comment_id))
    return _file_response(_with_addresses(links, caller, orjson.loads(item)))


@router.delete("/files/{file_id}", status_code=204, responses=problems(403, 404))
async def delete_file(database: Db, storage: StorageDep, caller: CurrentCaller, file_id: UUID) -> None:
    """By who uploaded it, moderators and admins."""
    await actions.delete_file(database, storage, caller, file_id)


@router.get("/posts/{post_id}/files", response_model=FilePage, responses=problems(404))
async def list_post_files(
    request: Request,
    database: Db,
    links: LinksDep,
    caller: CurrentCaller,
    post_id: UUID,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What is attached to the post itself, in the order in which it came."""
    after = decode_place(cursor)
    async with database.read(caller) as reader:
        if await queries.find_post(reader, caller.organization_id, post_id) is None:
            raise NotFound
        found = await queries.list_post_files(reader, caller.organization_id, post_id, after, limit + 1)
    return _page(request, links, caller, found, limit)


@router.get("/comments/{comment_id}/files", response_model=FilePage, responses=problems(404))
async def list_comment_files(
    request: Request,
    database: Db,
    links: LinksDep,
    caller: CurrentCaller,
    comment_id: UUID,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    after = decode_place(cursor)
    async with database.read(caller) as reader:
        if await queries.find_comment(reader, caller.organization_id, comment_id) is None:
            raise NotFound
        found = await queries.list_comment_files(reader, caller.organization_id, comment_id, after, limit + 1)
    return _page(request, links, caller, found, limit)


@router.get(
    "/files/{file_id}/content",
    response_class=Response,
    responses={
        200: {"description": "The bytes", "content": {"*/*": _BYTES}},
        206: {"description": "Those of one range", "content": {"*/*": _BYTES}},
        304: {"description": "Unchanged since the ETag in If-None-Match"},
        **problems(403, 404, 416),
    },
)
async def get_file_content(
    request: Request,
    database: Db,
    storage: StorageDep,
    links: LinksDep,
    file_id: UUID,
    organization: UUID,
    person: UUID,
    role: Role,
    session: UUID,
    expires: int,
    disposition: Disposition,
    signature: str,
) -> Response:
    """The `url` of a file, which needs no token: it is signed, for the person who asked for it, and ends with their
    session. Follow it as it is. One range of bytes may be asked for."""
    link = Link(file_id, Caller(person, organization, role, session), expires, disposition)
    caller = links.require(link, signature)
    await require_session(request, caller)
    async with database.read(caller) as reader:
        file = await queries.find_file_row(reader, caller.organization_id, file_id)
    if file is None:
        raise NotFound
    return await _content(request, storage, file, disposition)


async def _content(request: Request, storage: Storage, file: FileRow, disposition: Disposition) -> Response:
    tag = f'"{file.sha256.hex()}"'
    headers = _content_headers(file, disposition, tag)
    if tag in [
        each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")
    ]:
        return Response(status_code=304, headers=headers)
    some = find_range(request.headers.get("range"), request.headers.get("if-range"), tag, file.size_bytes)
    start, end = some or (0, file.size_bytes)
    try:
        chunks = await storage.read(file.storage_key, start, end)
    except BlobMissing:
        raise NotFound from None
    headers["Content-Length"] = str(end - start)
    if some:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size_bytes}"
    return StreamingResponse(chunks, 206 if some else 200, headers, delivered_as(file.media_type))


def _content_headers(file: FileRow, disposition: Disposition, tag: str) -> dict[str, str]:
    shown = disposition == "inline" and is_shown_in_place(file.media_type)
    return {
        "ETag": tag,
        # A gateway that compressed it would make other bytes of the ones that the ranges count.
        "Cache-Control": f"{CACHE_CONTROL}, no-transform",
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition("inline" if shown else "attachment", file.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _page(request: Request, links: FileLinks, caller: Caller, found: str, limit: int) -> Response:
    items = orjson.loads(found)
    page = [_with_addresses(links, caller, item) for item in items[:limit]]
    more = len(items) > limit
    next_cursor = encode_place(page[-1]["created_at"], page[-1]["file_id"]) if more else None
    return list_response(request, page_bytes(page, next_cursor))


def _with_addresses(links: FileLinks, caller: Caller, item: dict[str, Any]) -> dict[str, Any]:
    file_id = UUID(item["file_id"])
    item["url"] = links.address(caller, file_id, "inline")
    item["download_url"] = links.address(caller, file_id, "attachment")
    return item


def _file_response(file: dict[str, Any], status: int = 200, *, location: str | None = None) -> Response:
    headers = {"Location": location} if location else {}
    return Response(orjson.dumps(file), status, headers, "application/json")

"""Writing files. Bytes and row can't be written in one transaction, so the order keeps the promise: a row only ever
names bytes that are complete, and bytes that no row names are taken by the sweep (worker). What is refused leaves
neither: the verdict on an upload falls before its bytes are complete."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, OutcomeUnknown, Reader
from dfworx.shared.errors import ApiError, Invalid, NotAllowed, NotFound
from dfworx.shared.storage import Storage, StorageAway, new_storage_key
from dfworx.web.files import queries
from dfworx.web.inspection import Found, Inspection
from dfworx.web.media_types import Claim

logger = logging.getLogger("dfworx.files")


class FileTooLarge(ApiError):
    status = 413
    code = "file_too_large"


class UploadTooSlow(ApiError):
    status = 408
    code = "upload_too_slow"
    detail = "The file came too slowly, and nothing of it was kept. Send it again over a better connection."


class UploadBroken(ApiError):
    status = 400
    code = "upload_broken"
    detail = "The connection ended before the file did, and nothing of it was kept. Send it again."


class EmptyFile(Invalid):
    code = "empty_file"
    detail = "There is nothing in this file. Send its bytes as the body of the request."


class UnknownPlace(Invalid):
    code = "unknown_place"
    detail = "The post or comment to attach to doesn't exist, or it isn't shared with you."


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one upload may take."""

    most_bytes: int
    seconds: float = 600.0
    """From its first byte to its last."""
    idle_seconds: float = 30.0
    """Between two pieces."""

    def too_large(self) -> FileTooLarge:
        return FileTooLarge(f"A file may have {self.most_bytes // 1_000_000} MB at most. Send a smaller one.")


class Target(NamedTuple):
    """What a file is attached to: one of the two, or nothing yet."""

    post_id: UUID | None
    comment_id: UUID | None


async def upload_file(
    database: Database,
    storage: Storage,
    caller: Caller,
    claim: Claim,
    target: Target,
    request: Request,
    limits: UploadLimits,
) -> str:
    """Raises FileTooLarge, UploadTooSlow, UploadBroken, and what Inspection and `require_target` do."""
    _require_small_enough(request, limits)
    if target.post_id is not None or target.comment_id is not None:
        async with database.read(caller) as reader:
            await require_target(reader, caller, target)
    key = new_storage_key(caller.organization_id)
    with Inspection(claim) as inspection:
        async with storage.write(key) as sink:
            async for chunk in _pieces(request, limits):
                inspection.look(chunk)
                await sink.write(chunk)
            found = await inspection.conclude()
            if not found.size_bytes:
                raise EmptyFile
    try:
        return await _insert(database, caller, claim.name, target, found, key)
    except OutcomeUnknown:
        raise  # the row may be there; if it isn't, the sweep finds the bytes
    except ApiError:
        await _forget(storage, key)
        raise


async def attach_file(database: Database, caller: Caller, file_id: UUID, target: Target) -> str:
    async with database.write(caller) as writer:
        file = await queries.find_file_row(writer, caller.organization_id, file_id)
        if file is None:
            raise NotFound
        if file.user_id != caller.user_id:
            raise NotAllowed("Only who uploaded this file can attach it.")
        await require_target(writer, caller, target)
        await queries.update_place(
            writer, caller.organization_id, file_id, post_id=target.post_id, comment_id=target.comment_id
        )
        return await _written(writer, caller, file_id)


async def delete_file(database: Database, storage: Storage, caller: Caller, file_id: UUID) -> None:
    async with database.write(caller) as writer:
        if await queries.find_file_row(writer, caller.organization_id, file_id) is None:
            raise NotFound
        storage_key = await queries.delete_file(writer, caller.organization_id, file_id)
        if storage_key is None:
            raise NotAllowed("Only who uploaded this file and moderators can delete it.")
    # Only once it is certain that the row is gone: a row without its bytes is what nothing mends.
    await _forget(storage, storage_key)


async def require_target(reader: Reader, caller: Caller, target: Target) -> None:
    """Raises UnknownPlace, and NotAllowed for what the caller may only read."""
    if target.post_id is not None:
        post = await queries.find_post(reader, caller.organization_id, target.post_id)
        if post is None:
            raise UnknownPlace
        moderated = caller.role in ("admin", "moderator") and post.visibility == "organization"
        if post.user_id != caller.user_id and not moderated:
            raise NotAllowed("Only its author and moderators can attach files to this post.")
    if target.comment_id is not None:
        comment = await queries.find_comment(reader, caller.organization_id, target.comment_id)
        if comment is None or comment.removed:
            raise UnknownPlace
        if comment.user_id != caller.user_id:
            raise NotAllowed("Only its author can attach files to this comment.")


async def _insert(
    database: Database, caller: Caller, name: str, target: Target, found: Found, key: str
) -> str:
    async with database.write(caller) as writer:
        # Asked again: an upload may take minutes, and the post may have gone meanwhile.
        await require_target(writer, caller, target)
        file_id = await queries.insert_file(
            writer,
            caller.organization_id,
            user_id=caller.user_id,
            post_id=target.post_id,
            comment_id=target.comment_id,
            name=name,
            media_type=found.media_type,
            size_bytes=found.size_bytes,
            sha256=found.sha256,
            measures=found.measures,
            storage_key=key,
        )
        return await _written(writer, caller, file_id)


async def _written(reader: Reader, caller: Caller, file_id: UUID) -> str:
    item = await queries.find_file(reader, caller.organization_id, file_id)
    if item is None:
        raise NotFound
    return item


async def _forget(storage: Storage, key: str) -> None:
    try:
        await storage.delete([key])
    except StorageAway:
        logger.warning("Bytes that no file names stay in the storage until the next sweep: %s", key)


def _require_small_enough(request: Request, limits: UploadLimits) -> None:
    """Before anything is read, when the request says how much it carries."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > limits.most_bytes:
        raise limits.too_large()


async def _pieces(request: Request, limits: UploadLimits) -> AsyncIterator[bytes]:
    """The body as it comes. A server hands over pieces of at most 64 KB."""
    clock = asyncio.get_running_loop().time
    ends = clock() + limits.seconds
    stream = aiter(request.stream())
    received = 0
    while True:
        try:
            async with asyncio.timeout(max(0.0, min(limits.idle_seconds, ends - clock()))):
                piece = await anext(stream, None)
        except TimeoutError:
            raise UploadTooSlow from None
        except ClientDisconnect:
            raise UploadBroken from None
        if piece is None:
            return
        received += len(piece)
        if received > limits.most_bytes:
            raise limits.too_large()
        if piece:
            yield piece

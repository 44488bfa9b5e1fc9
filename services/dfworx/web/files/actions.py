"""Writing files. Bytes and row can't be written in one transaction, so the order keeps the promise: a row only ever
names bytes that are complete, and bytes that no row names are taken by the sweep (worker). What is refused leaves
neither: the verdict on an upload falls before its bytes are complete. Bytes count against their organization's quota
from before the first of them is written until they are gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, OutcomeUnknown, Reader
from dfworx.shared.errors import ApiError, Conflict, Invalid, NotAllowed, NotFound
from dfworx.shared.organization_settings import STORAGE_GIGABYTES, UPLOAD_MEGABYTES
from dfworx.shared.storage import Storage, StorageAway, new_storage_key
from dfworx.web.files import queries
from dfworx.web.inspection import Found, Inspection
from dfworx.web.media_types import Claim

logger = logging.getLogger("dfworx.files")


class FileTooLarge(ApiError):
    status = 413
    code = "file_too_large"


class StorageFull(ApiError):
    status = 413
    code = "storage_full"


class TooManyUnattached(Conflict):
    code = "too_many_unattached"


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


LEAST_COUNTED = 4096
"""A file takes so much of a disk at least."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one upload may take, and all together."""

    most_bytes: int
    quota_bytes: int = 10_000_000_000
    """Of all that an organization keeps."""
    most_unattached: int = 100
    """Files of one person that are attached to nothing."""
    seconds: float = 600.0
    """From its first byte to its last."""
    idle_seconds: float = 30.0
    """Between two pieces."""

    def within(self, megabytes: int | None, gigabytes: int | None) -> UploadLimits:
        """As an organization has set them, which may ask for less than the install and not for more."""
        most = self.most_bytes if megabytes is None else min(self.most_bytes, megabytes * 1_000_000)
        quota = self.quota_bytes if gigabytes is None else min(self.quota_bytes, gigabytes * 1_000_000_000)
        return replace(self, most_bytes=most, quota_bytes=quota)

    def too_large(self) -> FileTooLarge:
        return FileTooLarge(f"A file may have {self.most_bytes // 1_000_000} MB at most. Send a smaller one.")

    def full(self) -> StorageFull:
        return StorageFull(
            f"Your organization's files may take {self.quota_bytes / 1_000_000_000:g} GB in all, and there is no room"
            " left for this one. Delete some that nobody needs, then send it again."
        )

    def unattached(self) -> TooManyUnattached:
        return TooManyUnattached(
            f"{self.most_unattached} of your files are attached to nothing. Attach some to a post or comment, or"
            " delete them, then send this one again."
        )


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
    """Raises FileTooLarge, StorageFull, TooManyUnattached, UploadTooSlow, UploadBroken, and what Inspection and
    `require_target` do."""
    async with database.read(caller) as reader:
        limits = limits.within(await UPLOAD_MEGABYTES.read(reader), await STORAGE_GIGABYTES.read(reader))
        reserved = _expected_bytes(request, limits)
        await require_target(reader, caller, target)
        await _require_few_unattached(reader, caller, target, limits)
    key = new_storage_key(caller.organization_id)
    async with database.write(caller, beside=True) as writer:
        if not await queries.reserve_storage(writer, key, reserved, limits.quota_bytes):
            raise limits.full()
    try:
        found = await _store(storage, key, claim, _pieces(request, limits, reserved))
    except BaseException:
        await _release(database, caller, key)
        raise
    try:
        return await _insert(database, caller, claim.name, target, found, key, reserved)
    except OutcomeUnknown:
        raise  # the row may be there; if it isn't, the sweep finds the bytes
    except ApiError:
        await _forget(database, storage, caller, key)
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
    await _forget(database, storage, caller, storage_key)


async def require_target(reader: Reader, caller: Caller, target: Target) -> None:
    """Raises UnknownPlace, and NotAllowed for what the caller may only read."""
    if target.post_id is not None:
        post = await queries.find_post(reader, caller.organization_id, target.post_id)
        if post is None:
            raise UnknownPlace
        moderated = caller.role in ("admin", "moderator") and post.visibility == "organization"
        if post.user_id != caller.user_id and not moderated and not post.edited:
            raise NotAllowed("Only its author, its editors and moderators can attach files to this post.")
    if target.comment_id is not None:
        comment = await queries.find_comment(reader, caller.organization_id, target.comment_id)
        if comment is None or comment.removed:
            raise UnknownPlace
        if comment.user_id != caller.user_id:
            raise NotAllowed("Only its author can attach files to this comment.")


async def _require_few_unattached(
    reader: Reader, caller: Caller, target: Target, limits: UploadLimits
) -> None:
    if target != (None, None):
        return
    most = limits.most_unattached
    if await queries.count_unattached(reader, caller.organization_id, caller.user_id, most) >= most:
        raise limits.unattached()


async def _store(storage: Storage, key: str, claim: Claim, pieces: AsyncIterator[bytes]) -> Found:
    with Inspection(claim) as inspection:
        async with storage.write(key) as sink:
            async for chunk in pieces:
                inspection.look(chunk)
                await sink.write(chunk)
            found = await inspection.conclude()
            if not found.size_bytes:
                raise EmptyFile
    return found


async def _insert(
    database: Database, caller: Caller, name: str, target: Target, found: Found, key: str, reserved: int
) -> str:
    async with database.write(caller) as writer:
        # Asked again: an upload may take minutes, and the post may have gone meanwhile.
        await require_target(writer, caller, target)
        if (counted := max(found.size_bytes, LEAST_COUNTED)) != reserved:
            await queries.settle_storage(writer, key, counted)
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


async def _forget(database: Database, storage: Storage, caller: Caller, key: str) -> None:
    try:
        await storage.delete([key])
    except StorageAway:
        logger.warning("Bytes that no file names stay in the storage until the next sweep: %s", key)
    else:
        await _release(database, caller, key)


async def _release(database: Database, caller: Caller, key: str) -> None:
    """The bytes are gone, and count no more."""
    try:
        async with database.write(caller, beside=True) as writer:
            await queries.settle_storage(writer, key, 0)
    except ApiError:
        logger.warning("Bytes that are gone are counted until the next sweep: %s", key)


def _expected_bytes(request: Request, limits: UploadLimits) -> int:
    """What must have a place before anything is read: as much as the request says that it carries, or may carry when
    it doesn't say."""
    told = request.headers.get("content-length", "")
    if not told.isdecimal():
        return max(LEAST_COUNTED, min(limits.most_bytes, limits.quota_bytes))
    if int(told) > limits.most_bytes:
        raise limits.too_large()
    return max(LEAST_COUNTED, int(told))


async def _pieces(request: Request, limits: UploadLimits, reserved: int) -> AsyncIterator[bytes]:
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
        if received > reserved:
            raise limits.full()
        if piece:
            yield piece

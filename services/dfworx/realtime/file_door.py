"""Files over HTTP: sent to the address that `generateUploadUrl()` gave, read from the one that `getUrl()` gave.

Anybody may send bytes of any type, and in an install they come from the origin of the app itself. So no browser is let
to run any of them: what it opens as a page stands in an origin of its own, without scripts, and scripts are told to be
text.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from json import dumps
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dfworx.realtime.engine.committer import WritesStopped
from dfworx.realtime.engine.files import Content
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.file_addresses import UploadRefused
from dfworx.realtime.runtime.files import MOST_FILE_BYTES, FileTooLarge, WrongDigest
from dfworx.shared.byte_ranges import RangeNotThere, find_range
from dfworx.shared.storage import BlobMissing, StorageAway

KEPT_SECONDS = 30 * 86_400
"""By browsers: what is under an address never changes."""
UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}(?:\s*;[\t\x20-\x7e]{0,200})?", re.ASCII)
_SCRIPT = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma|j|live)script(?:1\.[0-5])?")
_PDF = "application/pdf"
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=([A-Za-z0-9+/=]+)\s*(?:,|$)", re.IGNORECASE)
_SHOWN = "Accept-Ranges, Content-Length, Content-Range, Digest, ETag"


class UploadStopped(Exception):
    """The bytes don't come, or come too slowly; the message says so to whoever sends them."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What uploads may take, of one another and of the disk."""

    at_once: int = 128
    idle_seconds: float = 30.0
    """Between two pieces."""
    first_seconds: float = 60.0
    least_per_second: int = 16_384
    """What must come on average, once the first seconds are over."""
    room_bytes: int = 500_000_000
    """That documents are left on their disk."""


class FileDoor:
    def __init__(self, deployment: Deployment, limits: UploadLimits) -> None:
        self._deployment = deployment
        self._limits = limits
        self._uploads = 0

    async def upload(self, request: Request) -> Response:
        try:
            self._deployment.file_addresses.require_upload(request.query_params.get("token", ""), time.time())
            async with self._one_more(request):
                document = await self._deployment.files.store(
                    self._pieces(request),
                    _content_type(request.headers.get("content-type")),
                    _digest(request.headers.get("digest")),
                )
        except UploadRefused as error:
            return refuse(401, "InvalidUploadToken", str(error))
        except FileTooLarge as error:
            return refuse(413, "FileTooLarge", str(error))
        except WrongDigest as error:
            return refuse(400, "WrongDigest", str(error))
        except (UploadStopped, ClientDisconnect) as error:
            return refuse(408, "UploadStopped", str(error))
        except _NoRoom as error:
            return refuse(503, "Overloaded", str(error))
        except (StorageAway, WritesStopped) as error:
            return refuse(503, "StorageUnavailable", str(error))
        return Response(dumps({"storageId": document}), media_type="application/json")

    async def read(self, request: Request) -> Response:
        files = self._deployment.files
        file = files.find(request.path_params["address"].lower())
        if file is None:
            return _absent()
        content = file.content
        tag = f'"{content.sha256.hex()}"'
        headers = _headers(content, tag)
        if tag in [
            each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")
        ]:
            return Response(status_code=304, headers=headers)
        asked = request.headers.get("range"), request.headers.get("if-range")
        try:
            some = find_range(*asked, tag, content.size)
        except RangeNotThere as error:
            return refuse(416, "RangeNotSatisfiable", str(error), error.headers)
        start, end = some or (0, content.size)
        headers["Content-Length"] = str(end - start)
        if some:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
        status = 206 if some else 200
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        try:
            return StreamingResponse(await files.stream(file, start, end), status, headers)
        except BlobMissing:
            return _absent()
        except StorageAway as error:
            return refuse(503, "StorageUnavailable", str(error))

    @asynccontextmanager
    async def _one_more(self, request: Request) -> AsyncIterator[None]:
        """Raises FileTooLarge, _NoRoom: before anything of it is read."""
        told = request.headers.get("content-length", "")
        size = int(told[:20]) if told.isdecimal() else 0
        if size > MOST_FILE_BYTES:
            raise FileTooLarge(f"A file may have {MOST_FILE_BYTES // 1_000_000} MB at most.")
        if self._uploads >= self._limits.at_once:
            raise _NoRoom("Too many files are being sent at once. Send this one again in a moment.")
        await self._require_room(size)
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    async def _require_room(self, size: int) -> None:
        """A full disk would stop every mutation. Raises _NoRoom."""
        folder = Path(self._deployment.path).parent
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
        if usage.free - size < self._limits.room_bytes:
            raise _NoRoom("There is no room left for files on this deployment's disk.")

    async def _pieces(self, request: Request) -> AsyncIterator[bytes]:
        """The body as it comes. Raises UploadStopped, ClientDisconnect, _NoRoom."""
        limits, clock = self._limits, asyncio.get_running_loop().time
        began, received, looked = clock(), 0, 0
        stream = aiter(request.stream())
        while True:
            ends = began + limits.first_seconds + received / limits.least_per_second
            try:
                async with asyncio.timeout(max(0.0, min(limits.idle_seconds, ends - clock()))):
                    piece = await anext(stream, None)
            except TimeoutError:
                raise UploadStopped("The file came too slowly, and nothing of it was kept.") from None
            if piece is None:
                return
            received += len(piece)
            if received - looked > limits.room_bytes // 8:
                looked = received
                await self._require_room(0)
            yield piece


class _NoRoom(Exception):
    """For one more upload; the message says why."""


def file_routes(deployment: Deployment, limits: UploadLimits | None = None) -> list[Route]:
    door = FileDoor(deployment, limits or UploadLimits())
    return [
        Route("/api/storage/upload", door.upload, methods=["POST"]),
        Route("/api/storage/{address}", door.read, methods=["GET"]),
    ]


def refuse(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """What of the body wasn't read isn't waited for."""
    told = dumps({"code": code, "message": message}, ensure_ascii=False)
    more = {"Connection": "close", "Cache-Control": "no-store", **(headers or {})}
    return Response(told.encode(), status, more, "application/json")


def _absent() -> Response:
    return refuse(404, "FileNotFound", "There is no file at this address, or it was deleted.")


def _headers(content: Content, tag: str) -> dict[str, str]:
    kind = _content_type(content.content_type) or UNKNOWN
    essence = kind.partition(";")[0].strip().lower()
    return {
        # Also what a page of this origin would name in <script src>.
        "Content-Type": "text/plain; charset=utf-8" if _SCRIPT.fullmatch(essence) else kind,
        "ETag": tag,
        "Digest": f"sha-256={b64encode(content.sha256).decode()}",
        # A gateway that compressed it would make other bytes of the ones that the ranges count.
        "Cache-Control": f"private, max-age={KEPT_SECONDS}, no-transform",
        "Accept-Ranges": "bytes",
        "Access-Control-Expose-Headers": _SHOWN,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    } | ({} if essence == _PDF else {"Content-Security-Policy": _SANDBOX})


_SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'"
"""Not for a PDF: browsers show one in a viewer of their own, which a sandbox would keep from working."""


def _content_type(told: str | None) -> str | None:
    """None for what is no media type, whoever said it: it is a header of an answer."""
    return told if told and _TYPE.fullmatch(told) else None


def _digest(header: str | None) -> str | None:
    """Raises WrongDigest for one that isn't sha-256's."""
    if header is None:
        return None
    found = _DIGEST.search(header)
    if found is None:
        raise WrongDigest("Digest must be sha-256=<base64 of the digest>.")
    return found[1]

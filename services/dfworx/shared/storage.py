"""The bytes of files, in object storage: a folder, or a bucket. Keys are a group and a random name in it, never a name
that somebody chose. Opened at the first use, so that a service starts without it; when it doesn't answer, that is 503.
What was begun and not completed is never seen by a reader."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from dfworx.shared.errors import Unavailable
from dfworx.shared.settings import Settings

logger = logging.getLogger("dfworx.storage")

_PART_BYTES = 8 << 20  # an upload keeps two of these in memory at most; S3 takes no smaller parts than 5 MB
_FOLDER_PART_BYTES = 1 << 20
_READ_BYTES = 256 << 10
_LISTED = 500


class StorageAway(Unavailable):
    code = "storage_unavailable"
    detail = "The storage for files doesn't answer. Try again in a moment; nothing was saved."


class BlobMissing(Exception):
    """Nothing is stored under the key."""


def new_storage_key(group: UUID | str) -> str:
    return f"{group}/{uuid4().hex}"


class Sink:
    """Where the bytes of an upload go."""

    def __init__(self, writer: obstore.AsyncWritableFile) -> None:
        self._writer = writer

    async def write(self, chunk: bytes) -> None:
        with _told():
            await self._writer.write(chunk)


class Storage:
    """Of one install, or of one deployment of functions."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """`url` is a bucket's, in place of the folder."""
        self._url = url
        self._folder = folder
        self._store: ObjectStore | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.home / "files", settings.files_url)

    @asynccontextmanager
    async def write(self, key: str) -> AsyncIterator[Sink]:
        """Whole at the end of the block; when that raises, not at all. Raises StorageAway."""
        with _told():
            store = await self._open()
            size = _PART_BYTES if self._url else _FOLDER_PART_BYTES
            writer = obstore.open_writer_async(store, key, buffer_size=size, max_concurrency=1)
            await writer.__aenter__()
        try:
            yield Sink(writer)
        except BaseException as error:
            with _told():
                await writer.__aexit__(type(error), error, error.__traceback__)
            raise
        with _told():
            await writer.__aexit__(None, None, None)

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from start up to end, which must not be empty: the first of them are here before this returns.
        Raises BlobMissing, StorageAway."""
        with _told():
            try:
                found = await obstore.get_async(await self._open(), key, options={"range": (start, end)})
            except FileNotFoundError:
                raise BlobMissing from None
        chunks = aiter(found.stream(_READ_BYTES))
        with _told():
            first = bytes(await anext(chunks))
        return _rest(first, chunks)

    def read_now(self, key: str) -> Iterator[bytes]:
        """All bytes, for a thread. Raises BlobMissing, StorageAway."""
        with _told():
            self._store = self._store or _connect(self._url, self._folder)
            try:
                yield from map(bytes, obstore.get(self._store, key).stream(_READ_BYTES))
            except FileNotFoundError:
                raise BlobMissing from None

    async def delete(self, keys: Sequence[str]) -> None:
        """Also what isn't there any more. Raises StorageAway."""
        with _told():
            store = await self._open()
            for key in keys:
                try:
                    await obstore.delete_async(store, key)
                except FileNotFoundError:
                    continue

    async def list_keys(self, *, older_than: timedelta) -> AsyncIterator[list[str]]:
        """Pages of keys whose bytes were complete so long ago. Raises StorageAway."""
        before = datetime.now(UTC) - older_than
        with _told():
            pages = aiter(obstore.list(await self._open(), chunk_size=_LISTED))
        while True:
            with _told():
                page = await anext(pages, None)
            if page is None:
                return
            yield [str(blob["path"]) for blob in page if blob["last_modified"] < before]

    async def clear_parts(self, *, older_than: timedelta) -> int:
        """Takes away what uploads have left in the folder whose process was killed, and says how much that was. A
        bucket ends unfinished uploads by a rule of its own."""
        if self._url:
            return 0
        before = datetime.now(UTC).timestamp() - older_than.total_seconds()
        with _told():
            return await asyncio.to_thread(_clear_parts, self._folder, before)

    async def _open(self) -> ObjectStore:
        if self._store is None:
            self._store = await asyncio.to_thread(_connect, self._url, self._folder)
        return self._store


def _connect(url: str | None, folder: Path) -> ObjectStore:
    if url:
        return from_url(url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder)


def _clear_parts(folder: Path, before: float) -> int:
    """obstore writes KEY#1, which no listing shows, and renames it when it is complete."""
    cleared = 0
    for part in folder.glob("*/*#*"):
        if part.stat().st_mtime < before:
            part.unlink(missing_ok=True)
            cleared += 1
    return cleared


async def _rest(first: bytes, chunks: obstore.BytesStream) -> AsyncIterator[bytes]:
    yield first
    async for chunk in chunks:
        yield bytes(chunk)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        # The rest of its lines are obstore's own insides.
        logger.warning("The storage for files doesn't answer: %s", str(error).partition("\n")[0])
        raise StorageAway from error

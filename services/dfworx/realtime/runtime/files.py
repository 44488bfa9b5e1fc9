"""Files of a deployment: bytes in a storage, documents that tell of them in transactions.

Bytes are there before any document names them and until none does any more, so a document never names what isn't
there. What no document names goes: after the commit that deleted the file, after an upload that failed, and, if this
process was killed in between, in the sweep at the next start.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from base64 import b64decode
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from dfworx.realtime.engine.files import Content, File, find_address, find_stored, insert_file, is_named
from dfworx.realtime.engine.store import Store
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.shared.storage import BlobMissing, Storage, StorageAway, new_storage_key

MOST_FILE_BYTES = 1_000_000_000
MOST_READ_BYTES = 100_000_000
"""Of a file that an action takes into its memory."""
SWEPT_AFTER = timedelta(days=1)
"""So long bytes without a document are kept: whoever puts back an older documents' file can take that back."""

log = logging.getLogger(__name__)
Write = Callable[[Callable[[Transaction], str]], Awaitable[str]]
"""Does something to documents in a transaction of its own; what that gave, once the disk has it."""


class FileTooLarge(BadCall):
    """More bytes than a file may have."""


class WrongDigest(BadCall):
    """The bytes aren't those whose digest was told."""


class Files:
    def __init__(self, storage: Storage, store: Store, write: Write) -> None:
        """`store` reads what is committed."""
        self._storage = storage
        self._store = store
        self._write = write
        self._arriving: set[str] = set()
        """Keys of bytes that no document names as yet."""
        self._leaving: list[str] = []
        """Keys of files that mutations delete which aren't over."""
        self._gone: list[str] = []
        """Of those that are over."""
        self._held = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Before anything is stored."""
        await self._storage.clear_parts(older_than=timedelta(0))
        self._sweeping = self._start(self.sweep())

    async def store(
        self, content: bytes | AsyncIterable[bytes], content_type: str | None, sha256: str | None = None
    ) -> str:
        """The new file's id. `sha256` is what its digest must be, as hex or base64. Raises FileTooLarge, WrongDigest,
        StorageAway, WritesStopped; then nothing is left of it."""
        with self.arriving() as key:
            stored = await self.put(key, content, content_type, sha256)
            return await self._write(lambda transaction: insert_file(transaction, stored, uuid4()))

    @contextmanager
    def arriving(self) -> Iterator[str]:
        """A new key, whose bytes go when the block fails and no document names them."""
        key = new_storage_key(secrets.token_hex(1))
        self._arriving.add(key)
        try:
            yield key
        except Exception:
            # Who is cancelled doesn't know whether it was written: then the sweep looks.
            self._start(self._drop([key]))
            raise
        finally:
            self._arriving.discard(key)

    async def put(
        self,
        key: str,
        content: bytes | AsyncIterable[bytes],
        content_type: str | None,
        digest: str | None = None,
    ) -> Content:
        """Bytes that no document names. Raises FileTooLarge, WrongDigest, StorageAway."""
        wanted = None if digest is None else _read_digest(digest)
        seen, size = sha256(), 0
        async with self._storage.write(key) as sink:
            async for piece in _pieces(content):
                size += len(piece)
                if size > MOST_FILE_BYTES:
                    raise FileTooLarge(f"A file may have {MOST_FILE_BYTES // 1_000_000} MB at most.")
                seen.update(piece)
                await sink.write(piece)
            if wanted is not None and seen.digest() != wanted:
                raise WrongDigest(
                    "The sha256 that was told isn't that of the bytes that came. Send the file again."
                )
        return Content(key, size, seen.digest(), content_type or None)

    async def read(self, given: str) -> tuple[str | None, bytes] | None:
        """The content type and all bytes of a file, by its id; None when there is none. Raises FileTooLarge, BadCall,
        StorageAway."""
        file = find_stored(self._store, given)
        if file is None:
            return None
        if file.content.size > MOST_READ_BYTES:
            raise FileTooLarge(
                f"File {file.document} has more than the {MOST_READ_BYTES // 1_000_000} MB that an action may take at "
                "once. Give its address to whoever needs it."
            )
        with suppress(BlobMissing):
            parts = [part async for part in await self.stream(file, 0, file.content.size)]
            return file.content.content_type, b"".join(parts)
        return None

    def read_now(self, content: Content) -> Iterator[bytes]:
        """As `stream`, all of it, for a thread. Raises BlobMissing, StorageAway."""
        return self._storage.read_now(content.key)

    def find(self, address: str) -> File | None:
        """As the last commit has it."""
        return find_address(self._store, address)

    async def stream(self, file: File, start: int, end: int) -> AsyncIterator[bytes]:
        """Raises BlobMissing, StorageAway."""
        if start == end:
            return _pieces(b"")
        return await self._storage.read(file.content.key, start, end)

    def leave(self, key: str) -> None:
        """That a mutation deletes the file; whether that stands is known when it is over."""
        self._leaving.append(key)

    def settle(self) -> None:
        """After a commit, when no mutation is on its way: what was deleted goes."""
        leaving, self._leaving = self._leaving, []
        self.let_go(leaving)

    def let_go(self, keys: Sequence[str] = ()) -> None:
        """Of bytes that documents no longer name."""
        self._gone += keys
        if self._gone and not self._held:
            keys, self._gone = self._gone, []
            self._start(self._drop(keys))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Meanwhile no bytes go, whatever is deleted."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self.let_go()

    async def sweep(self, age: timedelta = SWEPT_AFTER) -> None:
        """What an earlier process has left."""
        async for keys in self._storage.list_keys(older_than=age):
            await self._drop(keys)

    async def quiet(self) -> None:
        """Until no bytes are on their way out."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()
        await self.quiet()
        self._store.connection.close()

    async def _drop(self, keys: list[str]) -> None:
        gone = [key for key in keys if key not in self._arriving and not is_named(self._store, key)]
        await self._storage.delete(gone)

    def _start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(_told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _told(work: Awaitable[None]) -> None:
    try:
        await work
    except StorageAway:
        log.warning("Bytes that no file needs any more stay in the storage until a sweep finds them.")


async def _pieces(content: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        if content:
            yield content
        return
    async for piece in content:
        yield piece


def _read_digest(told: str) -> bytes:
    try:
        read = bytes.fromhex(told) if len(told) == 64 else b64decode(told, validate=True)
    except ValueError:
        read = b""
    if len(read) != 32:
        raise WrongDigest("A sha256 is 32 bytes, written as hex or base64.")
    return read

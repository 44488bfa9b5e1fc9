"""Files that nobody needs: uploads that were attached to nothing within a day, and bytes that no row names (of a post
that was deleted, or of a process that ended between the bytes and the row). A row goes before its bytes, and these
before they are counted no more, so that whatever ends this amid its work leaves what the next sweep takes. Safe to run
at any time and by several workers: nothing younger than a day is touched, and an upload takes minutes at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dfworx.shared.db import Database
from dfworx.shared.storage import Storage

_BATCH = 500
_AGE = timedelta(hours=24)


async def sweep_files(database: Database, storage: Storage, *, age: timedelta = _AGE) -> int:
    """How many were taken away: files with their bytes, and bytes without a file. `age` is that of the bytes; that of
    rows is the database's own rule."""
    swept = await _sweep_unattached(database, storage)
    swept += await _sweep_unnamed(database, storage, age)
    await _sweep_counted(database, storage)
    return swept + await storage.clear_parts(older_than=age)


async def _sweep_unattached(database: Database, storage: Storage) -> int:
    swept = 0
    while True:
        async with database.unsealed() as writer:
            rows = await writer.fetch("select storage_key from shared_services.sweep_files($1)", _BATCH)
        await _delete(database, storage, [row["storage_key"] for row in rows])
        swept += len(rows)
        if len(rows) < _BATCH:
            return swept


async def _sweep_unnamed(database: Database, storage: Storage, age: timedelta) -> int:
    swept = 0
    async for keys in storage.list_keys(older_than=age):
        if not keys:
            continue
        async with database.unsealed() as reader:
            rows = await reader.fetch("select key from shared_services.unnamed_storage_keys($1) as key", keys)
        await _delete(database, storage, [row["key"] for row in rows])
        swept += len(rows)
    return swept


async def _sweep_counted(database: Database, storage: Storage) -> None:
    """What is counted and in no listing: an upload never came to its end, or its bytes went and their count didn't."""
    while True:
        async with database.unsealed() as reader:
            rows = await reader.fetch("select key from shared_services.unnamed_blobs($1) as key", _BATCH)
        await _delete(database, storage, [row["key"] for row in rows])
        if len(rows) < _BATCH:
            return


async def _delete(database: Database, storage: Storage, keys: Sequence[str]) -> None:
    await storage.delete(keys)
    async with database.unsealed() as writer:
        await writer.execute("select shared_services.release_storage($1)", keys)

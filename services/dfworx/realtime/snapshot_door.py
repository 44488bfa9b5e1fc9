"""Snapshots over HTTP, for whoever has the admin key: one is sent as it is made, one that comes is put on the disk
first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast, get_args

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from dfworx.realtime.door import Callers, Wrong, answering, bad
from dfworx.realtime.engine.committer import WritesStopped
from dfworx.realtime.engine.store import Store, open_connection
from dfworx.realtime.runtime.admin_key import AdminKey
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.snapshot_export import export_snapshot
from dfworx.realtime.runtime.snapshot_import import Mode, import_source
from dfworx.realtime.runtime.snapshot_reading import (
    Format,
    ImportRefused,
    Source,
    read_archive,
    read_table,
)
from dfworx.shared.storage import StorageAway

ADDRESS = "/api/snapshot"


class SnapshotDoor:
    def __init__(self, deployment: Deployment, admin_key: AdminKey) -> None:
        self._deployment = deployment
        self._callers = Callers(deployment, admin_key)

    async def send(self, request: Request) -> StreamingResponse:
        await self._callers.require_admin(request)
        with_files = request.query_params.get("files") == "true"
        return StreamingResponse(self._pieces(with_files), media_type="application/zip")

    async def take(self, request: Request) -> dict[str, Any]:
        await self._callers.require_admin(request)
        asked = request.query_params
        mode = cast(Mode, _one_of(get_args(Mode), asked, "mode"))
        form = cast(Format, _one_of(get_args(Format), asked, "format"))
        table = asked.get("table")
        if (form == "zip") is (table is not None):
            raise bad("table names the one that documents of a file go to, and a zip names its own.")
        with TemporaryFile(dir=Path(self._deployment.path).parent) as kept:
            await _keep(request, kept)
            try:
                source = await asyncio.to_thread(_read, kept, table, form)
                imported = await import_source(self._deployment, source, mode)
            except ImportRefused as error:
                raise Wrong(400, "ImportRefused", f"Nothing was imported. {error}") from None
            except (WritesStopped, StorageAway) as error:
                raise Wrong(503, "WritesStopped", f"Nothing was imported. {error}") from None
        return {"documents": imported.documents, "passedOver": imported.passed_over}

    async def _pieces(self, with_files: bool) -> AsyncIterator[bytes]:
        files = self._deployment.files
        connection = await asyncio.to_thread(open_connection, self._deployment.path)
        try:
            with files.hold():
                pieces = export_snapshot(Store(connection), files.read_now if with_files else None)
                async for piece in iterate_in_threadpool(pieces):
                    yield piece
        finally:
            connection.close()


def snapshot_routes(deployment: Deployment, admin_key: AdminKey) -> list[Route]:
    door = SnapshotDoor(deployment, admin_key)
    return [
        Route(ADDRESS, door.send, methods=["GET"]),
        Route(ADDRESS, answering(door.take), methods=["POST"]),
    ]


def _one_of(known: tuple[str, ...], asked: Mapping[str, str], name: str) -> str:
    """The first one when nothing is said. Raises Wrong."""
    told = asked.get(name, known[0])
    if told not in known:
        raise bad(f"{name} must be one of {', '.join(known)}.")
    return told


async def _keep(request: Request, kept: IO[bytes]) -> None:
    """Raises Wrong."""
    try:
        async for part in request.stream():
            await asyncio.to_thread(kept.write, part)
        await asyncio.to_thread(kept.flush)
    except ClientDisconnect:
        raise Wrong(400, "UploadStopped", "The file didn't come to its end; nothing was imported.") from None
    except OSError as error:
        raise Wrong(503, "WritesStopped", f"Nothing was imported: {error.strerror}.") from None


def _read(kept: IO[bytes], table: str | None, form: Format) -> Source:
    return read_archive(kept) if table is None else read_table(kept, table, form)

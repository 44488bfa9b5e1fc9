"""/export: what the caller wrote, as they see it."""

from __future__ import annotations

import asyncio
import tempfile

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import Db
from dfworx.shared.storage import Storage
from dfworx.web.own_export.actions import pieces, write_archive

router = APIRouter(tags=["export"])
_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
_HEADERS = {"Content-Disposition": 'attachment; filename="dfworx-export.zip"', "Cache-Control": "no-store"}


@router.get("/export", response_class=StreamingResponse, responses={200: {"content": _ZIP}})
async def export_own(request: Request, caller: CurrentCaller, database: Db) -> StreamingResponse:
    """A ZIP of the caller's own posts (also as Markdown), comments, files, profile and account in this organization."""
    storage: Storage = request.app.state.storage
    exporting: asyncio.Semaphore = request.app.state.exporting
    target = tempfile.TemporaryFile()
    try:
        async with exporting:
            await write_archive(database, storage, caller, target)
    except BaseException:
        target.close()
        raise
    return StreamingResponse(pieces(target), media_type="application/zip", headers=_HEADERS)

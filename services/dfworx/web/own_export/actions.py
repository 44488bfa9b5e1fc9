"""Writing the archive: a ZIP that needs no DFWorX to be read, with posts as Markdown, every row as JSON, and the files
under their names. It lies in a temporary file without a name, so nothing is left of it whatever happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import yaml

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.storage import BlobMissing, Storage
from dfworx.web.own_export import queries

_PIECE = 256 << 10
_FRONT = ("title", "status", "visibility", "created_at", "updated_at", "published_at")
_HIDDEN = ("storage_key",)


async def write_archive(database: Database, storage: Storage, caller: Caller, target: IO[bytes]) -> None:
    """Raises StorageAway, Unavailable."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        await asyncio.to_thread(
            archive.writestr, "account.json", _json(await queries.find_account(database, caller))
        )
        for kind in queries.KINDS:
            rows = []
            async for row in queries.list_written(database, caller, kind):
                if kind == "posts":
                    await asyncio.to_thread(_write_post, archive, row)
                elif kind == "files":
                    row["is_missing"] = not await asyncio.to_thread(_write_file, archive, storage, row)
                    row["sha256"] = row["sha256"].hex()
                rows.append({name: value for name, value in row.items() if name not in _HIDDEN})
            await asyncio.to_thread(archive.writestr, f"{kind}.json", _json(rows))


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """From its beginning; closes it."""
    with source:
        source.seek(0)
        while piece := source.read(_PIECE):
            yield piece


def _write_post(archive: ZipFile, post: dict[str, Any]) -> None:
    front = {name: post[name] for name in _FRONT if post[name] is not None}
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    archive.writestr(f"posts/{post['slug'].replace('/', '-')}.md", f"---\n{head}---\n\n{post['content']}")


def _write_file(archive: ZipFile, storage: Storage, file: dict[str, Any]) -> bool:
    """Whether its bytes were there."""
    # Its own id in front: two files may have one name, which nobody chose for a path.
    name = file["name"].replace("/", "-").replace("\\", "-")
    try:
        with archive.open(f"files/{file['file_id']} {name}", "w", force_zip64=True) as out:
            for piece in storage.read_now(file["storage_key"]):
                out.write(piece)
    except BlobMissing:
        return False
    return True


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)

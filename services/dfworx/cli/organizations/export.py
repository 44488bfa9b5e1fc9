"""One organization as a ZIP that needs no DFWorX to be read: posts as Markdown with front matter, every row as a line
of JSON, files by their SHA-256, chat as lines of JSON. Of one snapshot of the database; the chat has its own moment."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import asyncpg
import yaml

from dfworx.cli.failure import Failure
from dfworx.cli.migrations import connect
from dfworx.cli.organizations.arriving_chat import CHAT
from dfworx.cli.organizations.tables import FORMAT, TABLES, Table
from dfworx.shared.storage import BlobMissing, Storage, StorageAway

ReadChat = Callable[[], Iterator[bytes]]
"""The deployment's snapshot, piece by piece."""


async def export_organization(
    owner_url: str, slug: str, target: Path, storage: Storage, read_chat: ReadChat | None
) -> dict[str, Any]:
    """How much of everything is in it. The archive is there whole or not at all. Raises Failure."""
    owner = await connect(owner_url)
    try:
        with _drafted(target) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
            async with owner.transaction(isolation="repeatable_read", readonly=True):
                organization_id, counts = await _write(owner, slug, archive, storage)
            if read_chat is not None:
                counts |= _write_chat(archive, organization_id, read_chat)
            return counts
    finally:
        await owner.close()


@contextmanager
def _drafted(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when all is in it. Raises Failure."""
    draft = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        draft = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.link(draft, target)
    except FileExistsError:
        raise Failure(f"{target} is there already; name another file.") from None
    except OSError as error:
        raise Failure(f"{target} can't be written ({error.strerror}); name a file elsewhere.") from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


async def _write(
    owner: asyncpg.Connection, slug: str, archive: ZipFile, storage: Storage
) -> tuple[UUID, dict[str, Any]]:
    organization = await owner.fetchrow(
        "select organization_id, name, slug, created_at from public.organizations where slug = $1", slug
    )
    if organization is None:
        raise Failure(f"There is no organization with the slug {slug}; see ./dfworx org list")
    organization_id, counts = organization["organization_id"], {}
    for table in TABLES:
        with archive.open(table.file, "w", force_zip64=True) as out:
            counts[Path(table.file).stem] = await _write_rows(owner, table, organization_id, out)
    await _write_posts(owner, organization_id, archive)
    counts["missing_files"] = await _write_files(owner, organization_id, archive, storage)
    told = {
        "organization_id": str(organization_id),
        "name": organization["name"],
        "slug": organization["slug"],
    }
    told["created_at"] = organization["created_at"].isoformat()
    about = {"format": FORMAT, "organization": told, "counts": counts}
    archive.writestr("organization.json", json.dumps(about, indent=1))
    return organization_id, counts


def _select(table: Table) -> str:
    columns = ", ".join(f"t.{column}" for column in table.columns)
    order = ", ".join(f"t.{column}" for column in table.columns[:2])
    return (
        f"select row_to_json(r)::text from (select {columns} from {table.name} t"  # noqa: S608 - our own words
        f" where t.organization_id = $1 and ({table.where}) order by {order}) r"
    )


async def _write_rows(owner: asyncpg.Connection, table: Table, organization_id: UUID, out: IO[bytes]) -> int:
    count = 0
    async for row in owner.cursor(_select(table), organization_id, prefetch=200):
        out.write(row[0].encode() + b"\n")
        count += 1
    return count


async def _write_posts(owner: asyncpg.Connection, organization_id: UUID, archive: ZipFile) -> None:
    """For people, and for other programs that read Markdown."""
    rows = owner.cursor(
        """
        select p.slug, p.title, p.status, p.visibility, p.content, u.name as author, c.name as category,
               p.created_at, p.updated_at, p.published_at
          from app_web.posts p join public.users u using (organization_id, user_id)
          left join app_web.categories c on c.organization_id = p.organization_id and c.category_id = p.category_id
         where p.organization_id = $1 and p.deleted_at is null order by p.slug
        """,
        organization_id,
        prefetch=50,
    )
    async for row in rows:
        front = {
            name: value
            for name, value in row.items()
            if name not in ("content", "slug") and value is not None
        }
        head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
        archive.writestr(f"posts/{row['slug'].replace('/', '-')}.md", f"---\n{head}---\n\n{row['content']}")


async def _write_files(
    owner: asyncpg.Connection, organization_id: UUID, archive: ZipFile, storage: Storage
) -> int:
    """Each content once. How many were not there."""
    [table] = [each for each in TABLES if each.name == "shared_services.files"]
    rows = await owner.fetch(
        f"select distinct on (t.sha256) t.sha256, t.storage_key from {table.name} t"  # noqa: S608 - our own words
        f" where t.organization_id = $1 and ({table.where}) order by t.sha256",
        organization_id,
    )
    missing = 0
    for row in rows:
        try:
            with archive.open(f"files/{row['sha256'].hex()}", "w", force_zip64=True) as out:
                digest = hashlib.sha256()
                for piece in storage.read_now(row["storage_key"]):
                    digest.update(piece)
                    out.write(piece)
            missing += digest.digest() != row["sha256"]
        except (BlobMissing, StorageAway):
            missing += 1
    return missing


def _write_chat(archive: ZipFile, organization_id: UUID, read_chat: ReadChat) -> dict[str, int]:
    counts = {}
    with tempfile.TemporaryFile() as kept:
        for piece in read_chat():
            kept.write(piece)
        with ZipFile(kept) as snapshot:
            names = set(snapshot.namelist())
            for table in CHAT:
                if f"{table}/documents.jsonl" not in names:
                    continue
                count = 0
                with (
                    snapshot.open(f"{table}/documents.jsonl") as lines,
                    archive.open(f"chat/{table}.jsonl", "w") as out,
                ):
                    for line in lines:
                        if json.loads(line).get("organization_id") == str(organization_id):
                            out.write(line)
                            count += 1
                counts[table] = count
    return counts

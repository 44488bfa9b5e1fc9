"""An open archive into a new organization. Everything gets new ids, made of the old ones and of the new organization's,
also where a text names them, so that an archive can be taken in beside the organization that it is of. All of it is one
transaction; bytes of files come before it, under keys that nothing names when it fails.

An archive is somebody's file: only the columns that an export writes are read, sizes are bounded, and nobody's account
is reached by what it says. Its people can't sign in until they are invited; the one admin is named by the operator."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5
from zipfile import BadZipFile, ZipFile

import asyncpg

from dfworx.cli.failure import Failure
from dfworx.cli.migrations import connect
from dfworx.cli.organizations.arriving_chat import CHAT, ArrivingChat, Call
from dfworx.cli.organizations.creating import require_identity
from dfworx.cli.organizations.tables import FORMAT, TABLES, Table
from dfworx.shared.storage import Storage, StorageAway, new_storage_key
from dfworx.web.files.actions import LEAST_COUNTED

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT_ONCE = 200
_LONGEST_LINE = 16 << 20
_PIECE = 1 << 20

Row = dict[str, Any]


async def take_in(
    owner_url: str,
    file: Path,
    slug: str,
    admin_email: str,
    storage: Storage,
    *,
    most_file_bytes: int,
    call: Call | None = None,
) -> dict[str, int]:
    """How much came in, by kind; without `call` no chat does. Raises Failure; then nothing did."""
    owner = await connect(owner_url)
    stored: list[str] = []
    chat: ArrivingChat | None = None
    try:
        with _Archive(file) as archive:
            identity_id = await require_identity(owner, admin_email)
            organization_id = uuid4()
            ids = _new_ids(archive, organization_id)
            rows: dict[str, Iterable[Row]] = {table.name: archive.rows(table, ids) for table in TABLES}
            files, users = list(rows["shared_services.files"]), list(rows["public.users"])
            await _store_files(archive, files, organization_id, storage, most_file_bytes, stored)
            _name_admin(users, admin_email, identity_id)
            rows |= {"shared_services.files": files, "public.users": users}
            counts = {}
            async with owner.transaction():
                await owner.execute(
                    "insert into public.organizations (organization_id, name, slug) values ($1, $2, $3)",
                    *(organization_id, str(archive.about["organization"]["name"]), slug),
                )
                for table in TABLES:
                    counts[Path(table.file).stem] = await _insert(
                        owner, table, organization_id, rows[table.name]
                    )
                if call is not None:
                    user_ids = {str(user["user_id"]) for user in users}
                    lines = [archive.documents(name, ids) for name in CHAT]
                    chat = ArrivingChat(call, organization_id, user_ids, set(ids.values()))
                    counts |= await asyncio.to_thread(chat.take_in, *lines)
        stored.clear()
        chat = None
        return counts
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "organizations_slug_key":
            raise Failure(f"There is an organization {slug} already; name another slug.") from None
        raise Failure(f"{file} can't be taken in: {error}; nothing was.") from None
    except (asyncpg.PostgresError, asyncpg.DataError) as error:
        raise Failure(f"{file} can't be taken in: {str(error).partition(chr(10))[0]}; nothing was.") from None
    except StorageAway as error:
        raise Failure(f"The storage for files doesn't answer ({error}); nothing was taken in.") from None
    finally:
        if stored:
            await storage.delete(stored)
        if chat is not None:
            # With the deployment away what it has stays, of an organization that nobody can name.
            with contextlib.suppress(Failure):
                await asyncio.to_thread(chat.erase)
        await owner.close()


class _Archive:
    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> _Archive:
        try:
            self._zip = ZipFile(self._file)
            self.about: dict[str, Any] = json.loads(self.read("organization.json"))
            version = int(self.about["format"])
            str(self.about["organization"]["name"])
        except OSError as error:
            raise Failure(f"{self._file} can't be read ({error.strerror}).") from None
        except (BadZipFile, ValueError, KeyError, TypeError):
            raise Failure(
                f"{self._file} is no archive of an organization; `./dfworx org export` writes one."
            ) from None
        if version > FORMAT:
            raise Failure(f"{self._file} was written by a newer DFWorX; take it in with that one.")
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes:
        with self._zip.open(name) as source:
            return source.read(_LONGEST_LINE)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Raises Failure when it isn't there or is damaged."""
        try:
            with self._zip.open(name) as source:
                while piece := source.read(_PIECE):
                    yield piece
        except (KeyError, BadZipFile, OSError) as error:
            raise self._damaged(f"{name}: {error}") from None

    def rows(self, table: Table, ids: dict[str, str]) -> Iterator[Row]:
        """With the new ids, and of the columns that an export writes alone."""
        for line in self._lines(table.file):
            try:
                row = json.loads(_ID.sub(lambda found: ids.get(found[0], found[0]), line))
                yield {column: row[column] for column in table.columns}
            except (ValueError, KeyError, TypeError):
                raise self._damaged(f"a line of {table.file} is not a row") from None

    def documents(self, name: str, ids: dict[str, str]) -> Iterator[Row]:
        """Of the chat, with the new ids; none where it wasn't known to who wrote the archive."""
        file = f"chat/{name}.jsonl"
        if file not in self._zip.namelist():
            return
        for line in self._lines(file):
            try:
                document = json.loads(_ID.sub(lambda found: ids.get(found[0], found[0]), line))
            except ValueError:
                document = None
            if not isinstance(document, dict):
                raise self._damaged(f"a line of {file} is no document")
            yield document

    def keys(self, table: Table) -> Iterator[str]:
        for line in self._lines(table.file):
            try:
                yield str(UUID(json.loads(line)[table.key]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise self._damaged(f"a line of {table.file} has no id") from None

    def _lines(self, file: str) -> Iterator[str]:
        try:
            with self._zip.open(file) as source:
                while line := source.readline(_LONGEST_LINE):
                    if not line.endswith(b"\n"):
                        raise self._damaged(f"a line of {file} is too long or has no end")
                    yield line.decode()
        except (KeyError, BadZipFile, UnicodeDecodeError) as error:
            raise self._damaged(f"{file}: {error}") from None

    def _damaged(self, why: str) -> Failure:
        return Failure(f"{self._file} is damaged ({why}); nothing was taken in.")


def _new_ids(archive: _Archive, organization_id: UUID) -> dict[str, str]:
    old = [key for table in TABLES if table.key for key in archive.keys(table)]
    return {key: str(uuid5(organization_id, key)) for key in old}


def _name_admin(users: list[Row], email: str, identity_id: UUID) -> None:
    """Theirs is the row of their email, or a new one. Nobody else has an account."""
    for user in users:
        user["identity_id"] = None
    admin = next((user for user in users if user["email"] == email), None)
    if admin is None:
        now = "now"
        admin = {"user_id": str(uuid4()), "name": email.partition("@")[0], "email": email, "avatar_url": None}
        admin |= {"origin": "invited", "created_at": now, "updated_at": now}
        users.append(admin)
    admin |= {"identity_id": str(identity_id), "role": "admin", "is_active": True}


async def _store_files(
    archive: _Archive, files: list[Row], organization_id: UUID, storage: Storage, most: int, stored: list[str]
) -> None:
    """Each row gets a key of its own, with bytes that are what the row says. Raises Failure, StorageAway."""
    for row in files:
        key = row["storage_key"] = new_storage_key(organization_id)
        digest, size, told = hashlib.sha256(), 0, str(row["sha256"]).removeprefix("\\x")
        stored.append(key)
        async with storage.write(key) as sink:
            for piece in archive.pieces(f"files/{told}"):
                digest.update(piece)
                size += len(piece)
                if size > most:
                    raise Failure(
                        f"A file is larger than {most // 1_000_000} MB; raise DFWORX_FILE_MEGABYTES."
                    )
                await sink.write(piece)
        if (digest.hexdigest(), size) != (told, row["size_bytes"]):
            raise Failure(f"The file {told} is not what it was; nothing was taken in.")


async def _insert(owner: asyncpg.Connection, table: Table, organization_id: UUID, rows: Iterable[Row]) -> int:
    """How many there were."""
    columns = [*table.columns, *(["identity_id"] if table.name == "public.users" else [])]
    named = ", ".join(columns)
    if table.is_made_by_triggers:
        await owner.execute(f"delete from {table.name} where organization_id = $1", organization_id)  # noqa: S608
    if table.name == "shared_services.files":
        rows = list(rows)
        await _count_blobs(owner, organization_id, rows)
    waiting, count = iter(_parents_first(list(rows), table.key) if "parent_id" in columns else rows), 0
    while some := list(islice(waiting, _AT_ONCE)):
        await owner.execute(
            f"insert into {table.name} (organization_id, {named})"  # noqa: S608 - our own words
            f" select $1, {named} from jsonb_populate_recordset(null::{table.name}, $2::jsonb)",
            organization_id,
            json.dumps(some),
        )
        count += len(some)
    return count


async def _count_blobs(owner: asyncpg.Connection, organization_id: UUID, files: list[Row]) -> None:
    """What lies in the storage counts against the organization's quota, as if it had been uploaded."""
    blobs = [{"key": row["storage_key"], "size": max(int(row["size_bytes"]), LEAST_COUNTED)} for row in files]
    await owner.execute(
        """
        insert into shared_services.blobs (organization_id, storage_key, size_bytes, is_named)
        select $1, key, size, false from jsonb_to_recordset($2::jsonb) as blob(key text, size bigint)
        """,
        organization_id,
        json.dumps(blobs),
    )
    await owner.execute(
        "insert into shared_services.storage_usage (organization_id, used_bytes) values ($1, $2)",
        organization_id,
        sum(blob["size"] for blob in blobs),
    )


def _parents_first(rows: list[Row], key: str) -> list[Row]:
    """What names an absent parent, or itself, comes last and is refused by the database."""
    waiting: dict[Any, list[Row]] = {}
    for row in rows:
        waiting.setdefault(row["parent_id"], []).append(row)
    ordered: list[Row] = []
    level: list[Any] = [None]
    while level:
        found = [row for parent in level for row in waiting.pop(parent, [])]
        ordered += found
        level = [row[key] for row in found]
    return ordered + [row for left in waiting.values() for row in left]

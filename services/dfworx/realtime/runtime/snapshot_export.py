"""All documents, and all files if wanted, as one ZIP in the format of Convex's own snapshots, made while it is read.

A table's documents are lines of plain JSON; what plain JSON can't say stands in front of them in
`generated_schema.jsonl`. It is all of one moment, however long it takes, and never in memory as a whole.
"""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Callable, Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dfworx.realtime.engine.catalog import is_system
from dfworx.realtime.engine.files import TABLE as FILES
from dfworx.realtime.engine.files import Content, find_document
from dfworx.realtime.engine.store import Row, Store
from dfworx.realtime.values import hint_of, to_plain

DOCUMENTS, SCHEMA, TABLES = "documents.jsonl", "generated_schema.jsonl", "_tables"
AT_ONCE = 200
"""Documents read at once."""
PIECE_BYTES = 128 << 10
_README = """# A snapshot of a Convex deployment

<table>/documents.jsonl has the documents of a table, one a line, as plain JSON. <table>/generated_schema.jsonl says
what plain JSON can't: which of their texts are Int64s, bytes, NaN or infinite. _tables/documents.jsonl has the numbers
of tables, which ids begin with. _storage has files, if they were asked for.

`dfworx realtime import` and `npx convex import` take this file as it is.
"""

ReadFile = Callable[[Content], Iterator[bytes]]


def export_snapshot(store: Store, read_file: ReadFile | None) -> Iterator[bytes]:
    """The ZIP, piece by piece; files are in it when they can be read. What ends before its end is no ZIP."""
    outgoing = _Outgoing()
    with store.snapshot(), ZipFile(outgoing, "w") as archive:
        entries = _Entries(archive, outgoing)
        tables = {name: number for name, number in store.catalog.tables.items() if not is_system(name)}
        yield from entries.write("README.md", [_README.encode()])
        yield from entries.write(
            f"{TABLES}/{DOCUMENTS}",
            (_line({"name": name, "id": number}) for name, number in sorted(tables.items())),
        )
        for table in sorted(tables):
            yield from entries.write(f"{table}/{SCHEMA}", _hints(store, table))
            yield from entries.write(
                f"{table}/{DOCUMENTS}", (_line(to_plain(row.document())) for row in _rows(store, table))
            )
        if read_file is not None:
            yield from entries.write(f"{FILES}/{DOCUMENTS}", _file_lines(store))
            for row in _rows(store, FILES):
                document = row.document()
                file = find_document(store, document["_id"])
                if file is not None:
                    name = f"{FILES}/{file.document}{_extension(file.content.content_type)}"
                    yield from entries.write(name, read_file(file.content), ZIP_STORED)
    yield outgoing.take()


class _Outgoing:
    """Where the ZIP is written to: what of it wasn't taken yet."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        self.size += len(part)
        return len(part)

    def flush(self) -> None:
        """As a file has it, and `close`."""

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._parts, self.size = b"".join(self._parts), [], 0
        return taken


class _Entries:
    def __init__(self, archive: ZipFile, outgoing: _Outgoing) -> None:
        self._archive = archive
        self._outgoing = outgoing
        self._moment = time.gmtime()[:6]

    def write(self, name: str, parts: Iterable[bytes], how: int = ZIP_DEFLATED) -> Iterator[bytes]:
        entry = ZipInfo(name, self._moment)
        entry.compress_type, entry.external_attr = how, 0o644 << 16
        with self._archive.open(entry, "w", force_zip64=True) as opened:
            for part in parts:
                opened.write(part)
                if self._outgoing.size >= PIECE_BYTES:
                    yield self._outgoing.take()


def _rows(store: Store, table: str) -> Iterator[Row]:
    for rows in store.walk(table, AT_ONCE):
        yield from rows


def _hints(store: Store, table: str) -> Iterator[bytes]:
    """A table's shape is told to be unknown, so that each document has its own hints and one look at it suffices."""
    yield _line("unknown")
    for row in _rows(store, table):
        # What is written with a dollar sign is what plain JSON can't say.
        if '"$' in row.text:
            document = row.document()
            hint = hint_of(document)
            if hint is not None:
                yield _line({document["_id"]: hint})


def _file_lines(store: Store) -> Iterator[bytes]:
    for row in _rows(store, FILES):
        document = row.document()
        file = find_document(store, document["_id"])
        if file is not None:
            yield _line({**to_plain(document), "internalId": str(file.address)})


def _line(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _extension(content_type: str | None) -> str:
    """No more than a help for people."""
    return mimetypes.guess_extension((content_type or "").partition(";")[0].strip()) or ""

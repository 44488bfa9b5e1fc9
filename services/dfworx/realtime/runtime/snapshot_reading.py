"""What an import reads: a snapshot's ZIP, or one table as CSV, lines of JSON or a list in JSON. Documents come one by
one, each with the line that it stands in."""

from __future__ import annotations

import csv
import json
import math
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, Literal, TypeVar, cast
from zipfile import BadZipFile, ZipFile

from dfworx.realtime.engine.files import TABLE as FILES
from dfworx.realtime.runtime.snapshot_export import DOCUMENTS, SCHEMA, TABLES
from dfworx.realtime.values import (
    UNKNOWN,
    Hint,
    InvalidValue,
    Shape,
    Value,
    decode,
    from_plain,
    read_json,
    read_shape,
)

Format = Literal["zip", "csv", "jsonLines", "jsonArray"]
LONGEST_LINE = 8 << 20
"""Bytes; a document has less than 1 MiB of values."""
LARGEST_LIST = 64 << 20
"""A list in JSON is read as a whole."""
_MARK = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class ImportRefused(Exception):
    """Nothing was imported; the message says which table, line and id, and what is wrong with it."""


R = TypeVar("R")
Document = tuple[int, dict[str, Value]]
"""With its line."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    documents: Callable[[], Iterator[Document]]
    """From the first one, each time. Raises ImportRefused."""
    number: int | None = None
    """With which its ids begin, where that is told."""


@dataclass(slots=True)
class Source:
    tables: list[Table] = field(default_factory=list)
    files: Table | None = None
    """The documents of files."""
    archive: ZipFile | None = None
    contents: dict[str, str] = field(default_factory=dict)
    """By id, which entry has a file's bytes."""
    passed_over: list[str] = field(default_factory=list)
    """What no deployment of this kind has a place for."""


def read_table(opened: IO[bytes], table: str, form: Format) -> Source:
    def documents() -> Iterator[Document]:
        opened.seek(0)
        if form == "csv":
            yield from _placed(table, _rows(opened), lambda row: _encoded(_named(*row)))
        elif form == "jsonArray":
            yield from _placed(table, _items(opened), _encoded)
        else:
            yield from _placed(table, _lines(opened), _read_encoded)

    return Source([Table(table, documents)])


def read_archive(opened: IO[bytes]) -> Source:
    """Raises ImportRefused."""
    try:
        archive = ZipFile(opened)
    except (BadZipFile, OSError) as error:
        raise ImportRefused(
            f"This is no whole ZIP ({error}). Export it again, or say by --format what it is."
        ) from None
    source = Source(archive=archive)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    numbers = _numbers(archive) if f"{TABLES}/{DOCUMENTS}" in names else {}
    for name in names:
        table, _, rest = name.partition("/")
        if rest == DOCUMENTS and table == FILES:
            source.files = Table(FILES, _documents(archive, table, plain=True))
        elif rest == DOCUMENTS and not table.startswith("_"):
            plain = f"{table}/{SCHEMA}" in names
            source.tables.append(Table(table, _documents(archive, table, plain=plain), numbers.get(table)))
        elif table == FILES and "/" not in rest:
            source.contents[rest.partition(".")[0]] = name
        elif rest == DOCUMENTS and table == TABLES:
            continue
        elif name.startswith("_"):
            source.passed_over.append(name)
    if not source.tables and source.files is None:
        raise ImportRefused("This ZIP is no snapshot: there is no <table>/documents.jsonl in it.")
    return source


def _numbers(archive: ZipFile) -> dict[str, int]:
    numbers: dict[str, int] = {}
    with archive.open(f"{TABLES}/{DOCUMENTS}") as opened:
        for at, line in _lines(opened):
            match read_json(line):
                case {"name": str(name), "id": float(number)} if 0 < number < 1 << 32:
                    numbers[name] = int(number)
                case _:
                    raise ImportRefused(
                        f"{TABLES}/{DOCUMENTS}, line {at}: a table has a name and a number as id."
                    )
    return numbers


def _documents(archive: ZipFile, table: str, *, plain: bool) -> Callable[[], Iterator[Document]]:
    """`plain`: whether it is told beside them what their texts are."""

    def read() -> Iterator[Document]:
        with archive.open(f"{table}/{DOCUMENTS}") as opened, closing(_Hints()) as hints:
            if not plain:
                yield from _placed(table, _lines(opened), _read_encoded)
                return
            if f"{table}/{SCHEMA}" in archive.namelist():
                with archive.open(f"{table}/{SCHEMA}") as schema:
                    hints.fill(schema)
            yield from _placed(table, _lines(opened), hints.apply)

    return read


class _Hints:
    """A table's shape, and what its documents' hints say: in a file that SQLite takes away again, since there may be
    one for each document."""

    def __init__(self) -> None:
        self._shapes: Sequence[Shape] = (UNKNOWN,)
        self._of = sqlite3.connect("", check_same_thread=False)
        self._of.execute("create table hints (id text primary key, hint text not null) without rowid")

    def fill(self, opened: IO[bytes]) -> None:
        for at, line in _lines(opened):
            try:
                told = read_json(line)
                if at == 1 and isinstance(told, str):
                    self._shapes = read_shape(told).options
                    continue
                [(document, hint)] = told.items()
            except (InvalidValue, AttributeError, ValueError) as error:
                raise ImportRefused(f"{opened.name}, line {at}: {error}") from None
            self._of.execute("insert or replace into hints values (?, ?)", (document, json.dumps(hint)))

    def apply(self, line: bytes) -> dict[str, Value]:
        """Raises InvalidValue."""
        told = _object(read_json(line))
        row = self._of.execute("select hint from hints where id = ?", (str(told.get("_id")),)).fetchone()
        hint: Hint = json.loads(row[0]) if row else None
        return cast(dict[str, Value], from_plain(told, hint, self._shapes))

    def close(self) -> None:
        self._of.close()


def _placed(
    table: str, rows: Iterator[tuple[int, R]], read: Callable[[R], dict[str, Value]]
) -> Iterator[Document]:
    """What can't be read is told by its line."""
    at = 1
    try:
        for at, row in rows:
            yield at, read(row)
            # The one that comes next, if it can't be read.
            at += 1
    except (InvalidValue, csv.Error, UnicodeDecodeError, BadZipFile, OSError, EOFError, zlib.error) as error:
        raise ImportRefused(f"Table {table}, line {at}: {error}") from None


def _lines(opened: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Those that aren't empty. Raises InvalidValue."""
    at = 0
    while line := opened.readline(LONGEST_LINE):
        at += 1
        if len(line) == LONGEST_LINE:
            raise InvalidValue(f"The line is longer than {LONGEST_LINE >> 20} MiB.")
        if at == 1:
            line = line.removeprefix(_MARK)
        if line.strip():
            yield at, line


def _read_encoded(line: bytes) -> dict[str, Value]:
    return _encoded(read_json(line))


def _encoded(told: Any) -> dict[str, Value]:
    return cast(dict[str, Value], decode(_object(told)))


def _object(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise InvalidValue("A document must be an object.")
    return told


def _items(opened: IO[bytes]) -> Iterator[tuple[int, Any]]:
    content = opened.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST:
        raise InvalidValue(
            f"A list in JSON may have {LARGEST_LIST >> 20} MiB at most; write its documents as lines."
        )
    told = read_json(content.removeprefix(_MARK))
    if not isinstance(told, list):
        raise InvalidValue("The file must be a list of documents.")
    yield from enumerate(told, 1)


def _rows(opened: IO[bytes]) -> Iterator[tuple[int, tuple[list[str], list[str]]]]:
    """Each with the names of its cells."""
    with open(opened.fileno(), encoding="utf-8-sig", newline="", closefd=False) as text:
        rows = csv.reader(text, strict=True)
        names = next(rows, [])
        if not names or len(set(names)) < len(names):
            raise InvalidValue("The first line must name the fields, each once.")
        for row in rows:
            yield rows.line_num, (names, row)


def _named(names: list[str], row: list[str]) -> dict[str, str | float]:
    """A cell is a number or a text."""
    if len(row) != len(names):
        raise InvalidValue(f"There are {len(row)} cells for {len(names)} fields.")
    return dict(zip(names, map(_cell, row), strict=True))


def _cell(text: str) -> str | float:
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text

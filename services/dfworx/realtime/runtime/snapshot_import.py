"""Documents and files from a snapshot or a table's file into a deployment: all of them, with their ids and times, or
none. Bytes of files come first, where no document names them; then one transaction does the rest."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid4

from dfworx.realtime.engine.catalog import (
    FIRST_TABLE,
    BadName,
    create_table,
    is_system,
    number_tables,
    require_name,
)
from dfworx.realtime.engine.files import TABLE as FILES
from dfworx.realtime.engine.files import Content, enter_file
from dfworx.realtime.engine.limits import LimitReached
from dfworx.realtime.engine.schema import BadSchema, Schema, check_documents, fits
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.transaction import SYSTEM_FIELDS, hold_document
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.files import FileTooLarge, WrongDigest
from dfworx.realtime.runtime.snapshot_reading import Document, ImportRefused, Source, Table
from dfworx.realtime.values import DocumentId, InvalidId, InvalidValue, Value, dump, new_internal, parse_id

Mode = Literal["requireEmpty", "append", "replace", "replaceAll"]
AT_ONCE = 500
"""Documents taken away at once."""
READ_BYTES = 256 << 10
_NAME = "A table"


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A file whose bytes are there."""

    content: Content
    address: UUID


@dataclass(slots=True)
class Imported:
    documents: dict[str, int] = field(default_factory=dict)
    """How many, by table."""
    passed_over: list[str] = field(default_factory=list)


async def import_source(deployment: Deployment, source: Source, mode: Mode) -> Imported:
    """Raises ImportRefused, WritesStopped, StorageAway; then nothing is there that wasn't before."""
    with ExitStack() as arriving:
        arrived = await _take_files(deployment, source, arriving)
        schema = deployment.program.schema
        gone: list[str] = []

        def rewrite(writer: Writer) -> Imported:
            return _Import(writer, schema, source, mode, arrived, gone).run()

        imported = await deployment.rewrite(rewrite)
    deployment.files.let_go(gone)
    return imported


async def _take_files(deployment: Deployment, source: Source, arriving: ExitStack) -> dict[str, _Arrived]:
    """By id. Raises ImportRefused."""
    arrived: dict[str, _Arrived] = {}
    documents = iter(source.files.documents() if source.files else ())
    while (found := await asyncio.to_thread(next, documents, None)) is not None:
        at, told = found
        document, kind = str(told.get("_id")), told.get("contentType")
        name = source.contents.get(document)
        if name is None:
            raise _refused(FILES, at, document, "Its bytes aren't in the snapshot; export it with its files.")
        key = arriving.enter_context(deployment.files.arriving())
        digest = told.get("sha256")
        try:
            content = await deployment.files.put(
                key,
                _entry(source, name),
                kind if isinstance(kind, str) else None,
                digest if isinstance(digest, str) else None,
            )
        except (FileTooLarge, WrongDigest, OSError, EOFError) as error:
            raise _refused(FILES, at, document, str(error)) from None
        arrived[document] = _Arrived(content, _address(told.get("internalId")))
    return arrived


async def _entry(source: Source, name: str) -> AsyncIterator[bytes]:
    assert source.archive is not None
    with await asyncio.to_thread(source.archive.open, name) as opened:
        while piece := await asyncio.to_thread(opened.read, READ_BYTES):
            yield piece


def _address(told: Value) -> UUID:
    """Where it was, so that who has the address still finds it."""
    try:
        return UUID(told) if isinstance(told, str) else uuid4()
    except ValueError:
        return uuid4()


class _Import:
    """Inside a transaction of the writer's, which is rolled back when it raises ImportRefused."""

    def __init__(
        self,
        writer: Writer,
        schema: Schema,
        source: Source,
        mode: Mode,
        arrived: dict[str, _Arrived],
        gone: list[str],
    ) -> None:
        self._writer = writer
        self._schema = schema
        self._source = source
        self._mode = mode
        self._arrived = arrived
        self._gone = gone
        """Told the keys of files that aren't there any more."""
        self._tables = [*source.tables, *([source.files] if source.files else [])]
        self._created = time.time() * 1000

    def run(self) -> Imported:
        names = {table.name for table in self._tables}
        for name in sorted(self._cleared(names)):
            self._clear(name)
        for name in names - self._writer.catalog.tables.keys():
            try:
                require_name(name, _NAME)
                create_table(self._writer.connection, name)
            except BadName as error:
                raise ImportRefused(str(error)) from None
        moved = self._number(names)
        imported = Imported(passed_over=self._source.passed_over)
        for table in self._tables:
            imported.documents[table.name] = self._fill(table)
        if moved and self._schema.validates:
            # Documents that were here may hold ids of a table that has another number now.
            for name in self._schema.tables.keys() - names:
                self._check(name)
        return imported

    def _cleared(self, names: set[str]) -> set[str]:
        """Raises ImportRefused."""
        known = self._writer.catalog.tables.keys()
        if self._mode == "replaceAll":
            return {name for name in known if not is_system(name)} | (names & known)
        if self._mode == "replace":
            return names & known
        filled = [name for name in sorted(names & known) if not self._is_empty(name)]
        if filled and self._mode == "requireEmpty":
            raise ImportRefused(
                f"Table {filled[0]} has documents already. Import with --append to keep them, or with --replace to"
                " put those of the file in their place."
            )
        return set()

    def _clear(self, name: str) -> None:
        connection = self._writer.connection
        if name == FILES:
            self._gone += [key for (key,) in connection.execute("select key from files")]
            connection.execute("delete from files")
        for rows in self._writer.walk(name, AT_ONCE):
            for row in rows:
                self._writer.write(name, (row.number, row.document()), None)

    def _is_empty(self, name: str) -> bool:
        return next(self._writer.walk(name, 1), None) is None

    def _number(self, names: set[str]) -> bool:
        """Gives tables the numbers that their ids begin with. Whether one that was there has another one now. Raises
        ImportRefused."""
        tables = dict(self._writer.catalog.tables)
        wanted = {
            table.name: number
            for table in self._tables
            if (number := _number_of(table, self._is_empty(table.name))) is not None
        }
        if len(set(wanted.values())) < len(wanted):
            raise ImportRefused("Two tables of the file have ids that begin with the same number.")
        moving = {name: number for name, number in wanted.items() if tables[name] != number}
        for name in moving:
            if not self._is_empty(name):
                raise ImportRefused(
                    f"Table {name} has other ids here than in the file, so both can't stand in it. Import with"
                    " --replace to put those of the file in their place."
                )
        numbers = {name: number for name, number in tables.items() if name not in moving}
        free = max([FIRST_TABLE - 1, *tables.values(), *wanted.values()]) + 1
        for name, number in numbers.items():
            if number in moving.values():
                if is_system(name) or not self._is_empty(name):
                    other = next(each for each in moving if moving[each] == number)
                    raise ImportRefused(
                        f"Ids of table {other} in the file begin as those of table {name} do here, which has"
                        " documents. Import into a deployment without it, or with --replace-all."
                    )
                moving[name], free = free, free + 1
        number_tables(self._writer.connection, moving)
        return bool(moving)

    def _fill(self, table: Table) -> int:
        """How many. Raises ImportRefused."""
        check = fits(self._schema, self._writer.catalog)
        number, count = self._writer.catalog.tables[table.name], 0
        for at, told in table.documents():
            document = self._complete(table.name, at, told, number)
            name = str(document["_id"])
            if table.name == FILES:
                document = self._file(document)
            try:
                plain = {field: value for field, value in document.items() if field not in SYSTEM_FIELDS}
                hold_document(document)
                check(table.name, plain)
                self._writer.write(table.name, None, (document, dump(document)))
            except (BadSchema, LimitReached, InvalidValue) as error:
                raise _refused(table.name, at, name, str(error)) from None
            except sqlite3.IntegrityError:
                raise _refused(table.name, at, name, "There is a document with this id already.") from None
            count += 1
        return count

    def _complete(self, table: str, at: int, told: dict[str, Value], number: int) -> dict[str, Any]:
        """With an id and a time. Raises ImportRefused."""
        given, created = told.get("_id"), told.get("_creationTime")
        if given is None:
            given = str(DocumentId(number, new_internal(self._created)))
        if created is None:
            self._created = created = math.nextafter(self._created, math.inf)
        try:
            if not isinstance(given, str) or parse_id(given).table != number:
                raise InvalidId
        except InvalidId:
            raise _refused(table, at, str(given), "This is no id, or one of another table.") from None
        if not isinstance(created, float) or not math.isfinite(created):
            raise _refused(table, at, given, "_creationTime must be a number.")
        for name in told:
            if name.startswith("_") and name not in SYSTEM_FIELDS:
                raise _refused(
                    table, at, given, f"Field {name} starts with an underscore, which no field may."
                )
        return {**told, "_id": given, "_creationTime": created}

    def _file(self, document: dict[str, Any]) -> dict[str, Any]:
        arrived = self._arrived[document["_id"]]
        connection, taken = self._writer.connection, "select 1 from files where address = ?"
        address = arrived.address
        if connection.execute(taken, (str(address),)).fetchone():
            address = uuid4()
        system = {name: document[name] for name in SYSTEM_FIELDS}
        enter_file(connection, document["_id"], address, arrived.content.key)
        return {**arrived.content.document(), **system}

    def _check(self, name: str) -> None:
        try:
            for _ in check_documents(self._writer, name, self._schema.tables[name].validator):
                pass
        except BadSchema as error:
            raise ImportRefused(f"{error} Import its table too, or with --replace-all.") from None


def _number_of(table: Table, is_empty: bool) -> int | None:
    """That its ids begin with, or that those of its documents did which are no more; None: they are given here. Raises
    ImportRefused."""
    first: Document | None = next(iter(table.documents()), None)
    if first is None:
        return table.number if is_empty else None
    at, told = first
    if "_id" not in told:
        return None
    try:
        return parse_id(str(told["_id"])).table
    except InvalidId as error:
        raise _refused(table.name, at, str(told["_id"]), str(error)) from None


def _refused(table: str, at: int, document: str, why: str) -> ImportRefused:
    return ImportRefused(f"Table {table}, line {at}, document {document}: {why}")

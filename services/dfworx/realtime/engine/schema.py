"""A deployment's schema: what its tables hold and by which indexes they are read, as `defineSchema(...).export()` says.

A new one holds as a whole or not at all: every document must fit it, and every index is full when it is first asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from dfworx.realtime.engine.catalog import (
    BadName,
    Catalog,
    create_index,
    create_search_index,
    create_table,
    drop_index,
    drop_search_index,
    is_system,
    require_name,
)
from dfworx.realtime.engine.postings import SearchIndex
from dfworx.realtime.engine.ranges import BY_CREATION_TIME, BY_ID
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.transaction import SYSTEM_FIELDS, Fits, fits_everywhere
from dfworx.realtime.engine.validators import Mismatch, Validator, check

MOST_INDEXES = 32
MOST_SEARCH_INDEXES = 4
MOST_FIELDS = 16
OWN = (BY_ID, BY_CREATION_TIME)
"""Indexes that every table has."""
AT_ONCE = 100
"""Documents or entries a step: between two steps everybody else has a turn."""


class BadSchema(Exception):
    """A schema that can't be, or that documents don't fit; the message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class TableSchema:
    validator: Validator
    indexes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    searches: dict[str, SearchIndex] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schema:
    tables: dict[str, TableSchema] = field(default_factory=dict)
    validates: bool = True
    """Whether documents must fit; tables it doesn't name take anything."""


def read_schema(text: str) -> Schema:
    """Raises BadSchema."""
    told = json.loads(text)
    validates = bool(told.get("schemaValidation", True))
    return Schema({each["tableName"]: _table(each, validates) for each in told["tables"]}, validates)


def fits(schema: Schema, catalog: Catalog) -> Fits:
    if not schema.validates:
        return fits_everywhere

    def require(table: str, document: dict[str, Any]) -> None:
        known = schema.tables.get(table)
        if known is None:
            return
        try:
            check(known.validator, document, catalog.tables)
        except Mismatch as error:
            raise BadSchema(
                f'Failed to insert or update a document in table "{table}" because it does not match the schema: '
                f"{error}"
            ) from None

    return require


def apply_schema(writer: Writer, schema: Schema) -> Iterator[str]:
    """Inside a transaction of the writer's: makes what is missing, drops indexes that are named no more, and looks at
    every document of a table whose validator is another one than before. Gives words about how far it is. Raises
    BadSchema; then the transaction must be rolled back."""
    for table, known in schema.tables.items():
        try:
            require_name(table, "A table")
            if table not in writer.catalog.tables:
                create_table(writer.connection, table)
            yield from _change_indexes(writer, table, known.indexes)
            yield from _change_searches(writer, table, known.searches)
        except BadName as error:
            raise BadSchema(str(error)) from None
    for table in writer.catalog.tables.keys() - schema.tables.keys():
        if is_system(table):
            continue
        yield from _change_indexes(writer, table, {})
        yield from _change_searches(writer, table, {})
    checked = _checked(writer) if schema.validates else {}
    wanted = {
        table: json.dumps(known.validator) for table, known in schema.tables.items() if schema.validates
    }
    for table, validator in wanted.items():
        # What was written since was held against the same validator.
        if checked.get(table) != validator:
            yield from check_documents(writer, table, schema.tables[table].validator)
    writer.connection.execute("delete from checked")
    writer.connection.executemany("insert into checked (name, validator) values (?, ?)", wanted.items())


def _checked(writer: Writer) -> dict[str, str]:
    """By table, the validator that all its documents fit."""
    return dict(writer.connection.execute("select name, validator from checked"))


def _table(told: dict[str, Any], validates: bool) -> TableSchema:
    name, validator = told["tableName"], told["documentType"]
    indexes: dict[str, tuple[str, ...]] = {}
    for each in told["indexes"]:
        descriptor, fields = each["indexDescriptor"], tuple(each["fields"])
        if descriptor in indexes:
            raise BadSchema(f"Table {name} has two indexes named {descriptor}; give each its own name.")
        if not 1 <= len(fields) <= MOST_FIELDS:
            raise BadSchema(
                f"Index {name}.{descriptor} has {len(fields)} fields; it may have 1 to {MOST_FIELDS}."
            )
        if validates:
            _require_fields(name, descriptor, validator, fields)
        indexes[descriptor] = fields
    if len(indexes) > MOST_INDEXES:
        raise BadSchema(f"Table {name} has {len(indexes)} indexes; it may have at most {MOST_INDEXES}.")
    searches = _search_indexes(told, indexes.keys())
    if validates:
        for index in searches.values():
            _require_fields(name, index.name, validator, (index.field, *index.filters))
    return TableSchema(validator, indexes, searches)


def _search_indexes(told: dict[str, Any], taken: Set[str]) -> dict[str, SearchIndex]:
    """Without those that are staged, which nobody may ask yet: they are made when they aren't staged any more."""
    table, indexes = told["tableName"], dict[str, SearchIndex]()
    for each in told.get("searchIndexes", ()):
        name, filters = each["indexDescriptor"], tuple(each["filterFields"])
        if name in indexes or name in taken:
            raise BadSchema(f"Table {table} has two indexes named {name}; give each its own name.")
        if len(filters) > MOST_FIELDS or len(set(filters)) < len(filters):
            raise BadSchema(
                f"Search index {table}.{name} has {len(filters)} filter fields; it may have at most {MOST_FIELDS}, "
                "each once."
            )
        indexes[name] = SearchIndex(table, name, each["searchField"], filters)
    if len(indexes) > MOST_SEARCH_INDEXES:
        raise BadSchema(
            f"Table {table} has {len(indexes)} search indexes; it may have at most {MOST_SEARCH_INDEXES}."
        )
    return indexes


def _require_fields(table: str, index: str, validator: Validator, fields: tuple[str, ...]) -> None:
    missing = [path for path in fields if not _may_have(validator, path.split("."))]
    if missing:
        raise BadSchema(
            f"SchemaDefinitionError: index {table}.{index} names the field {missing[0]}, which no document of "
            f"{table} may have. Add it to the table's definition, or take it out of the index."
        )


def _may_have(validator: Validator, path: list[str]) -> bool:
    """Whether a value that fits may have something at this path."""
    if not path or validator["type"] == "any":
        return True
    match validator["type"]:
        case "object":
            inner = validator["value"].get(path[0])
            # The one field that documents have and validators don't list.
            return _may_have(inner["fieldType"], path[1:]) if inner else path == ["_creationTime"]
        case "union":
            return any(_may_have(member, path) for member in validator["value"])
        case "record":
            return _may_have(validator["values"]["fieldType"], path[1:])
    return False


def _change_indexes(writer: Writer, table: str, wanted: dict[str, tuple[str, ...]]) -> Iterator[str]:
    known = writer.catalog.indexes[table]
    for name, each in known.items():
        if name not in OWN and each.index.fields != (
            *wanted.get(name, ()),
            "_creationTime",
        ):
            for done in writer.empty_index(each.number, AT_ONCE):
                yield f"Emptying index {table}.{name}: {done} entries"
            drop_index(writer.connection, each.number)
    for name, fields in wanted.items():
        if name not in writer.catalog.indexes[table] or name in OWN:
            create_index(writer.connection, table, name, fields)
            for done in writer.fill_index(table, name, AT_ONCE):
                yield f"Filling index {table}.{name}: {done} documents"


def _change_searches(writer: Writer, table: str, wanted: dict[str, SearchIndex]) -> Iterator[str]:
    for name, known in writer.catalog.searches[table].items():
        if known.index != wanted.get(name):
            drop_search_index(writer.connection, known.number)
    for name, index in wanted.items():
        if name not in writer.catalog.searches[table]:
            create_search_index(writer.connection, index)
            for done in writer.fill_search_index(table, name, AT_ONCE):
                yield f"Filling search index {table}.{name}: {done} documents"


def check_documents(writer: Writer, table: str, validator: Validator) -> Iterator[str]:
    """Raises BadSchema."""
    done = 0
    for rows in writer.walk(table, AT_ONCE):
        for row in rows:
            document = row.document()
            plain = {name: value for name, value in document.items() if name not in SYSTEM_FIELDS}
            try:
                check(validator, plain, writer.catalog.tables)
            except Mismatch as error:
                raise BadSchema(
                    f'Document with ID "{document["_id"]}" in table "{table}" does not match the schema: {error}'
                ) from None
        done += len(rows)
        yield f"Checking table {table}: {done} documents"

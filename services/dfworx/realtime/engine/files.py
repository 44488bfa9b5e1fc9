"""Which files there are: a document of `_storage` for each, which functions read, and a row that they don't see: under
which address a browser finds it, and under which key its bytes are. Document and row come and go in one transaction."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from dfworx.realtime.engine.ranges import BY_ID
from dfworx.realtime.engine.store import Store
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.values import order_key

TABLE = "_storage"
ROWS = """
create table if not exists files (
  document text primary key,
  address text not null unique,
  key text not null unique
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds; its bytes are in the storage, under the key."""

    key: str
    size: int
    sha256: bytes
    content_type: str | None

    def document(self) -> dict[str, Any]:
        """As functions see it."""
        told = {"sha256": b64encode(self.sha256).decode(), "size": float(self.size)}
        return told if self.content_type is None else {**told, "contentType": self.content_type}


@dataclass(frozen=True, slots=True)
class File:
    document: str
    """Its id."""
    address: UUID
    """Which nobody guesses, and who has it may read the file."""
    content: Content


def insert_file(transaction: Transaction, content: Content, address: UUID) -> str:
    """Its id."""
    document = transaction.insert(TABLE, content.document(), system=True)
    enter_file(transaction.store.connection, document, address, content.key)
    return document


def enter_file(connection: sqlite3.Connection, document: str, address: UUID, key: str) -> None:
    """For a document that stands there already."""
    connection.execute(
        "insert into files (document, address, key) values (?, ?, ?)", (document, str(address), key)
    )


def find_file(transaction: Transaction, given: str) -> File | None:
    """By its id, or by its address, as files were called before they had ids. Whoever asks has read it, so that it is
    told when the file goes. Raises BadCall for what is neither."""
    document = _document_of(transaction.store, given)
    if document is None:
        return None
    found = transaction.get(document, TABLE, system=True)
    return None if found is None else _file(transaction.store.connection, json.loads(found))


def remove_file(transaction: Transaction, given: str) -> str:
    """The key of what nobody needs any more, once this is on the disk. Raises BadCall."""
    file = find_file(transaction, given)
    if file is None:
        raise BadCall(f"Delete on nonexistent document ID {given}")
    transaction.remove(file.document, system=True)
    transaction.store.connection.execute("delete from files where document = ?", (file.document,))
    return file.content.key


def find_address(store: Store, address: str) -> File | None:
    """For whoever isn't a function."""
    document = _by_address(store, address)
    return None if document is None else find_document(store, document)


def find_stored(store: Store, given: str) -> File | None:
    """As `find_file`, for whoever isn't a function. Raises BadCall."""
    document = _document_of(store, given)
    return None if document is None else find_document(store, document)


def find_document(store: Store, document: str) -> File | None:
    """By its id; for whoever isn't a function."""
    index = store.catalog.indexes[TABLE][BY_ID]
    row = store.find(index.number, order_key(document))
    return None if row is None else _file(store.connection, row.document())


def is_named(store: Store, key: str) -> bool:
    """Whether a file has its bytes there."""
    return store.connection.execute("select 1 from files where key = ?", (key,)).fetchone() is not None


def _document_of(store: Store, given: str) -> str | None:
    if not isinstance(given, str):
        raise BadCall("Invalid storageId: expected an id, which is a string.")
    try:
        address = UUID(given)
    except ValueError:
        return given
    return _by_address(store, str(address))


def _by_address(store: Store, address: str) -> str | None:
    row = store.connection.execute("select document from files where address = ?", (address,)).fetchone()
    return row and cast(str, row[0])


def _file(connection: sqlite3.Connection, document: dict[str, Any]) -> File:
    address, key = connection.execute(
        "select address, key from files where document = ?", (document["_id"],)
    ).fetchone()
    sha256, size = b64decode(document["sha256"]), int(document["size"])
    return File(document["_id"], UUID(address), Content(key, size, sha256, document.get("contentType")))

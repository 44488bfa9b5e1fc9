"""Environment variables that were set while a deployment was served: kept with its documents, told to its functions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Mapping

MOST = 1000
LONGEST_NAME = 40
LONGEST_VALUE = 8 << 10
"""Bytes."""
BUILT_IN = ("CONVEX_CLOUD_URL", "CONVEX_SITE_URL")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

TABLE = "create table if not exists variables (name text primary key, value text not null) without rowid"


class BadVariable(Exception):
    """A variable that can't be set; the message says why, and nothing of its value."""


def read_variables(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("select name, value from variables order by name"))


def write_variables(connection: sqlite3.Connection, variables: Mapping[str, str]) -> None:
    """These and no others."""
    connection.execute("delete from variables")
    connection.executemany("insert into variables (name, value) values (?, ?)", variables.items())


def change_variables(
    known: Mapping[str, str], changes: Mapping[str, str | None], given: Collection[str]
) -> dict[str, str]:
    """`known` with the changes, where None takes one out; `given` are names of those that the start has set. Raises
    BadVariable, and then nothing is to change."""
    changed = dict(known)
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            _require_variable(name, value, given)
            changed[name] = value
    if len(changed) > MOST:
        raise BadVariable(
            f"A deployment has at most {MOST} environment variables, and these would be {len(changed)}; unset some "
            "first."
        )
    return changed


def _require_variable(name: str, value: str, given: Collection[str]) -> None:
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise BadVariable(
            f"{name[:70]!r} is no name of an environment variable: it begins with a letter and has at most "
            f"{LONGEST_NAME} letters, digits and _."
        )
    if name in BUILT_IN:
        raise BadVariable(f"The environment variable {name} is built in and can't be set.")
    if name in given:
        raise BadVariable(
            f"The environment variable {name} was given when the deployment was started, with --env or by the install; "
            "change it there."
        )
    size = len(value.encode())
    if size > LONGEST_VALUE:
        raise BadVariable(
            f"The value of {name} has {size} bytes; an environment variable may have at most {LONGEST_VALUE}."
        )

"""Questions whose answer must not depend on what another organization has: the same statement once with a value
that is there in the foreign organization and once with one that never was. Which statements there are comes from
the catalog: each column of each table that a login may insert or change, and each argument of each function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.walls.calling import ANSWERS_BEFORE_PROOF
from tests.walls.catalog import Catalog, Relation
from tests.walls.filling import FOREIGN, OURS, Organization, planted, rows

NOWHERE = Organization("c0c0c0c0", 1_543_210_987)
"""An organization that never was, with ids, addresses and names of the same form."""

TOLD_BY_DESIGN = {
    ("public.organizations", "slug"): "registering tells it too: people sign in with the short name",
    ("app_auth.register_organization", ""): "registering tells whether an address or a short name is taken",
    **{(name, ""): why for name, why in ANSWERS_BEFORE_PROOF.items()},
}


@dataclass(frozen=True)
class Question:
    about: tuple[str, str]
    login: str
    statement: str
    there: tuple[Any, ...]
    nowhere: tuple[Any, ...]


def questions(catalog: Catalog, login: str, seal: str) -> Iterator[Question]:
    for relation in catalog.relations:
        if relation.is_table:
            yield from _inserting(relation, login)
            yield from _changing(relation, login)
            yield from _asking(relation, login)
    yield from _calling(catalog, login, seal)


def _values(table: str, column: str) -> list[tuple[Any, Any]]:
    """What the foreign organization has in a column, each beside the same of the organization that never was."""
    pairs = []
    for (name, there), (_, nowhere) in zip(rows(FOREIGN), rows(NOWHERE), strict=True):
        if name == table and there.get(column) not in (None, nowhere.get(column)):
            pairs.append((there[column], nowhere[column]))
    return pairs


def _inserting(relation: Relation, login: str) -> Iterator[Question]:
    """A row of ours in which one value is theirs: uniqueness and foreign keys would tell."""
    ours = planted(relation.name, OURS)
    allowed = relation.insertable_by(login)
    if ours is None or not allowed:
        return
    columns = [name for name in ours if name in allowed]
    names = ", ".join(f'"{name}"' for name in columns)
    for column in columns:
        for there, nowhere in _values(relation.name, column):
            for ending in ("", " on conflict do nothing", " returning 1"):
                yield Question(
                    (relation.name, column),
                    login,
                    f"insert into {relation.name} ({names}) select {names}"
                    f" from jsonb_populate_record(null::{relation.name}, $1::text::jsonb){ending}",
                    (json.dumps({**ours, column: there}),),
                    (json.dumps({**ours, column: nowhere}),),
                )


def _changing(relation: Relation, login: str) -> Iterator[Question]:
    """One row of ours takes a value of theirs."""
    for column in relation.updatable_by(login):
        kind = next(each.type for each in relation.columns if each.name == column)
        for there, nowhere in _values(relation.name, column):
            if not isinstance(there, str):
                continue
            one = (
                f"ctid = (select ctid from {relation.name} limit 1)"
                if relation.readable_by(login)
                else "true"
            )
            yield Question(
                (relation.name, column), login,
                f'update {relation.name} set "{column}" = $1::text::{kind} where {one}', (there,), (nowhere,),
            )  # fmt: skip


def _asking(relation: Relation, login: str) -> Iterator[Question]:
    """What is found, locked, counted or deleted by a value."""
    for column in relation.readable_by(login):
        kind = next(each.type for each in relation.columns if each.name == column)
        for there, nowhere in _values(relation.name, column):
            if not isinstance(there, str):
                continue
            where = f'from {relation.name} where "{column}" = $1::text::{kind}'
            for statement in (f"select 1 {where}", f"select count(*) {where}", f"select 1 {where} for update nowait",
                              f"delete {where}", f"select exists (select {where})"):  # fmt: skip
                yield Question((relation.name, column), login, statement, (there,), (nowhere,))


def _calling(catalog: Catalog, login: str, seal: str) -> Iterator[Question]:
    kept: list[tuple[str, str]] = []
    for (_, theirs), (_, nobodys) in zip(rows(FOREIGN), rows(NOWHERE), strict=True):
        kept += [(theirs[name], nobodys[name]) for name in theirs if _is_word(theirs[name], nobodys[name])]
    words = list(dict.fromkeys(kept))
    ids = [pair for pair in words if _is_id(pair[0])]
    for function in catalog.functions:
        if login not in function.callers:
            continue
        names = [*function.argument_names, *[""] * len(function.argument_types)]
        base = [_filler(name, kind, seal) for name, kind in zip(names, function.argument_types, strict=False)]
        places = ", ".join(f"${n}::text::{kind}" for n, kind in enumerate(function.argument_types, start=1))
        for place, kind in enumerate(function.argument_types):
            if names[place] == "ctx" or kind not in ("uuid", "text"):
                continue
            for there, nowhere in ids if kind == "uuid" else words:
                yield Question(
                    (function.name, ""), login, f"select x::text from {function.name}({places}) x",
                    tuple(there if n == place else value for n, value in enumerate(base)),
                    tuple(nowhere if n == place else value for n, value in enumerate(base)),
                )  # fmt: skip


def _is_word(there: Any, nowhere: Any) -> bool:
    return isinstance(there, str) and there != nowhere and not there.startswith(("\\x", "https:"))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _filler(name: str, kind: str, seal: str) -> str | None:
    if name == "ctx":
        return seal
    fillers = {
        "text": "x",
        "integer": "10",
        "boolean": "true",
        "bytea": FOREIGN.digest(7),
        "jsonb": "{}",
        "json": "{}",
    }
    return fillers.get(kind)

"""A probe is one way of attack as a template, tried on every relation or once a login. Each says how it is known
to see: as the foreign organization's own person, by that organization's true seal shown in place of a forged
one, or in a database where the wall that it runs against was taken down."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from tests.walls.arena import Arena
from tests.walls.attacker import Attempt, Copy, Step
from tests.walls.catalog import Catalog, Relation
from tests.walls.filling import FOREIGN, OURS, planted
from tests.walls.ledger import Ledger


@dataclass(frozen=True)
class Weakness:
    """Statements of the owner that take one wall down, and those that put it back."""

    name: str
    down: tuple[str, ...]
    up: tuple[str, ...]

    @asynccontextmanager
    async def applied(self, ledger: Ledger) -> AsyncIterator[None]:
        try:
            for statement in self.down:
                await ledger.owner.execute(statement)
            yield
        finally:
            for statement in self.up:
                await ledger.owner.execute(statement)
            await ledger.restore()
            assert await ledger.gained() == [], f"{self.name} was not taken back"


@dataclass(frozen=True)
class Probe:
    name: str
    steps: tuple[Step, ...]
    vectors: tuple[int, ...] = ()
    """Rows of the table in the reference that it stands for."""
    known_by: Literal["own person", "true seal"] | Weakness = "own person"
    login: str | None = None
    """Of the control; all logins are tried when None, and "owner" is the tables' owner."""
    echoes: bool = False
    outside: bool = False
    since: int = 150_000
    """server_version_num from which the statement exists."""

    @property
    def needs_xml(self) -> bool:
        """Some servers are built without; the others show that the probe sees."""
        return any("_to_xml" in str(step) for step in self.steps)

    def attempts(
        self, catalog: Catalog, login: str, shown: str, relation: Relation | None
    ) -> Iterator[Attempt]:
        """Rendered for one relation; nothing when it needs a column that isn't there. `shown` is the seal that it
        presents as the foreign organization's."""
        if catalog.version < self.since:
            return
        words = _words(login, shown, relation)
        variants = _variants(self.steps, words)
        if relation is not None and not relation.readable_by(login):
            # One column is refused like the next.
            variants = itertools.islice(variants, 1)
        for variant in variants:
            yield Attempt(variant, self.echoes, self.outside)


def _words(login: str, shown: str, relation: Relation | None) -> dict[str, list[str]]:
    claims = {
        "sub": str(FOREIGN.person("admin")),
        "org_id": str(FOREIGN.organization_id),
        "role": "authenticated",
    }
    words = {
        "login": [login],
        "seal": [shown],
        "claims": [json.dumps(claims)],
        "foreign": [str(FOREIGN.organization_id)],
        "ours": [str(OURS.organization_id)],
        "mark": [FOREIGN.mark],
        "half": [FOREIGN.mark[:4]],
    }
    if relation is None:
        return words
    columns = [f'"{name}"' for name in relation.readable_by(login)] or [
        f'"{each.name}"' for each in relation.columns
    ]
    schema, _, table = relation.name.partition(".")
    texts = [name for name in relation.of_type("text", "jsonb") if f'"{name}"' in columns]
    columns_planted, row_planted = _planted(relation, login)
    return words | {
        "table": [relation.name],
        "schema": [schema],
        "name": [table],
        "columns": [", ".join(columns)],
        "column": columns,
        "text": [f'"{name}"' for name in texts],
        "organization": ['"organization_id"'] if relation.has("organization_id") else [],
        "key": [f'"{name}"' for name in relation.key[-1:]],
        "string": [f'"{name}"' for name in relation.of_type("text")],
        "moment": [f'"{name}"' for name in relation.of_type("timestamp with time zone")],
        "number": [f'"{name}"' for name in relation.of_type("integer", "bigint")],
        "id": [f'"{name}"' for name in relation.of_type("uuid") if name != "organization_id"],
        "planted columns": columns_planted,
        "merged values": [re.sub(r'("\w+")', r"s.\1", each) for each in columns_planted],
        "planted": row_planted,
    }


def _planted(relation: Relation, login: str) -> tuple[list[str], list[str]]:
    """Columns and values of a row of the foreign organization: those that the login may insert, else all."""
    row = planted(relation.name, FOREIGN)
    if row is None:
        return [], []
    allowed = [name for name in row if name in relation.insertable_by(login)] or [
        name for name in row if not name.endswith("_id") or name in ("organization_id", "user_id", "post_id")
    ]
    return [", ".join(f'"{name}"' for name in allowed)], [json.dumps(row)]


def _variants(steps: tuple[Step, ...], words: dict[str, list[str]]) -> Iterator[tuple[Step, ...]]:
    """One for each value of the word with several values that the steps use, or none when a word has no value."""
    text = "\n".join(step.query if isinstance(step, Copy) else str(step) for step in steps)
    used = {name: values for name, values in words.items() if f"<{name}>" in text}
    if not all(used.values()):
        return
    several = next((name for name, values in used.items() if len(values) > 1), None)
    for value in used[several] if several else [""]:
        chosen = {name: value if name == several else values[0] for name, values in used.items()}
        yield tuple(_fill(step, chosen) for step in steps)


def _fill(step: Step, chosen: dict[str, str]) -> Step:
    def fill(text: str) -> str:
        for name, value in chosen.items():
            text = text.replace(f"<{name}>", value)
        return text

    match step:
        case Copy(query):
            return Copy(fill(query))
        case (query, arguments):
            return fill(query), arguments
    return fill(step)


def forged_seal(arena: Arena, login: str) -> str:
    """Our own person's seal with the foreign organization written over ours: all but the MAC is right."""
    true = arena.seal(login, OURS)
    return true.replace(str(OURS.organization_id), str(FOREIGN.organization_id)).replace(
        str(OURS.person("admin")), str(FOREIGN.person("admin"))
    )

"""Shapes of tables, as `generated_schema.jsonl` of a snapshot tells them: what was found in all documents of one, in a
small language of Convex's own, such as `{"n"?: int64 | null, "list": array<string>}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dfworx.realtime.values.encoding import InvalidValue

DEEPEST = 64
_WORDS = re.compile(
    r"never|null|int64|float64|-inf|inf|-0|NaN|normalfloat64|boolean|field_name|string|bytes|unknown"
)
_LITERAL = re.compile(r'"([^"]*)"')
_ID = re.compile(r"id<(\d+)>")
_FIELD = re.compile(r'"([^"]*)"(\??): ')


@dataclass(frozen=True, slots=True)
class Shape:
    kind: str
    """A word of the language; literal, object, array, record, union."""
    fields: dict[str, Shape] = field(default_factory=dict)
    inner: Shape | None = None
    """Of an array's items, or a record's values."""
    members: tuple[Shape, ...] = ()
    """A union's."""

    @property
    def options(self) -> tuple[Shape, ...]:
        return self.members if self.kind == "union" else (self,)


UNKNOWN = Shape("unknown")


def read_shape(text: str) -> Shape:
    """Raises InvalidValue."""
    reading = _Reading(text)
    shape = reading.union(0)
    reading.require(reading.at == len(text))
    return shape


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def union(self, depth: int) -> Shape:
        members = [self._one(depth)]
        while self._skip(" | "):
            members.append(self._one(depth))
        flat = tuple(option for each in members for option in each.options)
        return flat[0] if len(flat) == 1 else Shape("union", members=flat)

    def _one(self, depth: int) -> Shape:
        self.require(depth < DEEPEST)
        if self._skip("{"):
            return self._object(depth)
        if self._skip("array<"):
            inner = self.union(depth + 1)
            self.require(self._skip(">"))
            return Shape("array", inner=inner)
        if self._skip("record<"):
            self.union(depth + 1)
            self.require(self._skip(", "))
            inner = self.union(depth + 1)
            self.require(self._skip(">"))
            return Shape("record", inner=inner)
        if self._match(_ID):
            return Shape("id")
        if self._match(_LITERAL):
            return Shape("literal")
        word = self._match(_WORDS)
        if word is None:
            raise self._wrong()
        return Shape(word[0])

    def _object(self, depth: int) -> Shape:
        fields: dict[str, Shape] = {}
        while not self._skip("}"):
            name = self._match(_FIELD)
            if name is None:
                raise self._wrong()
            fields[name[1]] = self.union(depth + 1)
            self.require(self._skip(", ") or self._text.startswith("}", self.at))
        return Shape("object", fields)

    def _skip(self, sign: str) -> bool:
        found = self._text.startswith(sign, self.at)
        self.at += len(sign) * found
        return found

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self.at)
        if found:
            self.at = found.end()
        return found

    def require(self, holds: bool) -> None:
        if not holds:
            raise self._wrong()

    def _wrong(self) -> InvalidValue:
        return InvalidValue(
            f"generated_schema.jsonl tells a shape that can't be read, at {self._text[self.at :][:40]!r}."
        )

"""Ranges of an index: what `withIndex(...)` asks for, as an interval of the index's keys.

An index's key is the keys of its fields in a row, behind them the document's `_creationTime` and its id, so that no two
documents share one. Equalities come first, in any order, and together are the first fields; one more field may be
bounded from below and from above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dfworx.realtime.engine.filters import field_of
from dfworx.realtime.values import (
    InvalidValue,
    Undefined,
    Value,
    after_all,
    decode_or_undefined,
    order_key,
)

BY_ID = "by_id"
BY_CREATION_TIME = "by_creation_time"


class BadRange(Exception):
    """A range that no index could answer; the message is for whoever wrote the query."""


@dataclass(frozen=True, slots=True)
class Index:
    """`fields` with `_creationTime` at the end, or `_id` alone."""

    table: str
    name: str
    fields: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"{self.table}.{self.name}"

    def parts(self, document: dict[str, Any]) -> list[bytes]:
        """The keys of a document's fields and of its id; in a row they are its key."""
        fields = [order_key(field_of(document, name)) for name in self.fields]
        return fields if self.fields[-1] == "_id" else [*fields, order_key(document["_id"])]


@dataclass(frozen=True, slots=True)
class Interval:
    """The keys from `low` on, before `high`, all of which begin with `prefix`."""

    low: bytes
    high: bytes
    prefix: bytes = b""
    """What the range's equalities come to. What is read is filed under it (subscriptions.py)."""

    def __contains__(self, key: bytes) -> bool:
        return self.low <= key < self.high

    def behind(self, key: bytes) -> Interval:
        """What of it comes after a key and those that begin with it."""
        return Interval(after_all(key), self.high, self.prefix)


def everything() -> Interval:
    return Interval(b"", after_all(b""))


def one(prefix: bytes) -> Interval:
    """All keys that begin with these parts."""
    return Interval(prefix, after_all(prefix), prefix)


@dataclass(slots=True)
class _Bounds:
    equal: dict[str, Value | Undefined] = field(default_factory=dict)
    lower: tuple[str, bool, Value | Undefined] | None = None
    upper: tuple[str, bool, Value | Undefined] | None = None


def interval_of(index: Index, conditions: list[Any]) -> Interval:
    """Raises BadRange."""
    bounds = _Bounds()
    for condition in conditions:
        _take(index, bounds, condition)
    prefix = _equal_prefix(index, bounds)
    ranged = {bound[0] for bound in (bounds.lower, bounds.upper) if bound}
    if len(ranged) > 1:
        raise BadRange(
            f"Index range on {index.address} has bounds on more than one field: {', '.join(sorted(ranged))}."
        )
    place = len(bounds.equal)
    if ranged and (place >= len(index.fields) or ranged != {index.fields[place]}):
        raise BadRange(_out_of_order(index, ranged.pop(), place))
    low, high = prefix, after_all(prefix)
    if bounds.lower:
        _, inclusive, value = bounds.lower
        low = prefix + order_key(value) if inclusive else after_all(prefix + order_key(value))
    if bounds.upper:
        _, inclusive, value = bounds.upper
        high = after_all(prefix + order_key(value)) if inclusive else prefix + order_key(value)
    return Interval(low, high, prefix)


def _take(index: Index, bounds: _Bounds, condition: Any) -> None:
    if not isinstance(condition, dict):
        raise BadRange("A condition of an index range is an object.")
    kind, name = condition.get("type"), condition.get("fieldPath")
    if not isinstance(name, str) or name not in index.fields:
        raise BadRange(
            f"Index {index.address} has no field {name}; its fields are {', '.join(index.fields)}."
        )
    try:
        value = decode_or_undefined(condition.get("value"))
    except InvalidValue as error:
        raise BadRange(f"The bound of {name} is no value: {error}") from None
    match kind:
        case "Eq" if name not in bounds.equal:
            bounds.equal[name] = value
        case "Gt" | "Gte" if bounds.lower is None:
            bounds.lower = (name, kind == "Gte", value)
        case "Lt" | "Lte" if bounds.upper is None:
            bounds.upper = (name, kind == "Lte", value)
        case "Eq" | "Gt" | "Gte" | "Lt" | "Lte":
            raise BadRange(f"Index range on {index.address} bounds {name} twice in one direction.")
        case _:
            raise BadRange(f"There is no condition {kind!r}; an index range knows Eq, Gt, Gte, Lt and Lte.")


def _equal_prefix(index: Index, bounds: _Bounds) -> bytes:
    prefix = b""
    for place, name in enumerate(index.fields[: len(bounds.equal)]):
        if name not in bounds.equal:
            [late, *_] = [each for each in index.fields[place + 1 :] if each in bounds.equal]
            raise BadRange(_out_of_order(index, late, place))
        prefix += order_key(bounds.equal[name])
    return prefix


def _out_of_order(index: Index, name: str, place: int) -> str:
    if place == len(index.fields):
        return f"Index range on {index.address} bounds {name}, which is equal to one value already."
    return (
        f"Index range on {index.address} uses {name} without an equality on {index.fields[place]} before it; "
        f"the fields of this index, in order, are {', '.join(index.fields)}."
    )

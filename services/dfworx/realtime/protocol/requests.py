"""What a client may say. Whatever else comes is its fault: the session tells it so and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard
from uuid import UUID

from dfworx.realtime.protocol.timestamps import read_timestamp
from dfworx.realtime.values import InvalidValue, Value, decode, parse_json

_MOST = 2**32 - 1


class BadRequest(Exception):
    """The client broke the protocol; the message is for whoever writes clients."""


MOST_CHANGES = 2_000
"""Looked at before each of them is: they are others' time."""
_TOO_MANY = f"A message brings at most {MOST_CHANGES} modifications; ask for several things by one query."
_LARGE = 1 << 16
_MODIFIES = b'{"type":"ModifyQuerySet",'
"""As clients write it; whoever writes it in another order is refused when it has been read."""


@dataclass(frozen=True, slots=True)
class Connect:
    """The first thing said. A client that was connected before tells of the last timestamp it has seen."""

    session: UUID
    count: int
    last_close_reason: str | None
    max_observed: int | None
    client_ms: float | None
    """The client's clock, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: Literal["none", "user", "admin"]
    value: str = ""
    acting_as: dict[str, Any] | None = None
    """The identity that an admin wants functions to see."""


@dataclass(frozen=True, slots=True)
class Authenticate:
    base: int
    token: Token


@dataclass(frozen=True, slots=True)
class Add:
    query: int
    path: str
    args: Value
    journal: str | None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    query: int


@dataclass(frozen=True, slots=True)
class ModifyQuerySet:
    base: int
    new: int
    changes: list[Add | Remove]


@dataclass(frozen=True, slots=True)
class Mutation:
    request: int
    path: str
    args: Value
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    request: int
    path: str
    args: Value
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Telemetry of a client."""

    kind: str


Request = Connect | Authenticate | ModifyQuerySet | Mutation | Action | Event


def parse_request(frame: str | bytes) -> Request:
    """Raises BadRequest."""
    _refuse_too_many(frame)
    try:
        told = _Fields(parse_json(frame))
        parse = _PARSERS.get(told.text("type"))
        if parse is None:
            raise BadRequest(f"There is no message of type {told.text('type')[:40]}.")
        return parse(told)
    except InvalidValue as error:
        raise BadRequest(str(error)) from None


def _refuse_too_many(frame: str | bytes) -> None:
    """Before it is read, which takes ten times as long as to count."""
    if len(frame) > _LARGE and isinstance(frame, bytes) and frame.startswith(_MODIFIES):
        if frame.count(b'"udfPath":"') > MOST_CHANGES:
            raise BadRequest(_TOO_MANY)


class _Fields:
    """One object of a message; each question gives what is of the asked kind, or raises BadRequest."""

    def __init__(self, told: Any) -> None:
        if not isinstance(told, dict):
            raise BadRequest("A message is an object.")
        self.told = told

    def text(self, name: str) -> str:
        value = self.told.get(name)
        if not isinstance(value, str):
            raise BadRequest(f"{name} must be a string.")
        return value

    def optional_text(self, name: str) -> str | None:
        return None if self.told.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        value = self.told.get(name)
        if not _is_number(value) or not 0 <= value <= _MOST or value != int(value):
            raise BadRequest(f"{name} must be a whole number from 0 to {_MOST}.")
        return int(value)

    def optional_float(self, name: str) -> float | None:
        value = self.told.get(name)
        if value is None:
            return None
        if not _is_number(value):
            raise BadRequest(f"{name} must be a number.")
        return float(value)

    def args(self) -> Value:
        match self.told.get("args"):
            case [only]:
                return decode(only)
            case dict() as only:
                return decode(only)
        raise BadRequest("args must be a list with one object.")


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _connect(told: _Fields) -> Connect:
    try:
        session = UUID(told.text("sessionId"))
        observed = told.optional_text("maxObservedTimestamp")
        return Connect(
            session,
            told.number("connectionCount"),
            told.optional_text("lastCloseReason"),
            None if observed is None else read_timestamp(observed),
            told.optional_float("clientTs"),
        )
    except ValueError as error:
        raise BadRequest(f"Connect: {error}") from None


def _authenticate(told: _Fields) -> Authenticate:
    base = told.number("baseVersion")
    match told.text("tokenType"):
        case "None":
            return Authenticate(base, Token("none"))
        case "User":
            return Authenticate(base, Token("user", told.text("value")))
        case "Admin":
            acting_as = told.told.get("impersonating", told.told.get("acting_as"))
            if acting_as is not None and not isinstance(acting_as, dict):
                raise BadRequest("impersonating must be an object.")
            return Authenticate(base, Token("admin", told.text("value"), acting_as))
    raise BadRequest("tokenType must be User, Admin or None.")


def _modify_query_set(told: _Fields) -> ModifyQuerySet:
    changes = told.told.get("modifications")
    if not isinstance(changes, list):
        raise BadRequest("modifications must be a list.")
    if len(changes) > MOST_CHANGES:
        raise BadRequest(_TOO_MANY)
    return ModifyQuerySet(
        told.number("baseVersion"), told.number("newVersion"), [_change(_Fields(each)) for each in changes]
    )


def _change(told: _Fields) -> Add | Remove:
    match told.text("type"):
        case "Add":
            path, args, journal = told.text("udfPath"), told.args(), told.optional_text("journal")
            return Add(told.number("queryId"), path, args, journal, told.optional_text("componentPath"))
        case "Remove":
            return Remove(told.number("queryId"))
    raise BadRequest("A modification is of type Add or Remove.")


def _call(told: _Fields) -> tuple[int, str, Value, str | None]:
    return told.number("requestId"), told.text("udfPath"), told.args(), told.optional_text("componentPath")


def _event(told: _Fields) -> Event:
    return Event(told.text("eventType"))


_PARSERS: dict[str, Callable[[_Fields], Request]] = {
    "Connect": _connect,
    "Authenticate": _authenticate,
    "ModifyQuerySet": _modify_query_set,
    "Mutation": lambda told: Mutation(*_call(told)),
    "Action": lambda told: Action(*_call(told)),
    "Event": _event,
}

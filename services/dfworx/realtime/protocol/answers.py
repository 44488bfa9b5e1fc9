"""What a client is told, as the text of frames. A value comes as its encoded JSON and goes into every frame as it is:
a thousand subscribers share one text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from dfworx.realtime.protocol.timestamps import write_timestamp
from dfworx.realtime.protocol.versions import Version

CHUNK_BYTES = 5_000_000
"""A Transition of more goes in parts, to clients that know of parts: npm's from 1.28.0 on."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a function gave no value."""

    message: str
    data: str | None = None
    """A ConvexError's, as encoded JSON. None: it wasn't one; a ConvexError may well hold null."""


@dataclass(frozen=True, slots=True)
class QueryUpdated:
    query: int
    value: str
    log_lines: Sequence[str] = ()
    journal: str | None = None


@dataclass(frozen=True, slots=True)
class QueryFailed:
    query: int
    failure: Failure
    log_lines: Sequence[str] = ()
    journal: str | None = None


@dataclass(frozen=True, slots=True)
class QueryRemoved:
    query: int


def transition(
    start: Version,
    end: Version,
    changes: Sequence[QueryUpdated | QueryFailed | QueryRemoved],
) -> str:
    parts = ",".join(map(_change, changes))
    return (
        f'{{"type":"Transition","startVersion":{_version(start)},"endVersion":{_version(end)},'
        f'"modifications":[{parts}]}}'
    )


def chunks_of(frame: str) -> Iterator[str]:
    """The frame itself, or the parts of one that is too large, which must follow one another."""
    written = frame.encode()
    if len(written) <= CHUNK_BYTES:
        yield frame
        return
    pieces = list(_split(written))
    name = str(uuid4())
    for number, piece in enumerate(pieces):
        yield _text(
            {
                "type": "TransitionChunk",
                "chunk": piece,
                "partNumber": number,
                "totalParts": len(pieces),
                "transitionId": name,
            }
        )


def mutation_done(request: int, value: str, ts: int, log_lines: Sequence[str] = ()) -> str:
    """`ts` is the commit's."""
    return _response("Mutation", request, value, log_lines, f',"ts":"{write_timestamp(ts)}"', done=True)


def mutation_failed(request: int, failure: Failure, log_lines: Sequence[str] = ()) -> str:
    rest = f',"ts":null{_data(failure)}'
    return _response("Mutation", request, _text(failure.message), log_lines, rest, done=False)


def action_done(request: int, value: str, log_lines: Sequence[str] = ()) -> str:
    return _response("Action", request, value, log_lines, "", done=True)


def action_failed(request: int, failure: Failure, log_lines: Sequence[str] = ()) -> str:
    return _response("Action", request, _text(failure.message), log_lines, _data(failure), done=False)


def auth_error(error: str, base: int, *, attempted: bool) -> str:
    """`attempted`: an Authenticate has just failed; else the token that was good has run out."""
    return _text({"type": "AuthError", "error": error, "baseVersion": base, "authUpdateAttempted": attempted})


def fatal_error(error: str) -> str:
    return _text({"type": "FatalError", "error": error})


def ping() -> str:
    return '{"type":"Ping"}'


def _response(
    kind: str, request: int, result: str, log_lines: Sequence[str], rest: str, *, done: bool
) -> str:
    return (
        f'{{"type":"{kind}Response","requestId":{request},"success":{_text(done)},"result":{result},'
        f'"logLines":{_text(list(log_lines))}{rest}}}'
    )


def _change(change: QueryUpdated | QueryFailed | QueryRemoved) -> str:
    match change:
        case QueryUpdated():
            return (
                f'{{"type":"QueryUpdated","queryId":{change.query},"value":{change.value},'
                f'"logLines":{_text(list(change.log_lines))},"journal":{_text(change.journal)}}}'
            )
        case QueryFailed():
            return (
                f'{{"type":"QueryFailed","queryId":{change.query},"errorMessage":{_text(change.failure.message)},'
                f'"logLines":{_text(list(change.log_lines))},"journal":{_text(change.journal)}{_data(change.failure)}}}'
            )
        case QueryRemoved():
            return f'{{"type":"QueryRemoved","queryId":{change.query}}}'


def _version(version: Version) -> str:
    return f'{{"querySet":{version.query_set},"identity":{version.identity},"ts":"{write_timestamp(version.ts)}"}}'


def _data(failure: Failure) -> str:
    return "" if failure.data is None else f',"errorData":{failure.data}'


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _split(written: bytes) -> Iterator[str]:
    """Between characters, never within one."""
    start = 0
    while start < len(written):
        end = min(start + CHUNK_BYTES, len(written))
        while end < len(written) and written[end] & 0xC0 == 0x80:
            end -= 1
        yield written[start:end].decode()
        start = end

"""A file of messages as it is written, one JSON object a line. A line that can't be understood is named with its reason
and left out; the others are put in the order of their times, since a thread numbers its messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dfworx.auth.fields import clean_imported_name
from dfworx.cli.failure import Failure
from dfworx.cli.importing.fields import one_line
from dfworx.cli.importing.folder import Note
from dfworx.shared.errors import Invalid

# As convex/threads.ts and convex/messages.ts have them.
LONGEST_THREAD_NAME = 80
LONGEST_TEXT = 40_000
LONGEST_ID = 200
LONGEST_LINE = 1 << 20


class _Unusable(Exception):
    """Why a line is no message, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Message:
    source_id: str
    sent_at: float
    """Milliseconds since 1970, as Convex counts."""
    author: str
    text: str
    reply_to: str | None


@dataclass(slots=True)
class Chat:
    """What a file holds, oldest first. Each answers a message of the file, or none."""

    messages: list[Message] = field(default_factory=list)
    skipped: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


def read_thread_name(given: str) -> str:
    name = one_line(given)
    if not name:
        raise Failure("--thread is empty; give the name of the thread that gets the messages.")
    if len(name) > LONGEST_THREAD_NAME:
        raise Failure(f"--thread is too long; give a name of at most {LONGEST_THREAD_NAME} characters.")
    return name


def read_chat(file: Path) -> Chat:
    """Raises Failure when the file can't be read."""
    try:
        with file.open("rb") as lines:
            return understand_chat(file.name, _bounded(lines))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Failure(f"The file {file} can't be read: {reason}. Give one that holds messages.") from None


def understand_chat(name: str, lines: Iterable[bytes]) -> Chat:
    chat = Chat()
    places: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            message = _read_line(line)
            if message.source_id in places:
                raise _Unusable(f"has the id of line {places[message.source_id]}")
        except _Unusable as error:
            chat.skipped.append(Note(f"{name} line {number}", str(error)))
        else:
            places[message.source_id] = number
            chat.messages.append(message)
    for at, message in enumerate(chat.messages):
        if message.reply_to is not None and message.reply_to not in places:
            where = f"{name} line {places[message.source_id]}"
            why = "answers a message that isn't in the file or was skipped"
            chat.warnings.append(Note(where, why))
            chat.messages[at] = replace(message, reply_to=None)
    chat.messages.sort(key=lambda message: message.sent_at)
    return chat


def _bounded(lines: Any) -> Iterator[bytes]:
    """Never more of a line in memory than is of use."""
    while line := lines.readline(LONGEST_LINE):
        yield line
        while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            line = lines.readline(LONGEST_LINE)


def _read_line(line: bytes) -> Message:
    if len(line) >= LONGEST_LINE:
        raise _Unusable(f"is longer than {LONGEST_LINE:,} bytes")
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _Unusable("isn't UTF-8 text") from None
    except (ValueError, RecursionError):
        raise _Unusable("isn't JSON") from None
    if not isinstance(told, dict):
        raise _Unusable("isn't a JSON object")
    author = _string(told, "author")
    try:
        clean_imported_name(author)
    except Invalid:
        raise _Unusable("has an author without a name") from None
    text = _string(told, "text")
    if not text:
        raise _Unusable("has no text")
    if len(text) > LONGEST_TEXT:
        raise _Unusable(f"has a text of more than {LONGEST_TEXT:,} characters")
    answered = told.get("reply_to")
    return Message(
        source_id=_identifier(told, "id"),
        sent_at=_time(_string(told, "at")),
        author=author,
        text=text,
        reply_to=None if answered is None else _identifier(told, "reply_to"),
    )


def _string(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise _Unusable(f"has no {name}" if value is None else f"has {name} that isn't a string")
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise _Unusable(f"has {name} with characters that can't be stored")
    return value


def _identifier(told: dict[str, Any], name: str) -> str:
    value = _string(told, name)
    if not 1 <= len(value) <= LONGEST_ID:
        raise _Unusable(f"has {name} of {len(value)} characters; 1 to {LONGEST_ID} are taken")
    return value


def _time(written: str) -> float:
    """Without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise _Unusable("has at that isn't a time such as 2004-11-15T01:35:00Z") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.timestamp() * 1000

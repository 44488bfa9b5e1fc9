"""What the front matter's fields mean: title, category, authors, dates, status. Each takes words as people write
them and gives a value or nothing; what can't be understood is for the caller to warn of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, get_args

Status = Literal["draft", "published", "archived"]
STATUSES: tuple[Status, ...] = get_args(Status)
LONGEST_NAME = 100

_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SEPARATOR = re.compile(r"[,;](?![^(]*\))(?![^<]*>)")
_MAIL = re.compile(r"<([^<>]*)>")
_HANDLE_AT_END = re.compile(r"\(([^()]*)\)\s*$")
_DATE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)


def one_line(word: Any) -> str:
    """A scalar as one line of text without control characters; empty for lists, mappings and nothing."""
    return (
        " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", word)).split())
        if isinstance(word, str)
        else ""
    )


def first_of(words: Mapping[str, Any], *keys: str) -> str:
    """The first of these fields that says something; of a list, its first item."""
    for key in keys:
        word = words.get(key)
        if isinstance(word, list):
            word = next(iter(word), "")
        if found := one_line(word):
            return found
    return ""


def author_names(words: Mapping[str, Any]) -> list[str]:
    """Names in order, each once, from `author` or `authors`: a text of several, a list, or mappings with a name."""
    written = words.get("author") or words.get("authors") or ""
    # In a list a comma belongs to the name: `Byron, Ada`.
    items: list[Any] = _SEPARATOR.split(written) if isinstance(written, str) else _listed(written)
    return list(dict.fromkeys(filter(None, map(_author_name, items))))


def _listed(written: Any) -> list[Any]:
    items = written if isinstance(written, list) else [written]
    return [each.get("name") or each.get("email") if isinstance(each, dict) else each for each in items]


def _author_name(part: Any) -> str:
    """Of `Name (@handle) <mail>`, any of them missing; empty for what is no text."""
    if not isinstance(part, str):
        return ""
    mail = _MAIL.search(part)
    name = _MAIL.sub(" ", part)
    handle = _HANDLE_AT_END.search(name)
    if handle:
        name = name[: handle.start()]
    name = one_line(name).strip("[]\"' ")
    if not name and handle:
        name = one_line(handle[1])
    if not name and mail:
        name = mail[1].strip()
    if re.fullmatch(r"[^@\s]+@[^@\s]+", name):
        # An address is nobody's to publish.
        name = name.partition("@")[0]
    return name.lstrip("@")[:LONGEST_NAME].strip()


def parse_date(word: str) -> datetime | None:
    """A day or a moment; without a zone it is UTC. None when it is neither."""
    found = _DATE.fullmatch(word.strip())
    if found is None:
        return None
    *numbers, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone or "Z"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(written: str) -> timezone:
    if written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if written.startswith("-") else offset)


def read_status(words: Mapping[str, Any], mapped: Mapping[str, Status]) -> Status:
    """Published unless the file is marked a draft or its status is mapped; a mark goes before the map, so that
    nothing unfinished is shown by mistake. `mapped` has its keys folded by `str.casefold`."""
    if one_line(words.get("draft")).lower() in _YES or one_line(words.get("published")).lower() in _NO:
        return "draft"
    status = one_line(words.get("status"))
    if status.casefold() in mapped:
        return mapped[status.casefold()]
    return "draft" if status == "draft" else "published"


def parse_status_map(text: str) -> dict[str, Status]:
    """`Draft=draft,Withdrawn=archived`; raises ValueError with a sentence."""
    mapped: dict[str, Status] = {}
    for part in (part.strip() for part in text.split(",")) if text else ():
        word, equals, wanted = (each.strip() for each in part.partition("="))
        status = next((each for each in STATUSES if each == wanted.lower()), None)
        if not word or not equals or status is None:
            raise ValueError(
                f"{part!r} is no status mapping; write WORD=draft, WORD=published or WORD=archived, "
                "separated by commas."
            )
        if word.casefold() in mapped:
            raise ValueError(f"{word!r} is mapped twice; map each status once, in capitals or not.")
        mapped[word.casefold()] = status
    return mapped

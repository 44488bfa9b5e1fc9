"""Document ids: which table, which document, and a checksum, as 31 to 37 signs of Crockford's base 32. The same text as
Convex's own, so that ids of an export stay what they are.
"""

from __future__ import annotations

import secrets
from base64 import b32hexencode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_OF_BASE32HEX = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", ALPHABET.encode())
_DIGITS = {sign: number for number, sign in enumerate(ALPHABET)}
_LENGTHS = range(31, 38)
_INTERNAL, _FOOTER = 16, 2
_DAY_MS = 86_400_000


class InvalidId(ValueError):
    """This text is no document's id."""


@dataclass(frozen=True, slots=True)
class DocumentId:
    table: int
    """The table's number, 1 to 2**32 - 1."""
    internal: bytes
    """16 bytes that tell the document from every other one of its deployment."""

    def __str__(self) -> str:
        body = _write_varint(self.table) + self.internal
        return _write_base32(body + _checksum(body))


@lru_cache(maxsize=8192)
def parse_id(text: str) -> DocumentId:
    """Raises InvalidId. There is one way to write an id, and no other is taken."""
    if len(text) not in _LENGTHS:
        raise InvalidId(f"ID wasn't valid base32: {text!r}")
    try:
        told = _read_base32(text)
    except KeyError:
        raise InvalidId(f"ID wasn't valid base32: {text!r}") from None
    body, footer = told[:-_FOOTER], told[-_FOOTER:]
    table, internal = _read_varint(body[:-_INTERNAL]), body[-_INTERNAL:]
    if table is None or len(internal) != _INTERNAL or footer != _checksum(body):
        raise InvalidId(f"ID wasn't valid: {text!r}")
    found = DocumentId(table, internal)
    if str(found) != text:
        raise InvalidId(f"ID wasn't valid: {text!r}")
    return found


def new_internal(now_ms: float) -> bytes:
    """14 random bytes and the number of the day, by which ids of one time stand together in exports."""
    return secrets.token_bytes(14) + (int(now_ms // _DAY_MS) & 0xFFFF).to_bytes(2, "big")


def _checksum(body: bytes) -> bytes:
    """Fletcher's, of 16 bits and modulo 256."""
    first = second = 0
    for byte in body:
        first = (first + byte) & 0xFF
        second = (second + first) & 0xFF
    return bytes((first, second))


def _write_varint(number: int) -> bytes:
    if not 0 < number < 1 << 32:
        raise ValueError(f"{number} is no number of a table")
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _read_varint(written: bytes) -> int | None:
    """None for what isn't one number and nothing behind it."""
    number = 0
    for place, byte in enumerate(written[:5]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number if place + 1 == len(written) and 0 < number < 1 << 32 else None
    return None


def _write_base32(content: bytes) -> str:
    return b32hexencode(content).rstrip(b"=").translate(_OF_BASE32HEX).decode()


def _read_base32(text: str) -> bytes:
    """Raises KeyError for a sign that isn't one of them."""
    number = 0
    for sign in text:
        number = number << 5 | _DIGITS[sign]
    whole = 5 * len(text) // 8
    return (number >> (5 * len(text) - 8 * whole)).to_bytes(whole, "big")

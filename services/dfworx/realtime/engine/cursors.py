"""Where a page of a paginated query ends, as text that its clients hold and bring back, after restarts too.

It names a position in an index, which holds what people wrote, so it is sealed; and the query it belongs to, so that it
means nothing to another one.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12


class InvalidCursor(Exception):
    """The cursor isn't one of ours, or belongs to another query. Clients begin again with the first page."""


class Cursors:
    """`key` are 32 bytes, the same after a restart."""

    def __init__(self, key: bytes) -> None:
        self._seal = AESGCM(key)

    def write(self, query: Any, position: bytes | None) -> str:
        """`position` is the last key that the page has; None: nothing comes behind it."""
        nonce = secrets.token_bytes(_NONCE)
        content = b"" if position is None else b"\x01" + position
        return urlsafe_b64encode(nonce + self._seal.encrypt(nonce, content, fingerprint(query))).decode()

    def read(self, query: Any, cursor: str) -> bytes | None:
        """Raises InvalidCursor."""
        try:
            sealed = urlsafe_b64decode(cursor)
            content = self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], fingerprint(query))
        except (ValueError, InvalidTag):
            raise InvalidCursor(
                "InvalidCursor: Tried to run a query starting from a cursor, but it is not from a query with the same "
                "arguments."
            ) from None
        return content[1:] if content else None


def fingerprint(query: Any) -> bytes:
    """Of what the query reads and how, not of which page."""
    return sha256(json.dumps(query, sort_keys=True).encode()).digest()

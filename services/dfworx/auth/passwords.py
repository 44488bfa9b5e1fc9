"""Hashing passwords with Argon2id. Each hash takes memory and a core on purpose, so it runs in a pool of its own:
the event loop goes on, and a flood of logins can't take more than the pool's share. An unknown person costs the
same one verification as a known one, so time doesn't tell who is registered."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Depends, Request

from dfworx.shared.errors import Unavailable

AT_ONCE = 2
MOST_WAITING = 200
"""Some two seconds of work on one core; who comes later is told so instead of waiting longer."""
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB, two passes, one lane: docs/decisions/passwords-and-tokens.md."""

Result = TypeVar("Result")


class Passwords:
    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        # A hash at today's cost whose password nobody knows.
        self._nobodys = hasher.hash(secrets.token_bytes(32))
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        return await self._apart(lambda: self._hasher.hash(_prepared(password)))

    async def verify(self, known_hash: str | None, password: str) -> bool:
        """Whether the password is the hash's; None, for an unknown person, takes the work and is never right."""
        right = await self._apart(lambda: self._is_right(known_hash or self._nobodys, password))
        return right and known_hash is not None

    def is_outdated(self, known_hash: str) -> bool:
        """Whether the hash was made with less or more work than is asked for today."""
        return self._hasher.check_needs_rehash(known_hash)

    def _is_right(self, known_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(known_hash, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _apart(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Very many people are signing in at the moment. Try again shortly.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def _prepared(password: str) -> bytes:
    """NFKC, as NIST SP 800-63B 5.1.1.2 says: keyboards write the same letter in different code points."""
    return unicodedata.normalize("NFKC", password).encode()


def get_passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


PasswordsDep = Annotated[Passwords, Depends(get_passwords)]

"""Hashing passwords with Argon2id, and sealing the hashes. Each hash takes memory and a core on purpose, so it runs
in a pool of its own: the event loop goes on, and a flood of logins can't take more than the pool's share. An unknown
person costs the same one verification as a known one, so time doesn't tell who is registered. What is stored is
encrypted with a key that only this service has, together with the email it belongs to: a hash read by injection or
from a stolen dump can't be guessed at, and one copied to another identity opens nothing."""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from fastapi import Depends, Request

from dfworx.shared.errors import Unavailable

AT_ONCE = 2
MOST_WAITING = 200
"""Some two seconds of work on one core; who comes later is told so instead of waiting longer."""
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB, two passes, one lane: docs/decisions/passwords-and-tokens.md."""
SEALED = "$fernet$"
"""What a sealed hash begins with; one without it is plain, from before hashes were sealed or from seed.sql."""

logger = logging.getLogger("dfworx.auth")
Result = TypeVar("Result")


class Passwords:
    """`stored` is a hash as the database has it, sealed or plain; `email` is that of its identity."""

    def __init__(self, keys: Sequence[bytes], hasher: PasswordHasher = HASHER) -> None:
        """Keys of 32 bytes: the first seals, all of them open."""
        fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in keys]
        self._sealing, self._opening = fernets[0], MultiFernet(fernets)
        self._hasher = hasher
        # A hash at today's cost whose password nobody knows.
        self._nobodys = hasher.hash(secrets.token_bytes(32))
        self._nobodys_stored = self._seal("", self._nobodys)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0

    async def hash(self, email: str, password: str) -> str:
        """What to store for the identity."""
        return await self._apart(lambda: self._seal(email, self._hasher.hash(_prepared(password))))

    async def verify(self, email: str, stored: str | None, password: str) -> bool:
        """Whether the password is the identity's; None, for an unknown person, takes the work and is never right."""
        if stored is None:
            email = ""
        right = await self._apart(lambda: self._is_right(email, stored or self._nobodys_stored, password))
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it should be made anew: it is plain, sealed with an older key, or took another amount of work."""
        if not stored.startswith(SEALED):
            return True
        try:
            opened = self._sealing.decrypt(stored.removeprefix(SEALED)).decode()
        except InvalidToken:
            return True
        return self._hasher.check_needs_rehash(opened.partition(" ")[0])

    def _is_right(self, email: str, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(self._open(email, stored), _prepared(password))
        except (VerificationError, InvalidHashError):
            return False

    def _seal(self, email: str, argon2_hash: str) -> str:
        return SEALED + self._sealing.encrypt(f"{argon2_hash} {email}".encode()).decode()

    def _open(self, email: str, stored: str) -> str:
        """The argon2 hash; nobody's when it can't be opened, so that the work of verifying it is the same."""
        if not stored.startswith(SEALED):
            return stored
        try:
            opened = self._opening.decrypt(stored.removeprefix(SEALED)).decode()
        except InvalidToken:
            logger.error(
                "A password can't be verified: DFWORX_PASSWORD_KEY lacks the key that sealed its hash."
            )
            return self._nobodys
        argon2_hash, _, belongs_to = opened.partition(" ")
        if belongs_to != email:
            logger.error("A password can't be verified: its hash was sealed for another identity.")
            return self._nobodys
        return argon2_hash

    async def _apart(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Very many people are signing in at the moment. Try again shortly.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def is_same_password(one: str, other: str) -> bool:
    """As they are hashed; of what somebody has typed twice, so nothing is to be learned from the time it takes."""
    return _prepared(one) == _prepared(other)


def _prepared(password: str) -> bytes:
    """NFKC, as NIST SP 800-63B 5.1.1.2 says: keyboards write the same letter in different code points."""
    return unicodedata.normalize("NFKC", password).encode()


def get_passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


PasswordsDep = Annotated[Passwords, Depends(get_passwords)]

"""Encryption of an archive: a stream of age's for a key made for this archive alone, and before it, in a line of JSON,
that key sealed with the passphrase: Argon2id and ChaCha20-Poly1305. age's own way with passphrases takes a gigabyte of
memory for a second, on a machine that has a database to run (docs/decisions/backups.md, also how to open one by hand).

The library wants to read from one file and write to another, an archive is written and read piece by piece: between
them is a pipe, and the library works in a thread of its own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from getpass import getpass
from threading import Thread
from typing import IO, Any

import pyrage
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dfworx.cli.failure import Failure

VARIABLE = "DFWORX_BACKUP_PASSPHRASE"
SHORTEST = 12
BEGIN = b'{"dfworx_backup_key": 1,'
_LONGEST_KEY = 4096
_ROUNDS, _MEMORY_KB = 4, 64 << 10
_MOST_ROUNDS, _MOST_MEMORY_KB = 64, 1 << 20
"""An archive may ask for as much, written by a later version, and for no more."""
_BUFFER = 1 << 20


def ask_new_passphrase(environ: Mapping[str, str]) -> str:
    """Of the environment, or typed twice."""
    passphrase = environ.get(VARIABLE) or _ask("Passphrase for the backup: ")
    if len(passphrase) < SHORTEST:
        raise Failure(f"The passphrase is too short; take one of at least {SHORTEST} characters.")
    if VARIABLE not in environ and _ask("The same once more: ") != passphrase:
        raise Failure("The two passphrases differ; nothing was written.")
    return passphrase


def ask_passphrase(environ: Mapping[str, str]) -> str:
    return environ.get(VARIABLE) or _ask("Passphrase of the backup: ")


@contextmanager
def encrypting(target: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """What is written to it arrives at `target` encrypted, all of it when the block ends."""
    identity = pyrage.x25519.Identity.generate()
    target.write(_seal(str(identity), passphrase) + b"\n")

    def encrypt() -> None:
        with reader:
            pyrage.encrypt_io(reader, target, [identity.to_public()])

    with _pipe() as (reader, writer), _working(encrypt), writer:
        yield writer


@contextmanager
def decrypting(source: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """What `source` holds, from its beginning. Raises Failure for a wrong passphrase."""
    identity = _open(source.readline(_LONGEST_KEY), passphrase)

    def decrypt() -> None:
        with writer:
            pyrage.decrypt_io(source, writer, [identity])

    with _pipe() as (reader, writer), _working(decrypt), reader:
        yield reader


def _seal(identity: str, passphrase: str) -> bytes:
    salt, nonce = os.urandom(16), os.urandom(12)
    key = _derive(passphrase, salt, _ROUNDS, _MEMORY_KB)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, identity.encode(), None)
    told = {"dfworx_backup_key": 1, "salt": salt.hex(), "rounds": _ROUNDS, "memory_kb": _MEMORY_KB}
    return json.dumps({**told, "nonce": nonce.hex(), "sealed": sealed.hex()}).encode()


def _open(line: bytes, passphrase: str) -> pyrage.x25519.Identity:
    try:
        told: dict[str, Any] = json.loads(line)
        rounds, memory = int(told["rounds"]), int(told["memory_kb"])
        if not (0 < rounds <= _MOST_ROUNDS and 8 <= memory <= _MOST_MEMORY_KB):
            raise ValueError
        key = _derive(passphrase, bytes.fromhex(told["salt"]), rounds, memory)
        opened = ChaCha20Poly1305(key).decrypt(
            bytes.fromhex(told["nonce"]), bytes.fromhex(told["sealed"]), None
        )
        return pyrage.x25519.Identity.from_str(opened.decode())
    except InvalidTag:
        raise Failure("The passphrase is not the one of this backup; nothing was changed.") from None
    except (pyrage.IdentityError, HashingError, ValueError, KeyError, TypeError):
        raise Failure("The backup is damaged: its key can't be read; take another backup.") from None


def _derive(passphrase: str, salt: bytes, rounds: int, memory_kb: int) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, rounds, memory_kb, 1, 32, Type.ID)


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise Failure(f"There is no terminal to ask for the passphrase; set {VARIABLE}.")
    return getpass(prompt)


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    read, write = os.pipe()
    with os.fdopen(read, "rb", _BUFFER) as reader:
        writer = os.fdopen(write, "wb", _BUFFER)
        try:
            yield reader, writer
        finally:
            with suppress(OSError):
                writer.close()


@contextmanager
def _working(work: Callable[[], None]) -> Iterator[None]:
    """While the block runs; its end waits for the work's. What went wrong there is the reason of what went wrong here;
    that this side has read enough and stopped is no failure."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        thread.join()
        if failed and not isinstance(failed[0], BrokenPipeError) and not isinstance(error, Failure):
            raise failed[0] from None
        raise
    thread.join()
    if failed and not isinstance(failed[0], BrokenPipeError):
        raise failed[0]

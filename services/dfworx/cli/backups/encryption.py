"""Encryption of an archive, by age: a stream for a key made for this archive alone, and before it that key, itself
encrypted with the passphrase. Both are age's own forms, so an archive can be opened without DFWorX: what ends with
`END AGE ENCRYPTED FILE` is the key, the rest the archive (docs/decisions/backups.md).

The library wants to read from one file and write to another, an archive is written and read piece by piece: between
them is a pipe, and the library works in a thread of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from getpass import getpass
from threading import Thread
from typing import IO

import pyrage

from dfworx.cli.failure import Failure

VARIABLE = "DFWORX_BACKUP_PASSPHRASE"
SHORTEST = 12
BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"
_LONGEST_KEY = 4096
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
    target.write(pyrage.passphrase.encrypt(str(identity).encode(), passphrase, armored=True))

    def encrypt() -> None:
        with reader:
            pyrage.encrypt_io(reader, target, [identity.to_public()])

    with _pipe() as (reader, writer), _working(encrypt), writer:
        yield writer


@contextmanager
def decrypting(source: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """What `source` holds, whose first line has been read. Raises Failure for a wrong passphrase."""
    identity = _read_identity(source, passphrase)

    def decrypt() -> None:
        with writer:
            pyrage.decrypt_io(source, writer, [identity])

    with _pipe() as (reader, writer), _working(decrypt), reader:
        yield reader


def _read_identity(source: IO[bytes], passphrase: str) -> pyrage.x25519.Identity:
    text = BEGIN + b"\n"
    while not text.rstrip().endswith(END):
        line = source.readline(_LONGEST_KEY)
        text += line
        if not line or len(text) > _LONGEST_KEY:
            raise Failure("The backup is damaged: its key has no end; take another backup.")
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(text, passphrase).decode())
    except pyrage.DecryptError as error:
        if "xcessive work" in str(error):
            raise Failure("This machine is too busy or too slow to try the passphrase; try again.") from None
        raise Failure("The passphrase is not the one of this backup; nothing was changed.") from None
    except (pyrage.IdentityError, ValueError):
        raise Failure("The backup is damaged: its key is none; take another backup.") from None


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
        if failed and not isinstance(error, Failure):
            raise failed[0] from None
        raise
    thread.join()
    if failed and not isinstance(failed[0], BrokenPipeError):
        raise failed[0]

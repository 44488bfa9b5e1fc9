"""The form of a backup: a tar file, encrypted or not, of

    manifest.json     what was saved, when, by which version, and the digest of the next
    contents.jsonl    name, size and SHA-256 of all that follows, a line each
    postgres/...      the dump of the database, and its roles
    convex/...        the documents of the embedded deployment, and its files
    files/...         files of posts and comments
    keys/...          the install's secret and keys

The list comes first, and what follows must be what it says in its order: so an archive is read in one go with little
memory, nothing is written to a place that no backup has, and a missing end is noticed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from dfworx.cli.backups.encryption import BEGIN, decrypting, encrypting
from dfworx.cli.failure import Failure

FORMAT = 1
MANIFEST, CONTENTS = "manifest.json", "contents.jsonl"
_PLACES = re.compile(r"(?:postgres|convex|files|keys)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){1,5}")
_MOST_MANIFEST = 64 << 20
_BUFFER = 1 << 20
Say = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    name: str
    path: Path


def can_be_named(name: str) -> bool:
    """Whether a backup has a place of this name."""
    return _PLACES.fullmatch(name) is not None


# Writing ---------------------------------------------------------------------------------------------------------


def write_archive(
    target: Path, manifest: dict[str, Any], parts: Iterable[Part], *, passphrase: str | None, say: Say
) -> int:
    """The archive's size. It is there whole or not at all; nothing that was there is overwritten, and only its owner
    may read it. Raises Failure."""
    chosen = list(parts)
    total = sum(part.path.stat().st_size for part in chosen)
    try:
        with tempfile.TemporaryFile(dir=target.parent) as contents:
            digest = _list_contents(contents, chosen, _Shown(total, "reading", say))
            told = {**manifest, "contents": {"parts": len(chosen), "bytes": total, "sha256": digest}}
            return _write(target, told, contents, chosen, passphrase, _Shown(total, "writing", say))
    except FileExistsError:
        raise Failure(f"{target} is there already; name another file.") from None
    except (OSError, pyrage.EncryptError) as error:
        why = getattr(error, "strerror", None) or str(error).rpartition("] ")[2]
        raise Failure(f"{target} can't be written ({why}); make room, or name a file elsewhere.") from None


def _list_contents(contents: IO[bytes], parts: list[Part], shown: _Shown) -> str:
    for part in parts:
        with part.path.open("rb") as file:
            sha256, size = _digest(file, shown)
        contents.write(json.dumps({"name": part.name, "size": size, "sha256": sha256}).encode() + b"\n")
    contents.seek(0)
    return _digest(contents)[0]


def _write(
    target: Path,
    manifest: dict[str, Any],
    contents: IO[bytes],
    parts: list[Part],
    passphrase: str | None,
    shown: _Shown,
) -> int:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with encrypting(file, passphrase) if passphrase else _as_it_is(file) as out:
                with tarfile.open(fileobj=out, mode="w|", bufsize=_BUFFER, format=tarfile.PAX_FORMAT) as tar:
                    _add(tar, MANIFEST, io.BytesIO(json.dumps(manifest, indent=1).encode()))
                    _add(tar, CONTENTS, contents)
                    for part in parts:
                        with part.path.open("rb") as source:
                            _add(tar, part.name, source)
                            shown.more(source.tell())
            file.flush()
            os.fsync(file.fileno())
        # Not renamed: what has come there meanwhile stays.
        os.link(draft, target)
        return target.stat().st_size
    finally:
        draft.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, source: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = source.seek(0, io.SEEK_END)
    member.mode = 0o600
    source.seek(0)
    tar.addfile(member, source)


@contextmanager
def _as_it_is(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file


# Reading ---------------------------------------------------------------------------------------------------------


class Archive:
    """One that is being read, from its beginning to its end."""

    def __init__(self, file: Path, source: IO[bytes], tar: tarfile.TarFile) -> None:
        self._file = file
        self._source = source
        self._tar = tar
        self.manifest = self._read_manifest()

    def unpack(self, folder: Path, say: Say) -> list[Part]:
        """Writes every part under the folder, and holds it against the list. Raises Failure."""
        told = self.manifest["contents"]
        shown = _Shown(int(told["bytes"]), "read", say)
        done: list[Part] = []
        with self._next(CONTENTS) as source, tempfile.TemporaryFile(dir=folder) as contents:
            _copy(source, contents)
            contents.seek(0)
            if _digest(contents)[0] != told["sha256"]:
                raise self._damaged("its list of contents has changed")
            contents.seek(0)
            for line in contents:
                done.append(self._unpack_one(json.loads(line), folder, shown))
        if len(done) != told["parts"]:
            raise self._damaged("parts are missing")
        if self._tar.next() is not None:
            raise self._damaged("it holds more than its list says")
        # An encrypted one says at its very end that it is whole.
        while self._source.read(_BUFFER):
            pass
        return done

    def _unpack_one(self, entry: dict[str, Any], folder: Path, shown: _Shown) -> Part:
        name = str(entry["name"])
        if not can_be_named(name):
            raise Failure(
                f"{self._file} names {name!r}, a place that no backup has; it was made by somebody else."
            )
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._next(name) as source, path.open("xb") as out:
            path.chmod(0o600)
            sha256, size = _digest(source, shown, out)
        if (sha256, size) != (entry["sha256"], entry["size"]):
            raise self._damaged(f"{name} is not what was saved")
        return Part(name, path)

    def _read_manifest(self) -> dict[str, Any]:
        try:
            with self._next(MANIFEST) as source:
                manifest: dict[str, Any] = json.loads(source.read(_MOST_MANIFEST))
            version = int(manifest["format"])
        except (ValueError, KeyError, TypeError):
            raise self._damaged("its manifest can't be read") from None
        if version > FORMAT:
            raise Failure(
                f"{self._file} was written by a newer DFWorX ({manifest.get('dfworx')}); restore it with that one."
            )
        return manifest

    def _next(self, name: str) -> IO[bytes]:
        member = self._tar.next()
        if member is None:
            raise self._damaged(f"it ends before {name}")
        source = self._tar.extractfile(member) if member.isreg() else None
        if source is None or member.name != name:
            raise self._damaged(f"{name} is not in its place")
        return source

    def _damaged(self, why: str) -> Failure:
        return Failure(f"{self._file} is damaged: {why}; nothing was changed. Take another backup.")


def is_encrypted(file: Path) -> bool:
    """Raises Failure when it can't be read."""
    try:
        with file.open("rb") as source:
            return source.read(len(BEGIN)) == BEGIN
    except OSError as error:
        raise Failure(f"{file} can't be read ({error.strerror}).") from None


@contextmanager
def open_archive(file: Path, passphrase: str | None) -> Iterator[Archive]:
    """Raises Failure, also for what is found on the way through it."""
    try:
        with ExitStack() as stack:
            source: IO[bytes] = stack.enter_context(file.open("rb"))
            if passphrase is not None:
                source = stack.enter_context(decrypting(source, passphrase))
            elif not source.read(512).startswith(MANIFEST.encode()):
                raise Failure(f"{file} is no backup of DFWorX.")
            else:
                source.seek(0)
            tar = stack.enter_context(tarfile.open(fileobj=source, mode="r|", bufsize=_BUFFER))
            yield Archive(file, source, tar)
    except (tarfile.TarError, EOFError, pyrage.DecryptError) as error:
        raise Failure(f"{file} is damaged ({error}); nothing was changed. Take another backup.") from None
    except OSError as error:
        if error.errno is None:
            # The library's word for bytes that were changed, or for a missing end.
            raise Failure(f"{file} is damaged ({error}); nothing was changed. Take another backup.") from None
        where = error.filename or file
        raise Failure(f"{where} can't be read or written ({error.strerror}); nothing was changed.") from None


class _Shown:
    """How far it is, for whoever waits; said when another percent is done."""

    def __init__(self, total: int, doing: str, say: Say) -> None:
        self._total, self._doing, self._say = total, doing, say
        self._done = self._percent = 0

    def more(self, size: int) -> None:
        self._done += size
        percent = self._done * 100 // self._total if self._total else 100
        if percent > self._percent:
            self._percent = percent
            self._say(f"{self._doing}, {percent} % of {self._total / 1e6:,.0f} MB")


def _digest(source: IO[bytes], shown: _Shown | None = None, out: IO[bytes] | None = None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_BUFFER):
        digest.update(piece)
        size += len(piece)
        if out is not None:
            out.write(piece)
        if shown is not None:
            shown.more(len(piece))
    return digest.hexdigest(), size


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    while piece := source.read(_BUFFER):
        out.write(piece)

"""Archives that are not what they should be: each is refused with one sentence, and nothing is written beside the
folder that an archive is unpacked into."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfworx.cli.backups.archive import FORMAT, Part, can_be_named, is_encrypted, open_archive, write_archive
from dfworx.cli.backups.database import require_known
from dfworx.cli.backups.encryption import VARIABLE, ask_new_passphrase
from dfworx.cli.backups.restoring import require_restorable
from dfworx.cli.failure import Failure, quiet

PASSPHRASE = "a passphrase of the tests"
CONTENT = os.urandom(300_000)


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def passphrase(request: pytest.FixtureRequest) -> str | None:
    told: str | None = request.param
    return told


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, Path]:
    """Once for all: a key is made of a passphrase slowly, on purpose."""
    return {each: written(tmp_path_factory.mktemp("made"), each) for each in (None, PASSPHRASE)}


@pytest.fixture
def file(tmp_path: Path, passphrase: str | None, made: dict[str | None, Path]) -> Path:
    return Path(shutil.copy2(made[passphrase], tmp_path / "all.tar"))


def written(folder: Path, passphrase: str | None) -> Path:
    (folder / "content").write_bytes(CONTENT)
    parts = [Part(f"files/lumen/{number}", folder / "content") for number in range(3)]
    file = folder / "all.tar"
    write_archive(file, {"format": FORMAT, "dfworx": "1.0"}, parts, passphrase=passphrase, say=quiet)
    return file


def unpack(file: Path, passphrase: str | None) -> list[Part]:
    folder = file.with_name("unpacked")
    folder.mkdir(exist_ok=True)
    with open_archive(file, passphrase) as archive:
        return archive.unpack(folder, quiet)


def refused(file: Path, passphrase: str | None) -> str:
    """The sentence; a refused archive leaves its folder and nothing beside it."""
    with pytest.raises(Failure) as told:
        unpack(file, passphrase)
    assert {each.name for each in file.parent.iterdir()} <= {"all.tar", "content", "unpacked"}
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_was_written_is_read_and_is_for_its_owner_alone(file: Path, passphrase: str | None) -> None:
    assert is_encrypted(file) is (passphrase is not None)
    assert file.stat().st_mode & 0o077 == 0
    parts = unpack(file, passphrase)
    assert [part.name for part in parts] == [f"files/lumen/{number}" for number in range(3)]
    assert all(part.path.read_bytes() == CONTENT and part.path.stat().st_mode & 0o077 == 0 for part in parts)
    assert (CONTENT[:64] in file.read_bytes()) is (passphrase is None)


def test_an_archive_that_is_there_is_not_overwritten(
    tmp_path: Path, file: Path, passphrase: str | None
) -> None:
    before = file.read_bytes()
    with pytest.raises(Failure, match="is there already; name another file"):
        written(tmp_path, passphrase)
    assert file.read_bytes() == before


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.97])
def test_a_changed_bit_is_noticed(file: Path, passphrase: str | None, at: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 4
    file.write_bytes(content)
    assert "is damaged" in refused(file, passphrase)


@pytest.mark.parametrize("at", [0.001, 0.1, 0.5, 0.9])
def test_a_missing_end_is_noticed(file: Path, passphrase: str | None, at: float) -> None:
    os.truncate(file, int(file.stat().st_size * at))
    assert "damaged" in (told := refused(file, passphrase)) or "is no backup" in told


def test_an_encrypted_one_must_have_its_very_end(tmp_path: Path) -> None:
    file = written(tmp_path, PASSPHRASE)
    os.truncate(file, file.stat().st_size - 1)
    assert "is damaged" in refused(file, PASSPHRASE)


def test_another_passphrase_is_told_so(tmp_path: Path) -> None:
    file = written(tmp_path, PASSPHRASE)
    assert refused(file, "another") == "The passphrase is not the one of this backup; nothing was changed."


@pytest.mark.parametrize(("name", "value"), [("memory_kb", 1 << 40), ("rounds", 10**9), ("rounds", -1)])
def test_a_key_that_would_take_all_memory_or_time_is_refused(tmp_path: Path, name: str, value: int) -> None:
    file = written(tmp_path, PASSPHRASE)
    line, _, rest = file.read_bytes().partition(b"\n")
    file.write_bytes(json.dumps({**json.loads(line), name: value}).encode() + b"\n" + rest)
    assert "its key can't be read" in refused(file, PASSPHRASE)


def test_a_passphrase_that_is_too_short_is_refused() -> None:
    with pytest.raises(Failure, match="at least 12 characters"):
        ask_new_passphrase({VARIABLE: "short"})


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04" * 300, b'{"dfworx_backup_key": 1, "salt"' + b"x" * 9000]
)
def test_what_is_no_backup_is_told_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "all.tar"
    file.write_bytes(content)
    told = refused(file, PASSPHRASE if is_encrypted(file) else None)
    assert "is no backup of DFWorX" in told or "is damaged" in told


def made_by_hand(
    file: Path, change: Callable[[dict[str, Any], list[tuple[tarfile.TarInfo, bytes]]], None]
) -> Path:
    """A well-formed archive of one part, before `change` does something to manifest or members."""
    member = tarfile.TarInfo("files/lumen/1")
    member.size = len(CONTENT)
    members = [(member, CONTENT)]
    entry = {"name": member.name, "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    manifest: dict[str, Any] = {"format": FORMAT, "dfworx": "9.9", "entry": entry}
    change(manifest, members)
    contents = json.dumps(manifest.pop("entry")).encode() + b"\n"
    digest = hashlib.sha256(contents).hexdigest()
    manifest["contents"] = {"parts": 1, "bytes": len(CONTENT), "sha256": digest}
    with tarfile.open(file, "w") as tar:
        for name, text in (("manifest.json", json.dumps(manifest).encode()), ("contents.jsonl", contents)):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        for info, text in members:
            tar.addfile(info, io.BytesIO(text))
    return file


def rename(name: str) -> Callable[[dict[str, Any], list[tuple[tarfile.TarInfo, bytes]]], None]:
    def change(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        manifest["entry"]["name"] = members[0][0].name = name

    return change


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "files/../../outside",
        "/tmp/outside",
        "files/lumen/../../../outside",
        "keys/.ssh/authorized_keys",
        "files//1",
        "files/lumen/a\nb",
        "elsewhere/1",
        "files",
        "manifest.json",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert "a place that no backup has" in refused(made_by_hand(tmp_path / "all.tar", rename(name)), None)


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    if can_be_named(name):
        assert os.path.normpath(Path("/home", name)) == f"/home/{name}"


def link(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members[0][0].type, members[0][0].linkname, members[0][0].size = tarfile.SYMTYPE, "/etc/passwd", 0


def newer(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    manifest["format"] = FORMAT + 1


def more(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members.append((tarfile.TarInfo("files/lumen/2"), b""))


def other(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members[0] = (members[0][0], CONTENT[::-1])


def gone(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members.clear()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (link, "files/lumen/1 is not in its place"),
        (newer, "was written by a newer DFWorX (9.9); restore it with that one."),
        (more, "it holds more than its list says"),
        (other, "files/lumen/1 is not what was saved"),
        (gone, "it ends before files/lumen/1"),
    ],
)
def test_what_is_not_as_its_list_says_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any], list[tuple[tarfile.TarInfo, bytes]]], None], why: str
) -> None:
    assert why in refused(made_by_hand(tmp_path / "all.tar", change), None)


def test_a_home_without_room_is_told_so(tmp_path: Path) -> None:
    def huge(manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        manifest["database"] = {**FACTS, "bytes": 10**18}

    with open_archive(made_by_hand(tmp_path / "all.tar", huge), None) as archive:
        with pytest.raises(Failure, match=r"The backup takes 1000000000000 MB and .* make room"):
            require_restorable(archive, tmp_path)


FACTS = {"postgres": 18, "migrations": ["001", "002"], "jobs": "procrastinate 3.0.0"}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"migrations": ["001", "999"]}, "has the migration 999, which this one doesn't know"),
        ({"postgres": 99}, "is of PostgreSQL 99"),
        ({"jobs": "procrastinate 99.0.0"}, "jobs are of procrastinate 99.0.0"),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(facts: dict[str, Any], why: str) -> None:
    require_known(FACTS)
    with pytest.raises(Failure, match=why):
        require_known({**FACTS, **facts})


WRITE = """
import resource, sys
from pathlib import Path
from dfworx.cli.backups.archive import FORMAT, Part, write_archive
from dfworx.cli.backups.restoring import require_restorable
from dfworx.cli.failure import Failure, quiet
content, passphrase = Path(sys.argv[1]), sys.argv[2] or None
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
parts = [Part(f"files/lumen/{number}", content) for number in range(3)]
try:
    write_archive(content.with_name("all.tar"), {"format": FORMAT}, parts, passphrase=passphrase, say=quiet)
except Failure as failure:
    print(failure)
"""


UNPACK = """
import resource, sys
from pathlib import Path
from dfworx.cli.backups.archive import open_archive
from dfworx.cli.failure import Failure, quiet
file, passphrase = Path(sys.argv[1]), sys.argv[2] or None
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with open_archive(file, passphrase) as archive:
        archive.unpack(file.parent, quiet)
except Failure as failure:
    print(failure)
"""


def test_a_disk_without_room_for_what_is_in_an_archive_is_told(file: Path, passphrase: str | None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNPACK, str(file), passphrase or ""],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{file} can't be read or written (File too large); nothing was changed.\n"


def test_a_disk_without_room_leaves_no_archive(tmp_path: Path, passphrase: str | None) -> None:
    """A process of its own may write files of 400 KB at most, which the content fits into and the archive doesn't."""
    (tmp_path / "content").write_bytes(CONTENT)
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path / "content"), passphrase or ""],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        f"{tmp_path}/all.tar can't be written (File too large); make room, or name a file elsewhere.\n"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["content"]

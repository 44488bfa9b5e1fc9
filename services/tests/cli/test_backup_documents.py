"""Convex's documents and files in a backup, of a deployment that is served: of one moment, whatever comes after it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import httpx
import pytest

from dfworx.cli.backups.documents import hold_moment, measure_documents
from dfworx.cli.backups.stored_files import keep_files, list_kept
from dfworx.cli.failure import Failure, quiet
from tests.cli.test_deployments import Place, place

__all__ = ["place"]


def data_of(place: Place) -> Path:
    [file] = (place.root / "home" / "realtime").glob("*.sqlite")
    return file


def rows(copy: Path) -> int:
    count: int = measure_documents(copy)["tables"]["notes"]["rows"]
    return count


def test_what_is_written_after_the_moment_is_not_in_the_copy(place: Place, tmp_path: Path) -> None:
    place.out("run", "notes:write", '{"text":"before"}')
    before = int(place.out("run", "notes:count"))
    with hold_moment(data_of(place)) as moment:
        place.out("run", "notes:write", '{"text":"after"}')
        moment.copy(tmp_path / "copy.sqlite", quiet)
    assert rows(tmp_path / "copy.sqlite") == before == int(place.out("run", "notes:count")) - 1
    assert [each.name for each in tmp_path.iterdir()] == ["copy.sqlite"]


def test_a_file_that_is_deleted_after_the_moment_is_kept(place: Place, tmp_path: Path) -> None:
    url = json.loads(place.out("run", "notes:upload"))
    sent = httpx.post(url, content=b"hello", headers={"content-type": "text/plain"}).json()["storageId"]
    source, kept = Path(f"{data_of(place)}.files"), tmp_path / "kept"
    keep_files(source, kept)
    with hold_moment(data_of(place)) as moment:
        [key] = moment.file_keys()
        place.out("run", "notes:forget", json.dumps({"id": sent}))
        keep_files(source, kept)
    [(name, path)] = list_kept(kept, "convex/files")
    assert path.read_bytes() == b"hello" and name.endswith(key)


def test_what_is_uploaded_or_has_no_name_of_ours_is_left_out(tmp_path: Path) -> None:
    for name in ("lumen/whole", "lumen/part#1", "lumen/.hidden", "lumen/of a person"):
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_bytes(b"x")
    (tmp_path / "files" / "lumen" / "link").symlink_to("/etc/passwd")
    keep_files(tmp_path / "files", tmp_path / "kept")
    assert [name for name, _ in list_kept(tmp_path / "kept", "files")] == ["files/lumen/whole"]


def test_documents_that_are_none_are_told_so(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="can't be copied"), hold_moment(tmp_path / "gone.sqlite"):
        pass
    sqlite3.connect(tmp_path / "other.sqlite").execute("create table other (x)").connection.close()
    with pytest.raises(Failure, match="can't be copied"), hold_moment(tmp_path / "other.sqlite"):
        pass
    (tmp_path / "broken.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(Failure, match="is damaged"):
        measure_documents(tmp_path / "broken.sqlite")

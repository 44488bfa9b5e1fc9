"""`dfworx realtime export` and `import`, with a deployment that is served."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests.cli.test_deployments import Place, place

__all__ = ["place"]


def documents(place: Place) -> str:
    return place.out("data", "notes", "--format", "jsonl")


def test_what_was_exported_is_imported_with_its_files(place: Place, tmp_path: Path) -> None:
    url = json.loads(place.out("run", "notes:upload"))
    sent = httpx.post(url, content=b"hello", headers={"content-type": "text/plain"}).json()["storageId"]
    address = json.loads(place.out("run", "notes:address", json.dumps({"id": sent})))
    before, file = documents(place), tmp_path / "all.zip"
    assert "all.zip has" in place.run("export", str(file), "--include-file-storage").stderr
    place.out("run", "notes:forget", json.dumps({"id": sent}))
    assert httpx.get(address).status_code == 404
    place.out("run", "notes:write", '{"text":"too late"}')
    assert "has documents already" in place.refused("import", str(file))
    told = place.run("import", str(file), "--replace")
    assert (told.returncode, told.stdout) == (0, "") and "notes: 1 documents" in told.stderr
    assert documents(place) == before
    answer = httpx.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"hello", "text/plain")
    assert [each.name for each in tmp_path.iterdir()] == ["all.zip"]


def test_without_being_asked_for_files_are_left_out(place: Place, tmp_path: Path) -> None:
    place.out("export", str(tmp_path / "documents.zip"))
    with ZipFile(tmp_path / "documents.zip") as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"README.md", "_tables", "notes"}


def test_one_table_is_imported_from_its_file(place: Place, tmp_path: Path) -> None:
    for name, content, more in (
        ("people.csv", "name,age\nAnn,30\n", ()),
        ("people.jsonl", '{"name":"Bob","age":{"$integer":"BQAAAAAAAAA="}}\n', ("--append",)),
        ("people.json", '[{"name":"Cy"}]', ("--replace",)),
        ("people", '[{"name":"Di"}]', ("--append", "--format", "jsonArray")),
    ):
        (tmp_path / name).write_text(content)
        place.out("import", str(tmp_path / name), "--table", "people", *more)
    told = map(json.loads, place.out("data", "people", "--order", "asc", "--format", "jsonl").splitlines())
    assert [each["name"] for each in told] == ["Cy", "Di"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("export", "there.zip"), "is there already; name another file"),
        (("export", "no/folder.zip"), "can't be written"),
        (("import", "no.zip"), "can't be read"),
        (("import", "there.zip"), "This is no whole ZIP"),
        (("import", "there.txt"), "isn't told by its name"),
        (("import", "there.csv"), "name a table with --table"),
        (("import", "there.zip", "--table", "x"), "leave --table out"),
        (("import", "there.zip", "--replace", "--append"), "Only one of"),
        (("import", "there.csv", "--table", "x"), "Nothing was imported. Table x, line 2: There are 1 cells"),
    ],
)
def test_what_cant_be_done_is_told(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("there.zip", "there.txt", "there.csv"):
        (tmp_path / name).write_text("a,b\n1\n")
    assert why in place.refused(*words)
    assert {each.name for each in tmp_path.iterdir()} == {"there.zip", "there.txt", "there.csv"}


def test_who_isnt_let_in_gets_nothing(place: Place, tmp_path: Path) -> None:
    named = ("--url", place.told["url"], "--admin-key", "x|wrong")
    assert "admin key" in place.refused("export", str(tmp_path / "all.zip"), *named)
    assert list(tmp_path.iterdir()) == []

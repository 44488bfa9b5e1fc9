"""What a person takes along: all of their own, and nothing of anybody else."""

from __future__ import annotations

import io
import json
from zipfile import ZipFile

import httpx

from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import picture, send

EXPORT = "/api/web/export"


async def opened(client: httpx.AsyncClient) -> ZipFile:
    answer = await client.get(EXPORT)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert (answer.headers["cache-control"], "attachment" in answer.headers["content-disposition"]) == (
        "no-store",
        True,
    )
    return ZipFile(io.BytesIO(answer.content))


async def test_a_person_takes_along_what_they_wrote(make_person: MakePerson, client_as: ClientAs) -> None:
    person, other = await make_person(name="Ann"), await make_person()
    ann = client_as(person)
    draft = await create(ann, title="A draft", content="Äpfel")
    theirs = await publish(client_as(other), title="Somebody's")
    await comment_on(ann, theirs, "A word of mine")
    await comment_on(client_as(other), theirs, "A word of theirs")
    for _ in range(2):
        sent = await send(ann, picture(), "same.png", post_id=draft["post_id"], content_type="image/png")
        assert sent.status_code == 201, sent.text
    archive = await opened(ann)
    assert json.loads(archive.read("account.json"))["name"] == person.name
    [post] = json.loads(archive.read("posts.json"))
    assert (post["post_id"], post["content"], post["status"]) == (draft["post_id"], "Äpfel", "draft")
    [name] = [each for each in archive.namelist() if each.startswith("posts/")]
    text = archive.read(name).decode()
    assert text.startswith("---\ntitle: A draft\n") and text.endswith("\n\nÄpfel")
    [comment] = json.loads(archive.read("comments.json"))
    assert (comment["content"], comment["post_id"]) == ("A word of mine", theirs["post_id"])
    files = json.loads(archive.read("files.json"))
    assert len(files) == 2 and not any("storage_key" in each or each["is_missing"] for each in files)
    assert [archive.read(f"files/{each['file_id']} same.png") for each in files] == [picture()] * 2


async def test_nothing_of_another_person_or_another_organization_is_in_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(), await make_person()
    zoe = await make_person(organization="umbra", email=ann.email)
    for person in (ben, zoe):
        post = await publish(client_as(person), title="Xylophone")
        await comment_on(client_as(person), post, "Xylophone")
        await send(client_as(person), b"Xylophone", "x.txt", post_id=post["post_id"])
    archive = await opened(client_as(ann))
    assert not any(b"ylophone" in archive.read(name) for name in archive.namelist())
    assert [json.loads(archive.read(f"{each}.json")) for each in ("posts", "comments", "files")] == [
        [],
        [],
        [],
    ]
    # The same identity in its other organization gets what it wrote there.
    assert len(json.loads((await opened(client_as(zoe))).read("posts.json"))) == 1


async def test_a_file_whose_bytes_are_lost_is_told(
    make_person: MakePerson, client_as: ClientAs, database: TestDatabase
) -> None:
    ann = client_as(await make_person())
    post = await create(ann)
    assert (await send(ann, b"gone", "gone.txt", post_id=post["post_id"])).status_code == 201
    folder = database.settings("dfworx_web").home / "files"
    for file in [each for each in folder.rglob("*") if each.is_file()]:
        file.unlink()
    [told] = json.loads((await opened(ann)).read("files.json"))
    assert (told["name"], told["is_missing"]) == ("gone.txt", True)


async def test_a_stranger_is_refused(client_as: ClientAs) -> None:
    assert (await client_as(None).get(EXPORT)).status_code == 401

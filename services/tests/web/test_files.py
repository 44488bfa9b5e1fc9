"""Files: uploaded, attached, listed, handed out and deleted."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from dfworx.shared.storage import Storage
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import Left, drawing, picture, send, upload


async def test_a_picture_is_uploaded_told_of_and_shown(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    data = picture()
    answer = await send(client_as(ann), data, "Ofen ☀.png", content_type="image/png")
    assert answer.status_code == 201
    file = answer.json()
    assert answer.headers["location"] == f"/api/web/files/{file['file_id']}"
    assert {key: file[key] for key in ("name", "media_type", "size_bytes", "width", "height", "post_id")} == {
        **{"name": "Ofen ☀.png", "media_type": "image/png", "size_bytes": len(data)},
        **{"width": 8, "height": 6, "post_id": None},
    }
    assert file["sha256"] == hashlib.sha256(data).hexdigest()
    assert file["uploader"]["user_id"] == str(ann.user_id)
    (stored,) = left.stored()
    assert stored.startswith(f"{ann.organization_id}/") and "png" not in stored
    assert left.folder.stat().st_mode & 0o777 == 0o700

    shown = await client_as(None).get(file["url"])
    assert (shown.status_code, shown.content) == (200, data)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-length"] == str(len(data))
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert shown.headers["cache-control"].startswith("private")
    assert shown.headers["content-disposition"] == (
        "inline; filename=\"Ofen .png\"; filename*=UTF-8''Ofen%20%E2%98%80.png"
    )
    kept = await client_as(None).get(file["download_url"])
    assert kept.headers["content-disposition"].startswith("attachment; ")
    assert (await client_as(ann).get(f"/api/web/files/{file['file_id']}")).json() == file


@pytest.mark.parametrize(
    ("content", "name", "said", "found", "told"),
    [
        (picture("JPEG"), "a.jpg", "image/jpg", "image/jpeg", "image/jpeg"),
        (picture("GIF", frames=3), "a.gif", None, "image/gif", "image/gif"),
        (picture("WEBP"), "a.webp", "image/webp", "image/webp", "image/webp"),
        (picture("WEBP", frames=3), "b.webp", None, "image/webp", "image/webp"),
        (picture("AVIF"), "a.avif", "image/avif", "image/avif", "image/avif"),
        (drawing(), "a.svg", "image/svg+xml", "image/svg+xml", "image/svg+xml"),
        (
            b"<!doctype html><script>alert(1)</script>",
            "a.html",
            "text/html",
            "text/html",
            "text/plain; charset=utf-8",
        ),
        ("Grüße".encode(), "a.txt", "text/plain; charset=utf-8", "text/plain", "text/plain; charset=utf-8"),
        (b'{"a": 1}', "a.json", "application/json", "application/json", "text/plain; charset=utf-8"),
        (b"%PDF-1.7\n\xff\xfe", "a.pdf", "application/pdf", "application/pdf", "application/pdf"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\xff", "a.zip", "application/zip", "application/zip", "application/zip"),
        (bytes(range(256)), "a", None, "application/octet-stream", "application/octet-stream"),
        (
            b"key=value",
            "a.txt",
            "application/x-www-form-urlencoded",
            "text/plain",
            "text/plain; charset=utf-8",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and len(value) < 8 else "",
)
async def test_the_bytes_say_the_type_and_only_pictures_are_shown_in_place(
    make_person: MakePerson,
    client_as: ClientAs,
    content: bytes,
    name: str,
    said: str | None,
    found: str,
    told: str,
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann), content, name, content_type=said)
    assert file["media_type"] == found
    answer = await client_as(None).get(file["url"])
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, content, told)
    in_place = found.startswith("image/") and found != "image/svg+xml"
    assert answer.headers["content-disposition"].startswith("inline" if in_place else "attachment")
    assert (file["width"] is not None) == in_place


async def test_a_file_larger_than_a_part_of_an_upload_comes_back_whole(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    data = hashlib.shake_256(b"seed").digest(20_000_000)
    file = await upload(client_as(ann), data, "large.bin")
    answer = await client_as(None).get(file["url"])
    assert hashlib.sha256(answer.content).hexdigest() == file["sha256"] == hashlib.sha256(data).hexdigest()
    assert len(left.stored()) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("my report (1), final.pdf", "my report (1), final.pdf"),
        ("  Übersicht.txt ", "Übersicht.txt"),
        ("U\u0308bersicht.txt", "Übersicht.txt"),
        ("日本語の名前.txt", "日本語の名前.txt"),
        ("نامه\u200cها.txt", "نامه\u200cها.txt"),
        ("👩\u200d💻.txt", "👩\u200d💻.txt"),
        (".env", ".env"),
        ("a..b;c=d'e%2F.tar.gz", "a..b;c=d'e%2F.tar.gz"),
        ("console.log", "console.log"),
    ],
    ids=ascii,
)
async def test_names_of_every_script_are_kept(
    make_person: MakePerson, client_as: ClientAs, given: str, kept: str
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann), name=given)
    assert file["name"] == kept
    told = (await client_as(None).get(file["url"])).headers["content-disposition"]
    assert unquote(told.rpartition("''")[2]) == kept and told.isascii()


async def test_a_bucket_takes_the_place_of_the_folder(
    web_app: FastAPI, database: TestDatabase, make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    """By its address; what it speaks is obstore's. Memory speaks the same."""
    web_app.state.storage = Storage.of(database.settings("dfworx_web", files_url="memory://"))
    ann = await make_person()
    file = await upload(client_as(ann))
    assert (await client_as(None).get(file["url"])).content == b"Some words"
    assert (await client_as(ann).delete(f"/api/web/files/{file['file_id']}")).status_code == 204
    assert await left.everything() == ([], [])
    assert not left.folder.exists()


async def test_two_uploads_at_once_are_two_files(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    files = await asyncio.gather(*(upload(client_as(ann), b"number %d" % number) for number in range(8)))
    assert len({file["file_id"] for file in files}) == len(left.stored()) == 8
    for number, file in enumerate(files):
        assert (await client_as(None).get(file["url"])).content == b"number %d" % number


async def test_one_range_of_bytes_is_sent_and_what_is_known_is_not(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann), b"0123456789")
    web = client_as(None)

    async def ask(**headers: str) -> httpx.Response:
        return await web.get(
            file["url"], headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    for asked, content, place in (
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=0-99", b"0123456789", "bytes 0-9/10"),
    ):
        some = await ask(Range=asked)
        assert (some.status_code, some.content, some.headers["content-range"]) == (206, content, place)
        assert some.headers["content-length"] == str(len(content))
    tag = (await ask()).headers["etag"]
    for asked in ("bytes=2-1", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"):
        assert ((await ask(Range=asked)).status_code, (await ask(Range=asked)).content) == (
            200,
            b"0123456789",
        )
    for asked in ("bytes=10-", "bytes=-0"):
        refused = await ask(Range=asked)
        assert (refused.status_code, refused.headers["content-range"]) == (416, "bytes */10")
    assert (await ask(Range="bytes=1-1", If_Range=tag)).status_code == 206
    assert (await ask(Range="bytes=1-1", If_Range='"other"')).status_code == 200
    assert (await ask(If_None_Match=tag)).status_code == 304


async def test_files_of_a_post_and_of_a_comment_are_listed_in_order(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person(role="guest")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    files = [
        await upload(client_as(ann), name=f"{number}.txt", post_id=post["post_id"]) for number in range(3)
    ]
    other = await upload(client_as(bob), name="of a comment.txt", comment_id=comment["comment_id"])
    path = f"/api/web/posts/{post['post_id']}/files"
    first = (await client_as(bob).get(path, params={"limit": 2})).json()
    rest = (await client_as(bob).get(path, params={"cursor": first["next_cursor"]})).json()
    assert [file["name"] for file in first["items"] + rest["items"]] == [file["name"] for file in files]
    assert rest["next_cursor"] is None
    of_comment = (await client_as(ann).get(f"/api/web/comments/{comment['comment_id']}/files")).json()[
        "items"
    ]
    assert [file["file_id"] for file in of_comment] == [other["file_id"]]
    assert (await client_as(None).get(of_comment[0]["url"])).content == b"Some words"


async def test_what_is_attached_later_is_seen_from_then_on(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person(role="admin")
    post = await publish(client_as(ann))
    file = await upload(client_as(ann))
    path = f"/api/web/files/{file['file_id']}"
    assert (await client_as(bob).get(path)).status_code == 404
    attached = await client_as(ann).patch(path, json={"post_id": post["post_id"]})
    assert (attached.status_code, attached.json()["post_id"]) == (200, post["post_id"])
    assert (await client_as(bob).get(path)).status_code == 200
    comment = await comment_on(client_as(ann), post)
    moved = (await client_as(ann).patch(path, json={"comment_id": comment["comment_id"]})).json()
    assert (moved["post_id"], moved["comment_id"]) == (None, comment["comment_id"])


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_its_uploader_and_moderators_delete_a_file(
    make_person: MakePerson, client_as: ClientAs, left: Left, role: str
) -> None:
    ann, bob = await make_person(), await make_person()
    moderator = await make_person(role="moderator")
    post = await publish(client_as(ann))
    file = await upload(client_as(ann), post_id=post["post_id"])
    path = f"/api/web/files/{file['file_id']}"
    refused = await client_as(bob).delete(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await client_as(ann if role == "member" else moderator).delete(path)).status_code == 204
    assert await left.everything() == ([], [])
    assert (await client_as(ann).get(path)).status_code == 404
    assert (await client_as(None).get(file["url"])).status_code == 404


async def test_what_a_file_hangs_on_takes_it_along(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    removed, deleted = await comment_on(client_as(bob), post), await comment_on(client_as(bob), post)
    await comment_on(client_as(ann), post, parent_id=removed["comment_id"])
    for comment in (removed, deleted):
        file = await upload(client_as(bob), comment_id=comment["comment_id"])
        assert (await client_as(bob).delete(f"/api/web/comments/{comment['comment_id']}")).status_code == 204
        assert (await client_as(bob).get(f"/api/web/files/{file['file_id']}")).status_code == 404
    await upload(client_as(ann), post_id=post["post_id"])
    await left.owner.execute("delete from app_web.posts")
    assert (await left.everything())[1] == []


async def test_a_stranger_gets_nothing(make_person: MakePerson, client_as: ClientAs, left: Left) -> None:
    file = await upload(client_as(await make_person()))
    before = await left.everything()
    stranger = client_as(None)
    path = f"/api/web/files/{file['file_id']}"
    for answer in (
        await send(stranger),
        await stranger.get(path),
        await stranger.patch(path, json={"post_id": str(uuid4())}),
        await stranger.delete(path),
        await stranger.get(f"/api/web/posts/{uuid4()}/files"),
        await stranger.get(f"/api/web/comments/{uuid4()}/files"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert (await stranger.get(f"{path}/content")).status_code == 422
    assert await left.everything() == before


async def test_another_organization_has_no_such_file(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    file = await upload(client_as(ann), post_id=post["post_id"])
    own = await upload(client_as(eve))
    before = await left.everything()
    web = client_as(eve)
    for file_id in (UUID(file["file_id"]), uuid4()):
        path = f"/api/web/files/{file_id}"
        for answer in (
            await web.get(path),
            await web.delete(path),
            await web.patch(path, json={"post_id": post["post_id"]}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await web.get(f"/api/web/posts/{post['post_id']}/files")).status_code == 404
    assert (await web.get(f"/api/web/comments/{comment['comment_id']}/files")).status_code == 404
    for place in ({"post_id": post["post_id"]}, {"comment_id": comment["comment_id"]}):
        for answer in (
            await send(web, **place),
            await web.patch(f"/api/web/files/{own['file_id']}", json=place),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_place")
    assert await left.everything() == before


async def test_bad_input_is_refused_with_a_reason(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann))
    post = await create(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    before = await left.everything()
    path, both = (
        f"/api/web/files/{file['file_id']}",
        {
            "post_id": post["post_id"],
            "comment_id": comment["comment_id"],
        },
    )
    for answer in (
        await client_as(ann).post("/api/web/files", content=b"a"),
        await send(client_as(ann), **both),
        await send(client_as(ann), post_id="42"),
        await send(client_as(ann), b""),
        await client_as(ann).patch(path, json={}),
        await client_as(ann).patch(path, json=both),
        await client_as(ann).patch(path, json={"name": "other.txt"}),
        await client_as(ann).get(f"/api/web/posts/{post['post_id']}/files", params={"cursor": "x"}),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"]
    assert await left.everything() == before

"""How much an organization may keep: counted right whatever happens at once or breaks off, and nobody else's affair.
What a sweep gives back: tests/worker/test_file_sweep.py."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from dfworx.shared.storage import Storage, StorageAway
from dfworx.web.files.actions import LEAST_COUNTED, UploadLimits
from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import Left, png_that_says, require_refusal, send, upload

TEN = b"a" * 10_000


@pytest.fixture
def limits(web_app: FastAPI) -> UploadLimits:
    limits = UploadLimits(30_000, quota_bytes=50_000, idle_seconds=0.2, most_unattached=100)
    web_app.state.upload_limits = limits
    return limits


async def used(left: Left) -> dict[str, int]:
    rows = await left.owner.fetch(
        """
        select o.slug, u.used_bytes, coalesce((select sum(b.size_bytes) from shared_services.blobs b
                                                where b.organization_id = u.organization_id), 0) as counted
          from shared_services.storage_usage u join public.organizations o using (organization_id)
        """
    )
    assert all(row["used_bytes"] == row["counted"] for row in rows), rows
    return {row["slug"]: row["used_bytes"] for row in rows}


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    """Sent without a Content-Length."""
    yield content


async def test_what_an_organization_keeps_is_limited_and_a_deleted_file_makes_room(
    make_person: MakePerson, client_as: ClientAs, left: Left, limits: UploadLimits
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    files = [await upload(person, TEN) for person in (ann, ann, bob, bob, bob)]
    before = await left.everything()
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield TEN

    answer = await ann.post("/api/web/files?name=a", content=body(), headers={"Content-Length": "10000"})
    require_refusal(answer, 413, "storage_full")
    assert "10 GB" in UploadLimits(1).full().detail
    assert read == []
    assert await left.everything() == before
    assert (await bob.delete(f"/api/web/files/{files[2]['file_id']}")).status_code == 204
    assert await used(left) == {"lumen": 40_000}
    await upload(ann, TEN)
    assert await used(left) == {"lumen": 50_000}


async def test_uploads_that_come_at_once_never_take_more(
    make_person: MakePerson, client_as: ClientAs, left: Left, limits: UploadLimits
) -> None:
    people = [client_as(await make_person()) for _ in range(4)]
    answers = await asyncio.gather(*(send(people[number % 4], TEN) for number in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 5, 413: 15}
    stored, rows = await left.everything()
    assert (len(stored), len(rows)) == (5, 5)
    assert await used(left) == {"lumen": 50_000}


async def test_an_upload_that_breaks_off_gives_its_room_back(
    make_person: MakePerson, client_as: ClientAs, left: Left, limits: UploadLimits
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(bob))

    async def stuck() -> AsyncIterator[bytes]:
        yield TEN
        await asyncio.Event().wait()

    async def failing() -> AsyncIterator[bytes]:
        yield TEN
        raise ConnectionError

    web = client_as(ann)
    require_refusal(await send(web, stuck()), 408, "upload_too_slow")
    require_refusal(await send(web, in_pieces(b"a" * 30_001)), 413, "file_too_large")
    require_refusal(await send(web, b""), 422, "empty_file")
    require_refusal(await send(web, b"a", content_type="image/png"), 422, "wrong_type")
    require_refusal(await send(web, png_that_says(60_000, 60_000)), 422, "too_many_pixels")
    require_refusal(await send(web, b"a", post_id=post["post_id"]), 403, "not_allowed")
    assert (await send(web, failing())).status_code == 500
    assert await used(left) == {"lumen": 0}
    assert await left.everything() == ([], [])


async def test_a_post_that_goes_amid_an_upload_gives_the_room_back(
    make_person: MakePerson, client_as: ClientAs, left: Left, limits: UploadLimits
) -> None:
    ann = client_as(await make_person())
    post = await create(ann)

    async def body() -> AsyncIterator[bytes]:
        yield TEN
        await left.owner.execute("delete from app_web.posts")

    require_refusal(await send(ann, body(), post_id=post["post_id"]), 422, "unknown_place")
    assert await used(left) == {"lumen": 0}


async def test_a_file_of_unknown_length_counts_as_what_it_has(
    make_person: MakePerson, client_as: ClientAs, left: Left, web_app: FastAPI, limits: UploadLimits
) -> None:
    ann = client_as(await make_person())

    async def body() -> AsyncIterator[bytes]:
        yield TEN
        assert await used(left) == {"lumen": 30_000}

    await upload(ann, body())
    assert await used(left) == {"lumen": 10_000}
    await upload(ann, in_pieces(b"a"))
    await upload(ann, b"a")
    assert await used(left) == {"lumen": 10_000 + 2 * LEAST_COUNTED}
    # A quota below what one file may have cuts it all the same.
    web_app.state.upload_limits = UploadLimits(30_000, quota_bytes=20_000)
    require_refusal(await send(client_as(await make_person(organization="umbra")), in_pieces(b"a" * 20_001)),
                    413, "storage_full")  # fmt: skip


async def test_what_is_in_the_storage_counts_though_its_row_is_gone(
    make_person: MakePerson,
    client_as: ClientAs,
    left: Left,
    limits: UploadLimits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else who attaches, removes and attaches again fills the disk until the next sweep."""
    ann = client_as(await make_person())
    post = await publish(ann)
    comment = await comment_on(ann, post)
    await upload(ann, TEN, comment_id=comment["comment_id"])
    assert (await ann.delete(f"/api/web/comments/{comment['comment_id']}")).status_code == 204
    file = await upload(ann, TEN)

    async def away(*_: Any) -> None:
        raise StorageAway

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "delete", away)
        assert (await ann.delete(f"/api/web/files/{file['file_id']}")).status_code == 204
    assert len(left.stored()) == 2
    assert await used(left) == {"lumen": 20_000}


async def test_a_key_sent_with_an_upload_that_broke_off_can_be_sent_again(
    make_person: MakePerson, client_as: ClientAs, left: Left, limits: UploadLimits
) -> None:
    """What is reserved beside the file is not what the key stands for."""
    ann = client_as(await make_person())
    key = {"Idempotency-Key": "of-an-upload"}
    where = "/api/web/files?name=a.txt"
    await upload(ann, b"a" * 30_000)
    require_refusal(await ann.post(where, content=b"b" * 30_000, headers=key), 413, "storage_full")
    require_refusal(await ann.post(where, content=b"", headers=key), 422, "empty_file")
    first = await ann.post(where, content=TEN, headers=key)
    again = await ann.post(where, content=TEN, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["file_id"] == again.json()["file_id"]
    assert await used(left) == {"lumen": 40_000}


async def test_files_attached_to_nothing_are_limited_by_person(
    make_person: MakePerson, client_as: ClientAs, left: Left, web_app: FastAPI
) -> None:
    web_app.state.upload_limits = UploadLimits(30_000, most_unattached=2)
    ann, bob = client_as(await make_person()), client_as(await make_person())
    post = await create(ann)
    file = await upload(ann)
    await upload(ann)
    answer = await send(ann)
    require_refusal(answer, 409, "too_many_unattached")
    assert answer.json()["detail"].startswith("2 of your files")
    await upload(bob)
    await upload(ann, post_id=post["post_id"])
    path = f"/api/web/files/{file['file_id']}"
    assert (await ann.patch(path, json={"post_id": post["post_id"]})).status_code == 200
    await upload(ann)


async def test_another_organization_has_its_own_room_and_hears_of_no_other(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left, limits: UploadLimits
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    for _ in range(5):
        await upload(client_as(ann), TEN)
    await upload(client_as(eve), TEN)
    before = await used(left)
    assert before == {"lumen": 50_000, "umbra": 10_000}
    web = await inject("dfworx_web", eve)
    kept = await left.owner.fetchval(
        "select storage_key from shared_services.blobs where organization_id = $1 limit 1",
        ann.organization_id,
    )
    await web.execute("select shared_services.settle_storage($1, 0)", kept)
    for key in (kept, f"{ann.organization_id}/new", f"{str(ann.organization_id)[:-1]}"):
        with pytest.raises(asyncpg.CheckViolationError):
            await web.execute("select shared_services.reserve_storage($1, 4096, 50000)", key)
    assert await used(left) == before
    require_refusal(await send(client_as(ann), TEN), 413, "storage_full")
    await upload(client_as(eve), TEN)


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_admin", "dfworx_auth"])
async def test_what_is_counted_is_behind_functions(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left, login: str
) -> None:
    ann = await make_person(role="admin")
    await upload(client_as(ann))
    before = await used(left)
    connection = await inject(login, ann)
    for statement in (
        "select from shared_services.blobs",
        "select from shared_services.storage_usage",
        "update shared_services.storage_usage set used_bytes = 0",
        "delete from shared_services.storage_usage",
        "delete from shared_services.blobs",
        "select shared_services.release_storage('{a}')",
        "select shared_services.unnamed_blobs(1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    assert await used(left) == before


async def test_injected_sql_gains_no_room(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left, limits: UploadLimits
) -> None:
    """What a file names is counted as it is; a reservation is never less than nothing, nor the quota's sum."""
    ann = await make_person()
    await upload(client_as(ann), TEN)
    web = await inject("dfworx_web", ann)
    key = await left.owner.fetchval("select storage_key from shared_services.blobs")
    for size in (0, 1, -1, 9_999, 2**62, None):
        await web.execute("select shared_services.settle_storage($1, $2)", key, size)
    new = f"{ann.organization_id}/new"
    reserve = "select shared_services.reserve_storage($1, $2, $3)"
    for size, quota in ((None, 50_000), (10_000, None), (2**63 - 1, 2**63 - 1), (1, -(2**63) + 1)):
        assert await web.fetchval(reserve, new, size, quota) is False
    for taken, size in ((new, 0), (new, -10_000), (key, 4096)):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.UniqueViolationError)):
            await web.fetchval(reserve, taken, size, 50_000)
    assert await used(left) == {"lumen": 10_000}

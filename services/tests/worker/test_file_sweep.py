"""What the sweep of files takes away, what it leaves, and that an end amid its work costs nothing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.shared.storage import Storage, StorageAway
from dfworx.worker.file_sweep import sweep_files
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, publish
from tests.web.file_making import Left, upload

NO_AGE = timedelta(0)


@pytest.fixture
def left(database: TestDatabase, owner: asyncpg.Connection) -> Left:
    return Left(database.settings("dfworx_web").home / "files", owner)


@pytest.fixture
async def worker(database: TestDatabase) -> AsyncIterator[Database]:
    worker = Database(database.settings("dfworx_worker"))
    yield worker
    await worker.close()


@pytest.fixture
def storage(database: TestDatabase) -> Storage:
    return Storage.of(database.settings("dfworx_worker"))


async def age(left: Left, *file_ids: str) -> None:
    await left.owner.execute(
        "update shared_services.files set created_at = now() - interval '25 hours' where file_id = any($1)",
        [UUID(each) for each in file_ids],
    )


async def test_what_hangs_on_nothing_for_a_day_goes_with_its_bytes(
    make_person: MakePerson, client_as: ClientAs, worker: Database, storage: Storage, left: Left
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    old = [await upload(client_as(person)) for person in (ann, eve)]
    kept = [
        await upload(client_as(ann), post_id=post["post_id"]),
        await upload(client_as(ann), comment_id=comment["comment_id"]),
        await upload(client_as(eve)),
    ]
    await age(left, *(file["file_id"] for file in (*old, *kept[:2])))
    assert await sweep_files(worker, storage) == 2
    rows = await left.owner.fetch("select file_id::text, storage_key from shared_services.files")
    assert {row["file_id"] for row in rows} == {file["file_id"] for file in kept}
    assert left.stored() == sorted(row["storage_key"] for row in rows)
    for file in kept[:2]:
        assert (await client_as(None).get(file["url"])).status_code == 200
    assert await sweep_files(worker, storage) == 0


async def test_bytes_that_no_row_names_go_once_they_are_old(
    make_person: MakePerson, client_as: ClientAs, worker: Database, storage: Storage, left: Left
) -> None:
    ann = await make_person()
    post = await publish(client_as(ann))
    await upload(client_as(ann), post_id=post["post_id"])
    kept = await upload(client_as(ann))
    await left.owner.execute("delete from app_web.posts")
    half = left.folder / str(ann.organization_id) / "ab12#1"
    half.write_bytes(b"half of it")
    assert await sweep_files(worker, storage) == 0
    assert len(left.stored()) == 3

    for path in left.folder.rglob("*"):
        os.utime(path, (0, 0))
    assert await sweep_files(worker, storage) == 2
    assert len(left.stored()) == 1
    assert (await client_as(None).get(kept["url"])).content == b"Some words"


async def test_an_end_between_row_and_bytes_leaves_what_the_next_sweep_takes(
    make_person: MakePerson, client_as: ClientAs, worker: Database, database: TestDatabase, left: Left
) -> None:
    class Ending(Storage):
        async def delete(self, keys: Sequence[str]) -> None:
            raise StorageAway

    ann = await make_person()
    file = await upload(client_as(ann))
    await age(left, file["file_id"])
    settings = database.settings("dfworx_worker")
    with pytest.raises(StorageAway):
        await sweep_files(worker, Ending.of(settings))
    stored, rows = await left.everything()
    assert (len(stored), rows) == (1, [])
    assert await sweep_files(worker, Storage.of(settings), age=NO_AGE) == 1
    assert await left.everything() == ([], [])


async def counted(left: Left) -> list[int]:
    rows = await left.owner.fetch("select used_bytes from shared_services.storage_usage order by 1")
    return [row[0] for row in rows]


async def test_what_a_sweep_takes_makes_room(
    make_person: MakePerson, client_as: ClientAs, worker: Database, storage: Storage, left: Left
) -> None:
    """Whether its row goes, or its row is gone, or it never had one since its upload's process ended."""
    ann, eve = await make_person(), await make_person(organization="umbra")
    post = await publish(client_as(ann))
    await upload(client_as(ann), b"a" * 5000, post_id=post["post_id"])
    await left.owner.execute("delete from app_web.posts")
    unattached = await upload(client_as(ann), b"a" * 6000)
    kept = [await upload(client_as(ann), b"a" * 7000), await upload(client_as(eve), b"a" * 8000)]
    await left.owner.execute(
        """
        insert into shared_services.blobs (organization_id, storage_key, size_bytes)
        values ($1::uuid, $1::uuid || '/lost', 9000)
        """,
        eve.organization_id,
    )
    await left.owner.execute(
        "update shared_services.storage_usage set used_bytes = used_bytes + 9000 where organization_id = $1",
        eve.organization_id,
    )
    await age(left, unattached["file_id"])
    assert await sweep_files(worker, storage) == 1
    assert await counted(left) == [12_000, 17_000]
    await left.owner.execute("update shared_services.blobs set begun_at = begun_at - interval '25 hours'")
    assert await sweep_files(worker, storage) == 0
    assert await counted(left) == [7000, 8000]
    assert len(left.stored()) == 2
    for file in kept:
        assert (await client_as(None).get(file["url"])).status_code == 200


async def test_bytes_whose_count_stayed_when_they_went_count_no_more(
    make_person: MakePerson, client_as: ClientAs, worker: Database, storage: Storage, left: Left
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann))
    (folder,) = left.folder.iterdir()
    for path in folder.iterdir():
        path.unlink()
    await left.owner.execute("delete from shared_services.files")
    await left.owner.execute("update shared_services.blobs set begun_at = begun_at - interval '25 hours'")
    assert await sweep_files(worker, storage) == 0
    assert await counted(left) == [0]
    assert (await client_as(ann).get(f"/api/web/files/{file['file_id']}")).status_code == 404


async def test_more_than_a_batch_goes_in_one_sweep(
    make_person: MakePerson, worker: Database, storage: Storage, left: Left
) -> None:
    ann = await make_person()
    await left.owner.execute(
        """
        insert into shared_services.files (organization_id, user_id, name, media_type, size_bytes, sha256, storage_key,
                                           created_at)
        select $1::uuid, $2, 'a', 'text/plain', 1, sha256('a'), $1::uuid || '/' || n, now() - interval '2 days'
          from generate_series(1, 1234) n
        """,
        *(ann.organization_id, ann.user_id),
    )
    folder = left.folder / str(ann.organization_id)
    folder.mkdir(parents=True)
    for number in range(600):
        (folder / f"lost-{number}").write_bytes(b"a")
    assert await sweep_files(worker, storage, age=NO_AGE) == 1834
    assert await left.everything() == ([], [])


async def test_the_worker_learns_and_takes_no_more_than_that(
    make_person: MakePerson, client_as: ClientAs, database: TestDatabase, left: Left
) -> None:
    """Its own login, with any SQL: it reads no table, and the day isn't its to choose."""
    ann = await make_person()
    await upload(client_as(ann))
    before = await left.everything()
    connection = await asyncpg.connect(database.url("dfworx_worker"))
    try:
        for statement in (
            "select * from shared_services.files",
            "delete from shared_services.files",
            "select * from shared_services.file_items",
            "select * from shared_services.blobs",
            "update shared_services.storage_usage set used_bytes = 0",
            "select shared_services.reserve_storage('a', 1, 1)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        assert await connection.fetch("select * from shared_services.sweep_files(1000000)") == []
        (stored,) = left.stored()
        odd = ["", "/", "a/b", "-" * 36 + "/a", f"{uuid4()}/x", stored]
        found = await connection.fetch("select * from shared_services.unnamed_storage_keys($1)", odd)
        assert sorted(row[0] for row in found) == sorted(odd[:-1])
        assert await connection.fetch("select * from shared_services.unnamed_blobs(1000000)") == []
        # What a file names is counted, whatever anybody says of its bytes.
        await connection.execute("select shared_services.release_storage($1)", odd)
        assert await counted(left) == [4096]
    finally:
        await connection.close()
    assert await left.everything() == before


async def test_a_storage_that_was_never_used_is_swept_too(
    worker: Database, storage: Storage, left: Left, tmp_path: Path
) -> None:
    assert await sweep_files(worker, storage) == 0
    assert left.stored() == []

"""What SQL injected into the web service could do to files with the caller's own true seal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import Left, upload

INSERT = """
insert into shared_services.files (organization_id, user_id, post_id, comment_id, name, media_type, size_bytes, sha256,
                                   storage_key)
values ($1, $2, $3, $4, 'forged', 'text/plain', 1, sha256('a'), $5)
"""


async def test_no_file_in_anothers_name_or_on_what_one_may_not_change(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = await make_person(organization="umbra")
    seen, draft = await publish(client_as(ann)), await create(client_as(ann))
    theirs = await publish(client_as(eve))
    comment, foreign = await comment_on(client_as(ann), seen), await comment_on(client_as(eve), theirs)
    own = await comment_on(client_as(bob), seen)
    removed = await comment_on(client_as(bob), seen)
    await comment_on(client_as(ann), seen, parent_id=removed["comment_id"])
    await client_as(bob).delete(f"/api/web/comments/{removed['comment_id']}")
    ours, other = bob.organization_id, eve.organization_id
    forgeries: list[tuple[Person, UUID, dict[str, Any], UUID]] = [
        (ann, ours, {}, ours),
        (eve, other, {}, other),
        (bob, other, {}, other),
        (bob, ours, {"post_id": seen["post_id"]}, ours),
        (bob, ours, {"post_id": draft["post_id"]}, ours),
        (bob, ours, {"post_id": theirs["post_id"]}, ours),
        (bob, ours, {"comment_id": comment["comment_id"]}, ours),
        (bob, ours, {"comment_id": removed["comment_id"]}, ours),
        (bob, ours, {"comment_id": foreign["comment_id"]}, ours),
        (bob, ours, {}, other),
    ]
    web = await inject("dfworx_web", bob)
    for person, organization_id, place, folder in forgeries:
        at = [place.get("post_id"), place.get("comment_id")]
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError)):
            await web.execute(INSERT, organization_id, person.user_id, *at, f"{folder}/forged")
    for key in ("../../etc/passwd", f"{ours}/../{other}/a", f"{ours}/a/b", f"{ours}/.."):
        with pytest.raises(asyncpg.CheckViolationError):
            await web.execute(INSERT, ours, bob.user_id, None, None, key)
    assert (await left.everything())[1] == []
    await web.execute(INSERT, ours, bob.user_id, None, own["comment_id"], f"{ours}/forged")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute("update shared_services.files set post_id = $1, comment_id = null", seen["post_id"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute("update shared_services.files set post_id = null, comment_id = null")


FORBIDDEN = [
    "update shared_services.files set storage_key = storage_key",
    "update shared_services.files set user_id = app.user_id()",
    "update shared_services.files set organization_id = organization_id",
    "update shared_services.files set media_type = 'text/html'",
    "update shared_services.files set name = 'b'",
    "update shared_services.files set created_at = now() - interval '2 days'",
    "insert into shared_services.files (file_id) values (gen_random_uuid())",
    "insert into shared_services.files (created_at) values (now())",
    "truncate shared_services.files",
    "select * from shared_services.sweep_files(1)",
    "select * from shared_services.unnamed_storage_keys('{a}')",
    "select app_web.clear_files()",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_what_a_file_is_can_not_be_rewritten(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left, statement: str
) -> None:
    ann = await make_person(role="admin")
    await upload(client_as(ann))
    before = await left.everything()
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
        await (await inject("dfworx_web", ann)).execute(statement)
    assert await left.everything() == before


async def test_files_are_seen_with_what_they_hang_on_and_nowhere_else(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, left: Left
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra", role="admin")
    hidden, seen = await create(client_as(ann)), await publish(client_as(ann))
    remark = await comment_on(client_as(ann), hidden)
    await upload(client_as(ann), name="unattached")
    await upload(client_as(ann), name="on a draft", post_id=hidden["post_id"])
    await upload(client_as(ann), name="under a draft", comment_id=remark["comment_id"])
    await upload(client_as(ann), name="published", post_id=seen["post_id"])
    before = await left.everything()
    for person, names in ((admin, {"published"}), (eve, set())):
        web = await inject("dfworx_web", person)
        for rows in (
            await web.fetch("select to_jsonb(f)::text from shared_services.files f"),
            await web.fetch("select to_jsonb(f)::text from shared_services.file_items f"),
        ):
            assert len(rows) == len(names) and all(any(each in row[0] for each in names) for row in rows)
        # Neither reads a column: no SELECT policy is asked.
        assert (await web.execute("update shared_services.files set post_id = null")).endswith(" 0")
        if person is eve:
            assert (await web.execute("delete from shared_services.files")).endswith(" 0")
    assert await left.everything() == before
    web = await inject("dfworx_web", admin)
    assert (await web.execute("delete from shared_services.files")).endswith(" 1")
    assert (await (await inject("dfworx_web", ann)).execute("delete from shared_services.files")).endswith(
        " 3"
    )


async def test_the_auth_service_has_no_files(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person(role="admin")
    await upload(client_as(ann))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await (await inject("dfworx_auth", ann)).execute("select from shared_services.files")


async def test_the_admin_service_knows_how_large_files_are_and_no_more(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, member, eve = (
        await make_person(role="admin"),
        await make_person(role="member"),
        await make_person(role="admin", organization="elsewhere"),
    )
    await upload(client_as(ann))
    for person, seen in ((ann, 1), (member, 0), (eve, 0)):
        admin = await inject("dfworx_admin", person)
        assert len(await admin.fetch("select size_bytes from shared_services.files")) == seen
    for query in (
        "select name from shared_services.files",
        "select storage_key from shared_services.files",
        "select sha256 from shared_services.files",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await (await inject("dfworx_admin", ann)).execute(query)

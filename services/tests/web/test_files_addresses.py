"""Ids and signed addresses that shouldn't open: of another organization, of what one doesn't see, changed or old."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

from fastapi import FastAPI

from dfworx.web.file_links import FileLinks
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import Left, picture, require_refusal, send, upload


async def test_only_what_one_may_change_is_attached_to(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = await make_person(organization="umbra")
    seen, draft = await publish(client_as(ann)), await create(client_as(ann))
    theirs = await publish(client_as(eve))
    comment, foreign = await comment_on(client_as(ann), seen), await comment_on(client_as(eve), theirs)
    own = await upload(client_as(bob))
    before = await left.everything()
    for place, status, code in (
        ({"post_id": seen["post_id"]}, 403, "not_allowed"),
        ({"comment_id": comment["comment_id"]}, 403, "not_allowed"),
        ({"post_id": draft["post_id"]}, 422, "unknown_place"),
        ({"post_id": theirs["post_id"]}, 422, "unknown_place"),
        ({"comment_id": foreign["comment_id"]}, 422, "unknown_place"),
        ({"post_id": str(uuid4())}, 422, "unknown_place"),
        ({"comment_id": seen["post_id"]}, 422, "unknown_place"),
    ):
        require_refusal(await send(client_as(bob), **place), status, code)
        moved = await client_as(bob).patch(f"/api/web/files/{own['file_id']}", json=place)
        require_refusal(moved, status, code)
    assert await left.everything() == before


async def test_an_address_that_was_changed_opens_nothing(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann, bob = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra")
    file, other = await upload(client_as(ann), picture()), await upload(client_as(ann))
    foreign = await upload(client_as(eve))
    before = await left.everything()
    address = urlsplit(file["url"])
    said = {name: values[0] for name, values in parse_qs(address.query).items()}
    foreigner = parse_qs(urlsplit(foreign["url"]).query)
    changes: list[tuple[str, dict[str, str]]] = [
        (other["file_id"], {}),
        (foreign["file_id"], {}),
        (foreign["file_id"], {"organization": str(eve.organization_id)}),
        (file["file_id"], {"organization": str(eve.organization_id)}),
        (file["file_id"], {"organization": str(eve.organization_id), "person": str(eve.user_id)}),
        (file["file_id"], {"person": str(bob.user_id)}),
        (file["file_id"], {"role": "admin"}),
        (file["file_id"], {"session": foreigner["session"][0]}),
        (file["file_id"], {"expires": str(int(said["expires"]) + 600)}),
        (file["file_id"], {"disposition": "attachment"}),
        (file["file_id"], {"signature": foreigner["signature"][0]}),
        (file["file_id"], {"signature": "0" * 64}),
        (file["file_id"], {"signature": "é"}),
        (file["file_id"], {"signature": ""}),
    ]
    for file_id, changed in changes:
        path = f"/api/web/files/{file_id}/content?{urlencode({**said, **changed})}"
        for client in (client_as(None), client_as(ann), client_as(eve)):
            require_refusal(await client.get(path), 403, "link_invalid")
    assert (await client_as(None).get(file["url"])).status_code == 200
    assert await left.everything() == before


async def test_an_address_expires(
    web_app: FastAPI, database: TestDatabase, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    settings = database.settings("dfworx_web")
    web_app.state.file_links = FileLinks(settings, clock=lambda: time.time() - 601)
    file = await upload(client_as(ann))
    web_app.state.file_links = FileLinks(settings)
    require_refusal(await client_as(None).get(file["url"]), 403, "link_expired")
    other = FileLinks(settings.model_copy(update={"file_key": None}))
    web_app.state.file_links = other
    require_refusal(await client_as(None).get(file["url"]), 403, "link_invalid")


async def test_an_address_ends_with_the_session_that_asked_for_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    file = await upload(client_as(ann))
    assert (await client_as(ann).post("/api/auth/logout")).status_code < 300
    async with asyncio.timeout(1):
        while (answer := await client_as(None).get(file["url"])).status_code == 200:
            pass
    require_refusal(answer, 401, "session_ended")


async def test_who_no_longer_sees_the_post_loses_its_files_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    files = [
        await upload(client_as(ann), post_id=post["post_id"]),
        await upload(client_as(ann), comment_id=comment["comment_id"]),
    ]
    paths = [f"/api/web/files/{file['file_id']}" for file in files]
    addresses = [(await client_as(bob).get(path)).json()["url"] for path in paths]
    assert [(await client_as(None).get(each)).status_code for each in addresses] == [200, 200]
    hidden = await client_as(ann).patch(
        f"/api/web/posts/{post['post_id']}", json={"visibility": "author"}, headers={"If-Match": "*"}
    )
    assert hidden.status_code == 200, hidden.text
    for path in (*addresses, *paths):
        require_refusal(await client_as(bob).get(path), 404, "not_found")
    for place in (f"posts/{post['post_id']}", f"comments/{comment['comment_id']}"):
        require_refusal(await client_as(bob).get(f"/api/web/{place}/files"), 404, "not_found")
    assert [(await client_as(ann).get(path)).status_code for path in paths] == [200, 200]


async def test_files_of_a_post_for_named_people_are_theirs_alone(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    """A moderator whom the author named reads them, but minds the organization's posts, not this one."""
    ann, bob, moderator = await make_person(), await make_person(), await make_person(role="moderator")
    carol, admin = await make_person(), await make_person(role="admin")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    on_post = await upload(client_as(ann), post_id=post["post_id"])
    on_comment = await upload(client_as(bob), comment_id=comment["comment_id"])
    paths = [f"/api/web/files/{file['file_id']}" for file in (on_post, on_comment)]
    addresses = [(await client_as(carol).get(path)).json()["url"] for path in paths]
    await left.owner.execute("update app_web.posts set visibility = 'people'")
    for reader in (bob, moderator):
        await left.owner.execute(
            "insert into app_web.post_readers (organization_id, post_id, user_id, shared_by) values ($1, $2, $3, $4)",
            *(ann.organization_id, UUID(post["post_id"]), reader.user_id, ann.user_id),
        )
    before = await left.everything()
    for person in (carol, admin):
        web = client_as(person)
        for path in (*paths, *addresses, f"/api/web/posts/{post['post_id']}/files"):
            require_refusal(await web.get(path), 404, "not_found")
        require_refusal(await web.delete(paths[0]), 404, "not_found")
        require_refusal(await send(web, post_id=post["post_id"]), 422, "unknown_place")
    for person in (bob, moderator):
        web = client_as(person)
        for path in paths:
            file = (await web.get(path)).json()
            assert (await client_as(None).get(file["url"])).content == b"Some words"
        require_refusal(await web.delete(paths[0]), 403, "not_allowed")
        require_refusal(await send(web, post_id=post["post_id"]), 403, "not_allowed")
    assert await left.everything() == before

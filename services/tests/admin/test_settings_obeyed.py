"""Settings are obeyed where they belong: at joining, where passwords are chosen, where files come in, and beside the
organization's name."""

from __future__ import annotations

import asyncpg

from tests.admin.conftest import choose
from tests.auth.inviting import INVITATIONS, NEW, accept, invite
from tests.conftest import PASSWORD, ClientAs, MakePerson

SHORT, LONG = "twelve chars", "more than twenty characters"


async def test_closed_nobody_is_invited_and_nobody_joins(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(role="admin")
    waiting = await invite(client_as, ann)
    await choose(client_as(ann), "sign_up", "closed")
    refused = await client_as(ann).post(INVITATIONS, json={"email": "b@nova.example", "role": "member"})
    assert (refused.status_code, refused.json()["code"]) == (409, "joining_closed")
    late = await accept(client_as, waiting["token"], NEW)
    assert (late.status_code, late.json()["code"]) == (409, "joining_closed")
    await choose(client_as(ann), "sign_up", None)
    assert (await accept(client_as, waiting["token"], NEW)).status_code == 200


async def test_only_addresses_of_the_allowed_domains_are_invited_and_join(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(role="admin")
    waiting = await invite(client_as, ann, "noor@elsewhere.example")
    chosen = await choose(client_as(ann), "allowed_domains", ["Nova.example", "nova.example"])
    assert chosen["value"] == ["nova.example"]
    for email in ("b@elsewhere.example", "b@sub.nova.example", "nova.example@evil.example"):
        refused = await client_as(ann).post(INVITATIONS, json={"email": email, "role": "member"})
        assert (refused.status_code, refused.json()["code"]) == (409, "domain_not_allowed"), email
    late = await accept(client_as, waiting["token"], NEW)
    assert (late.status_code, late.json()["code"]) == (409, "domain_not_allowed")
    good = await invite(client_as, ann, "B@NOVA.example")
    assert (await accept(client_as, good["token"], {**NEW, "name": "B"})).status_code == 200
    # Another organization's rule is none of ours.
    eve = await make_person(organization="umbra", role="admin")
    await invite(client_as, eve, "x@elsewhere.example")


async def test_the_length_of_passwords_holds_for_who_accepts_an_invitation(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await choose(client_as(ann), "password_min_length", 20)
    ours = await invite(client_as, ann)
    refused = await accept(client_as, ours["token"], {"name": "Noor", "password": SHORT})
    assert refused.status_code == 422 and "20 characters" in refused.json()["detail"]
    theirs = await invite(client_as, eve, "other@nova.example")
    assert (await accept(client_as, theirs["token"], {"name": "O", "password": SHORT})).status_code == 200
    assert (await accept(client_as, ours["token"], {"name": "Noor", "password": LONG})).status_code == 200


async def test_the_strictest_of_somebodys_organizations_counts_when_they_change_their_password(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    """One password is for all of them."""
    strict = await make_person(role="admin")
    await choose(client_as(strict), "password_min_length", 20)
    ben = await make_person(organization="umbra", email="ben@nova.example")
    change = {"current_password": PASSWORD, "new_password": SHORT}
    await make_person(organization="lumen", email="ben@nova.example")
    refused = await client_as(ben).post("/api/auth/password", json=change)
    assert (refused.status_code, refused.json()["code"]) == (422, "password_too_short")
    change["new_password"] = LONG
    assert (await client_as(ben).post("/api/auth/password", json=change)).status_code == 200


async def test_it_also_counts_when_a_password_is_reset(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    await choose(client_as(ann), "password_min_length", 20)
    await owner.execute(
        "insert into app_auth.password_resets (email, token_hash) values ($1, sha256('a token'))", ann.email
    )
    body = {"token": "a token", "password": SHORT}
    refused = await client_as(None).post("/api/auth/password/reset", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "password_too_short")
    answer = await client_as(None).post("/api/auth/password/reset", json={**body, "password": LONG})
    assert answer.status_code == 204


async def test_files_are_as_large_as_the_organization_takes_them(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    await choose(client_as(ann), "upload_megabytes", 1)
    too_large = b"a" * 1_000_001
    refused = await client_as(ben).post("/api/web/files?name=a.txt", content=too_large)
    assert (refused.status_code, refused.json()["code"]) == (413, "file_too_large")
    assert "1 MB" in refused.json()["detail"]
    eve = await make_person(organization="umbra")
    assert (await client_as(eve).post("/api/web/files?name=a.txt", content=too_large)).status_code == 201
    # More than the install takes is never taken.
    await choose(client_as(ann), "upload_megabytes", 5000)
    refused = await client_as(ben).post("/api/web/files?name=a.txt", content=b"a" * 50_000_001)
    assert (refused.status_code, refused.json()["code"]) == (413, "file_too_large")


async def test_all_files_together_take_what_the_organization_lets_them(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    assert (await client_as(ben).post("/api/web/files?name=a.txt", content=b"a")).status_code == 201
    await owner.execute("update shared_services.storage_usage set used_bytes = 999999999")
    await choose(client_as(ann), "storage_gigabytes", 1)
    refused = await client_as(ben).post("/api/web/files?name=b.txt", content=b"b" * 5000)
    assert (refused.status_code, refused.json()["code"]) == (413, "storage_full")
    assert "1 GB" in refused.json()["detail"]


async def test_branding_is_read_by_all_its_members_beside_its_name(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="guest")
    await choose(client_as(ann), "accent_color", "#2A6F97")
    await choose(client_as(ann), "logo_url", "https://lumen.example/logo.png")
    await choose(client_as(ann), "welcome_text", "Welcome to Lumen.")
    told = (await client_as(ben).get("/api/auth/organization")).json()
    assert told["branding"] == {
        "accent_color": "#2a6f97",
        "logo_url": "https://lumen.example/logo.png",
        "welcome_text": "Welcome to Lumen.",
    }
    eve = await make_person(organization="umbra")
    theirs = (await client_as(eve).get("/api/auth/organization")).json()["branding"]
    assert set(theirs.values()) == {""}

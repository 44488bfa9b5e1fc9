"""Inviting and accepting through the API, as tests of invitations do it."""

from __future__ import annotations

from typing import Any

from httpx import Response

from tests.conftest import ClientAs, Person

INVITATIONS = "/api/auth/invitations"
NEW = {"name": "Noor", "password": "a long enough password"}


async def invite(
    client_as: ClientAs, admin: Person, email: str = "noor@nova.example", role: str = "member"
) -> dict[str, Any]:
    answer = await client_as(admin).post(INVITATIONS, json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    invitation: dict[str, Any] = answer.json()
    return invitation


async def accept(
    client_as: ClientAs, token: str, body: dict[str, Any] | None = None, person: Person | None = None
) -> Response:
    arguments: dict[str, Any] = {} if body is None else {"json": body}
    return await client_as(person).post(f"{INVITATIONS}/{token}/accept", **arguments)


async def waiting(client_as: ClientAs, admin: Person) -> list[str]:
    answer = await client_as(admin).get(INVITATIONS)
    assert answer.status_code == 200, answer.text
    return [each["email"] for each in answer.json()["items"]]

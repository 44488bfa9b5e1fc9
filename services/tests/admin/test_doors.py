"""Who is let in: admins, at every address that the service's own description has, and nobody else."""

from __future__ import annotations

import pytest

from tests.conftest import ClientAs, MakePerson
from tests.walls.openapi import Operation, read_operations

OPEN_TO_ALL = {"get_health", "get_liveness"}


async def read_ours(client_as: ClientAs) -> list[Operation]:
    found = await read_operations(client_as(None))
    return [each for each in found if each.request.path.startswith("/api/admin/")]


@pytest.mark.parametrize("role", ["member", "moderator", "guest"])
async def test_every_address_refuses_who_is_no_admin(
    make_person: MakePerson, client_as: ClientAs, role: str
) -> None:
    client = client_as(await make_person(role=role))
    operations = await read_ours(client_as)
    assert {each.name for each in operations if each.open_to_all} == OPEN_TO_ALL
    for operation in operations:
        if not operation.open_to_all:
            answer = await operation.request.send(client)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), str(operation)


async def test_every_address_refuses_a_stranger(client_as: ClientAs) -> None:
    for operation in await read_ours(client_as):
        if not operation.open_to_all:
            answer = await operation.request.send(client_as(None))
            assert answer.status_code == 401, str(operation)


async def test_whether_the_service_can_work_is_told_to_all(client_as: ClientAs) -> None:
    answer = await client_as(None).get("/api/admin/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")

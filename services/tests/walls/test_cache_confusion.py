"""What one organization's reading leaves in the cache is never another's answer: same questions at the same time,
the other's cursors and ETags, and the keys themselves."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from redis.asyncio import Redis

from tests.conftest import ClientAs, MakePerson
from tests.walls.arena import Arena
from tests.walls.attacker import MARK, Findings
from tests.walls.filling import FOREIGN, OURS
from tests.walls.openapi import read_operations
from tests.walls.tally import Notes

Both = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture
async def both(arena: Arena, make_person: MakePerson, client_as: ClientAs) -> Both:
    """An admin of ours and one of the foreign organization."""
    ours = await make_person(organization=OURS.slug, role="admin")
    foreign = await make_person(organization=FOREIGN.slug, role="admin")
    return client_as(ours), client_as(foreign)


async def lists(client_as: ClientAs) -> list[str]:
    """Every GET without a place in its path, with and without what narrows it."""
    found = []
    for operation in await read_operations(client_as(None)):
        if (
            operation.request.method == "GET"
            and "{" not in operation.request.path
            and not operation.open_to_all
        ):
            found += [
                f"{operation.request.path}?{query}"
                for query in ("", "limit=1", "limit=100", "q=of", "q=of&limit=1")
            ]
    assert len(found) > 20
    return found


async def test_the_same_question_at_the_same_time_has_two_answers(
    notes: Notes, both: Both, client_as: ClientAs
) -> None:
    ours, foreign = both
    findings, seen = Findings(), False
    for address in await lists(client_as):
        answers = await asyncio.gather(
            *(each.get(address) for _ in range(6) for each in (ours, foreign, ours))
        )
        for number, answer in enumerate(answers):
            findings.attempts += 1
            marks = MARK.findall(answer.text)
            if number % 3 == 1:
                seen |= bool(marks)
                if OURS.mark in answer.text:
                    findings.read.append(f"{address}: ours, told to the foreign organization")
            elif marks:
                findings.read.append(f"{address}: {marks[:3]}")
    notes.tried(findings)
    notes.control("the foreign organization reads its own", seen)


async def test_the_others_cursors_lead_nowhere(notes: Notes, both: Both, client_as: ClientAs) -> None:
    ours, foreign = both
    findings, cursors = Findings(), 0
    for address in await lists(client_as):
        page = await foreign.get(address)
        told = page.json() if page.headers["content-type"] == "application/json" else None
        cursor = told.get("next_cursor") if isinstance(told, dict) else None
        if cursor is None:
            continue
        cursors += 1
        for size in (1, 20, 100):
            findings.attempts += 1
            answer = await ours.get(address, params={"cursor": cursor, "limit": size})
            if MARK.search(answer.text) or answer.status_code >= 500:
                findings.read.append(f"{address}: {answer.status_code} {answer.text[:100]}")
    notes.tried(findings)
    notes.control("there are cursors to try", cursors > 1)


async def test_a_foreign_etag_stands_for_its_bytes_alone(
    notes: Notes, both: Both, client_as: ClientAs
) -> None:
    """A list's tag is a hash of its bytes: 304 says that the asker would get these same bytes, and nothing else."""
    ours, foreign = both
    findings, tags = Findings(), 0
    for address in await lists(client_as):
        own, other = await ours.get(address), await foreign.get(address)
        tag = other.headers.get("etag")
        if tag is None:
            continue
        findings.attempts += 1
        tags += own.content != other.content
        answer = await ours.get(address, headers={"If-None-Match": tag})
        if (answer.status_code == 304) != (own.content == other.content):
            findings.read.append(f"{address}: {answer.status_code}")
    notes.tried(findings)
    notes.control("there are tags of other bytes", tags > 3)


def as_text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


async def test_every_cached_byte_is_kept_under_its_own_organization(
    notes: Notes, both: Both, redis: Redis, client_as: ClientAs
) -> None:
    for address in await lists(client_as):
        await asyncio.gather(*(each.get(address) for each in both))
    for place in (0x40, 0x42):
        for of in (OURS, FOREIGN):
            await asyncio.gather(*(each.get(f"/api/web/posts/{of.id(place)}") for each in both))
    findings, kept = Findings(), 0
    async for key in redis.scan_iter():
        if await redis.type(key) != b"string":
            continue
        findings.attempts += 1
        name, value = key.decode(), as_text(await redis.get(key))
        for own, other in ((OURS, FOREIGN), (FOREIGN, OURS)):
            if str(own.organization_id) in name:
                kept += own is FOREIGN and bool(MARK.search(value))
                if other.mark in value or str(other.organization_id) in name:
                    findings.read.append(f"{name} holds the other's")
        if not any(str(each.organization_id) in name for each in (OURS, FOREIGN)) and MARK.search(value):
            findings.read.append(f"{name} belongs to nobody")
    notes.tried(findings)
    notes.control("the foreign organization's lists are cached", kept > 0)


async def test_a_write_of_ours_ages_nothing_foreign(notes: Notes, both: Both, redis: Redis) -> None:
    """Generations are counted up for the organization that wrote."""
    ours, foreign = both
    await asyncio.gather(*(each.get("/api/web/categories") for each in both))

    async def generations() -> dict[object, object]:
        keys = [key async for key in redis.scan_iter(f"generation:{FOREIGN.organization_id}:*")]
        return {key: await redis.get(key) for key in keys}

    before = await generations()
    made = await ours.post("/api/web/categories", json={"name": "Ours alone"})
    assert made.status_code == 201
    aged = [] if await generations() == before else ["a foreign generation was counted up"]
    notes.tried(Findings(attempts=1, written=aged))
    assert (await foreign.post("/api/web/categories", json={"name": "Theirs"})).status_code == 201
    notes.control("a write of theirs does", await generations() != before)

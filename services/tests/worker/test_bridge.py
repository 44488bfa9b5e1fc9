"""Events become calls of Convex's functions: of the event's own organization, by its number, and tried for as long as
the deployment is away."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from dfworx.cli.home import choose_port
from dfworx.shared.errors import Unavailable
from dfworx.shared.sessions import session_at
from dfworx.worker.bridge import TOKENS_LIVE, convex_consumer, write_call
from dfworx.worker.convex import Deployment, FunctionFailed
from dfworx.worker.delivery import AWAY_WAIT, LONGEST_WAIT, Backoff
from dfworx.worker.events import Event, Undeliverable
from tests.convex.served import Served, serve_functions
from tests.worker.test_delivery import at_try

LUMEN, HARBOUR = UUID(int=1), UUID(int=2)
ANN = "019a0000-0000-7000-8000-000000000001"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(
    topic: str, number: int = 1, *, organization_id: UUID = LUMEN, at: datetime = NOON, **payload: Any
) -> Event:
    return Event(number, organization_id, topic, UUID(ANN), payload, at)


def member(**changes: Any) -> dict[str, Any]:
    return {"id": ANN, "name": "Ann Ash", "avatar_url": None, "role": "member", "is_active": True, **changes}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serve_functions(tmp_path_factory.mktemp("deployment")) as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as made:
        yield made


@pytest.fixture
def deployment(served: Served, client: httpx.AsyncClient) -> Deployment:
    return Deployment(served.url, served.admin_key, client)


async def rows(deployment: Deployment, organization_id: UUID, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await deployment.run(
        "query", "planting:list", {"organization_id": str(organization_id), "table": table}
    )
    return found


async def test_an_event_changes_the_copy_of_its_own_organization_once(deployment: Deployment) -> None:
    bridge = convex_consumer(deployment)
    await bridge.deliver(event("mirror.user", 5, rows=[member(role="admin")], gone=[]))
    await bridge.deliver(event("mirror.user", 4, rows=[member()], gone=[]))
    await bridge.deliver(event("mirror.user", 6, organization_id=HARBOUR, rows=[member(name="Eve")], gone=[]))
    [ann] = await rows(deployment, LUMEN, "members")
    assert (ann["name"], ann["role"], ann["event"]) == ("Ann Ash", "admin", 5)
    await bridge.deliver(event("mirror.user", 7, organization_id=HARBOUR, rows=[], gone=[ANN]))
    assert await rows(deployment, HARBOUR, "members") == []
    assert len(await rows(deployment, LUMEN, "members")) == 1


async def test_who_is_deactivated_or_has_signed_out_is_revoked_until_the_last_token_has_expired(
    deployment: Deployment,
) -> None:
    bridge, organization_id, now = convex_consumer(deployment), UUID(int=3), datetime.now(UTC)
    told: dict[str, Any] = {"organization_id": organization_id, "at": now}
    await bridge.deliver(event("mirror.user", 1, **told, rows=[member()], gone=[]))
    await bridge.deliver(event("mirror.user", 2, **told, rows=[member(is_active=False)], gone=[]))
    ended: dict[str, Any] = {
        "user_id": ANN,
        "session_id": "019a0000-0000-7000-8000-00000000000a",
        "valid_after": None,
    }
    await bridge.deliver(event("sessions.revoked", 3, **told, **ended))
    all_of_them, one = sorted(
        await rows(deployment, organization_id, "revocations"), key=lambda row: row["event"]
    )
    assert all_of_them["began_until"] >= str(session_at(now))[:13]
    assert (one["session_id"], one["began_until"]) == (ended["session_id"], None)
    assert {row["expires_at"] for row in (all_of_them, one)} == {(now + TOKENS_LIVE).timestamp() * 1000}


def test_all_sessions_are_ended_by_when_they_began() -> None:
    told: dict[str, Any] = {
        "user_id": ANN,
        "session_id": None,
        "valid_after": "2026-01-01T11:59:00.000000+00:00",
    }
    path, arguments = write_call(event("sessions.revoked", **told), NOON)
    began_until = str(session_at(NOON - timedelta(minutes=1)))[:13]
    assert (path, arguments["began_until"], arguments["session_id"]) == ("mirror:revoke", began_until, None)


@pytest.mark.parametrize(("late", "seconds"), [(2, 2), (3600, 15)])
def test_a_deactivation_ends_what_began_before_its_commit_and_not_long_after(late: int, seconds: int) -> None:
    """Late, the person may be back, with a new session."""
    _, arguments = write_call(event("mirror.user", rows=[], gone=[]), NOON + timedelta(seconds=late))
    assert arguments["ends"]["began_until"] == str(session_at(NOON + timedelta(seconds=seconds)))[:13]


@pytest.mark.parametrize(
    "wrong",
    [event("sessions.revoked"), event("mirror.user", rows=[]), event("mirror.weather", rows=[], gone=[])],
)
def test_what_says_nothing_is_undeliverable(wrong: Event) -> None:
    with pytest.raises(Undeliverable):
        write_call(wrong, NOON)


async def test_away_or_with_a_wrong_key_it_is_tried_again_and_a_function_that_fails_is_told(
    served: Served, deployment: Deployment, client: httpx.AsyncClient
) -> None:
    away = Deployment(f"http://127.0.0.1:{choose_port()}", served.admin_key, client)
    wrong = Deployment(served.url, "dfworx|of nobody", client)
    for each in (away, wrong):
        with pytest.raises(Unavailable):
            await each.run("query", "mirror:isFilled")
    with pytest.raises(Unavailable):
        await deployment.run("query", "mirror:notYetDeployed")
    with pytest.raises(FunctionFailed):
        await deployment.run("mutation", "mirror:users", {"organization_id": "x"})


def test_what_is_away_is_asked_again_soon_however_long_it_was_away() -> None:
    for error, seconds in ((Unavailable(), AWAY_WAIT), (FunctionFailed(), LONGEST_WAIT)):
        decision = Backoff().get_retry_decision(exception=error, job=at_try(20).job)
        assert decision is not None and decision.retry_at is not None
        waits = (decision.retry_at - datetime.now(UTC)).total_seconds()
        assert seconds - 5 < waits <= seconds


async def test_nobody_without_the_admin_key_writes_the_mirror(
    served: Served, client: httpx.AsyncClient
) -> None:
    told = {"organization_id": str(UUID(int=9)), "event": 1, "rows": [], "gone": []}
    body = {"path": "mirror:posts", "args": told, "format": "json"}
    answer = await client.post(f"{served.url}/api/mutation", json=body)
    assert answer.json().get("status") != "success", json.dumps(answer.json())

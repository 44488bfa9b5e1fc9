"""From PostgreSQL to Convex: each event of the mirror, and each end of a session, is one call of an internal mutation
of `convex/mirror.ts`. What it says is the event's, as the trigger noted it; the mutation is told the event's number and
takes nothing that is older than what it has. So this may be done twice, late and in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dfworx.shared.sessions import session_at
from dfworx.worker.convex import Deployment
from dfworx.worker.events import MIRROR, Consumer, Event, Undeliverable

FUNCTIONS = {
    "mirror.organization": "mirror:organization",
    "mirror.user": "mirror:users",
    "mirror.post": "mirror:posts",
    "mirror.notification": "mirror:notifications",
}
REVOKED = "sessions.revoked"
TOKENS_LIVE = timedelta(minutes=11)
"""A realtime token holds ten minutes; clocks may differ by the rest."""
LONGEST_COMMIT = timedelta(seconds=15)
"""An event has the time at which its transaction began: sessions may have begun between that and its commit."""


def convex_consumer(deployment: Deployment) -> Consumer:
    async def deliver(event: Event) -> None:
        """Raises Unavailable, by which it is tried again for as long as Convex is away."""
        path, arguments = write_call(event, datetime.now(UTC))
        told = {**arguments, "organization_id": str(event.organization_id), "event": event.event_id}
        await deployment.run("mutation", path, told)

    return Consumer(
        "convex", lambda topic: topic.startswith(MIRROR) or topic == REVOKED, deliver, {REVOKED}.__contains__
    )


def write_call(event: Event, now: datetime) -> tuple[str, dict[str, Any]]:
    """The mutation and its arguments, but for organization and number. Raises Undeliverable."""
    expires_at = (event.created_at + TOKENS_LIVE).timestamp() * 1000
    if event.topic == REVOKED:
        return "mirror:revoke", {**_which_sessions(event.payload), "expires_at": expires_at}
    try:
        arguments = {name: event.payload[name] for name in ("rows", "gone")}
        path = FUNCTIONS[event.topic]
    except KeyError as error:
        raise Undeliverable("it says of no row what it is") from error
    if event.payload.get("span") is not None:
        arguments["span"] = event.payload["span"]
    if event.topic == "mirror.user":
        ended = min(now, event.created_at + LONGEST_COMMIT)
        arguments["ends"] = {"began_until": _beginning(ended), "expires_at": expires_at}
    return path, arguments


def _which_sessions(told: dict[str, Any]) -> dict[str, Any]:
    try:
        session_id = told["session_id"]
        began_until = None if session_id else _beginning(datetime.fromisoformat(told["valid_after"]))
        return {"user_id": str(told["user_id"]), "session_id": session_id, "began_until": began_until}
    except (KeyError, TypeError, ValueError) as error:
        raise Undeliverable("it doesn't say whose sessions") from error


def _beginning(moment: datetime) -> str:
    """Of a session id that is made then: these sort by time."""
    return str(session_at(moment))[:13]

"""One import from a file of messages to a thread: people first, through the auth service's own action, then messages in
batches, each one mutation of Convex. What a batch answers is what became of it; so a run that is killed has lost
nothing, and the next one goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from dfworx.auth.members.actions import add_imported_people
from dfworx.cli.failure import Failure
from dfworx.cli.importing.chat import Chat, Message, read_chat
from dfworx.cli.importing.run import Steps, Stopped
from dfworx.cli.importing.writing import Result, SettingsOf, find_importer, open_doors
from dfworx.cli.migrations import connect
from dfworx.shared.context import Caller
from dfworx.shared.errors import ApiError

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""A mutation of the deployment, as whoever keeps it, and its value, encoded; raises Failure."""

Outcome = Literal["created", "updated", "unchanged"]
MOST = 1_000
"""Messages a batch: each is two reads of an index and a write, and a mutation may run for a second."""
MOST_CHARACTERS = 1_000_000


async def import_messages(
    file: Path,
    organization: str,
    thread: str,
    *,
    owner_url: str,
    settings_of: SettingsOf,
    call: Call,
    steps: Steps,
    stopped: Callable[[], bool] = lambda: False,
) -> Result:
    """Raises Failure, or Stopped once `stopped` says so."""
    owner = await connect(owner_url)
    try:
        caller = await find_importer(owner, organization)
    finally:
        await owner.close()
    chat = read_chat(file)
    result = Result(skipped=chat.skipped, warnings=chat.warnings)
    if not chat.messages:
        return result
    people = await _add_people(settings_of, caller, chat)
    into = {"organization_id": str(caller.organization_id)}
    into["thread_id"] = await call("imports:openThread", {**into, "name": thread})
    steps.begin("Writing messages", len(chat.messages))
    outcomes: dict[str, Outcome] = {}
    try:
        for batch in batches([*chat.messages, *early_answers(chat.messages)]):
            if stopped():
                raise Stopped(result)
            told = [_told(each, people) for each in batch]
            answers = await call("imports:takeMessages", {**into, "messages": told})
            for message, outcome in zip(batch, answers, strict=True):
                # One that came twice, for its link, was created or updated once.
                if outcomes.get(message.source_id, "unchanged") == "unchanged":
                    outcomes[message.source_id] = outcome
            steps.advance(len(batch))
    except Failure as failure:
        raise Failure(
            f"The import stopped after {len(outcomes):,} of {len(chat.messages):,} messages: {failure} "
            "Run the same command again to go on."
        ) from failure
    finally:
        for outcome in outcomes.values():
            result.count(outcome)
    return result


def batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    batch: list[Message] = []
    size = 0
    for message in messages:
        if batch and (len(batch) == MOST or size + len(message.text) > MOST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.text)
    if batch:
        yield batch


def early_answers(messages: Sequence[Message]) -> list[Message]:
    """Those that come before what they answer: they get their links when all are there."""
    seen: set[str] = set()
    early = []
    for message in messages:
        if message.reply_to is not None and message.reply_to not in seen:
            early.append(message)
        seen.add(message.source_id)
    return early


async def _add_people(settings_of: SettingsOf, caller: Caller, chat: Chat) -> dict[str, UUID]:
    try:
        async with open_doors(settings_of) as doors:
            authors = {message.author for message in chat.messages}
            return await add_imported_people(doors.auth, doors.cache, caller, authors)
    except ApiError as error:
        raise Failure(f"The authors could not be added: {error.detail}") from error


def _told(message: Message, people: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "source_id": message.source_id,
        "user_id": str(people[message.author]),
        "text": message.text,
        "sent_at": message.sent_at,
        "reply_to": message.reply_to,
    }

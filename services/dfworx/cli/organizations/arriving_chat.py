"""The chat of an open archive, into a new organization of the deployment: threads, then messages in batches, oldest
first, so that an answer finds what it answers. They are new to nobody, as with `import chat`. What names a post or a
person that the archive hasn't stays out; so do attachments and tags, which an archive doesn't hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from dfworx.cli.failure import Failure
from dfworx.cli.importing.chat import LONGEST_TEXT, LONGEST_THREAD_NAME
from dfworx.cli.importing.chat_run import MOST, MOST_CHARACTERS

CHAT = ("threads", "messages")
"""Tables of the deployment that an archive has."""

Call = Callable[[str, dict[str, Any]], Any]
"""A mutation of the deployment and its value; raises Failure."""
Document = dict[str, Any]


class ArrivingChat:
    def __init__(self, call: Call, organization_id: UUID, user_ids: set[str], ids: set[str]) -> None:
        """`ids` are all that the new organization has."""
        self._call = call
        self._organization_id = str(organization_id)
        self._user_ids = user_ids
        self._ids = ids

    def take_in(self, threads: Iterable[Document], messages: Iterable[Document]) -> dict[str, int]:
        """How much came in. Raises Failure."""
        try:
            opened = self._open(list(threads))
            told = sorted(
                (
                    each
                    for each in messages
                    if each["thread_id"] in opened and each["user_id"] in self._user_ids
                ),
                key=lambda each: (each["sent_at"], each["_creationTime"]),
            )
            for thread_id, batch in _batches(told):
                args = {"thread_id": opened[thread_id], "messages": [self._message(each) for each in batch]}
                self._run("imports:takeMessages", args)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Failure("The chat of the archive is damaged; nothing was taken in.") from None
        return {"threads": len(opened), "messages": len(told)}

    def erase(self) -> None:
        """After a failure."""
        while self._run("erasing:some", {}):
            pass

    def _open(self, threads: list[Document]) -> dict[str, str]:
        """The new thread's id by the old one's."""
        known = [each for each in threads if each["post_id"] is None or each["post_id"] in self._ids]
        told = [
            {
                "kind": each["kind"],
                "name": each["name"] and str(each["name"])[:LONGEST_THREAD_NAME],
                "post_id": each["post_id"],
                "created_by": each["created_by"] if each["created_by"] in self._user_ids else None,
                "archived_at": each["archived_at"],
            }
            for each in known
        ]
        opened = self._run("imports:openThreads", {"threads": told})
        return dict(zip((each["_id"] for each in known), opened, strict=True))

    def _message(self, message: Document) -> Document:
        kept = {name: message[name] for name in ("edited_at", "removed_at", "pinned_at")}
        kept["reactions"] = [
            {"emoji": each["emoji"], "user_ids": known}
            for each in message["reactions"]
            if (known := [user_id for user_id in each["user_ids"] if user_id in self._user_ids])
        ]
        return {
            **{name: message[name] for name in ("user_id", "sent_at", "reply_to")},
            **{"source_id": message["_id"], "text": str(message["text"])[:LONGEST_TEXT], "kept": kept},
        }

    def _run(self, path: str, args: dict[str, Any]) -> Any:
        return self._call(path, {**args, "organization_id": self._organization_id})


def _batches(messages: list[Document]) -> Iterator[tuple[str, list[Document]]]:
    """Each of one thread."""
    by_thread: dict[str, list[Document]] = {}
    for message in messages:
        by_thread.setdefault(message["thread_id"], []).append(message)
    return chain.from_iterable(_split(thread_id, each) for thread_id, each in by_thread.items())


def _split(thread_id: str, messages: list[Document]) -> Iterator[tuple[str, list[Document]]]:
    batch: list[Document] = []
    size = 0
    for message in messages:
        if batch and (len(batch) == MOST or size + len(message["text"]) > MOST_CHARACTERS):
            yield thread_id, batch
            batch, size = [], 0
        batch.append(message)
        size += len(message["text"])
    if batch:
        yield thread_id, batch

"""A process whose function may be left while it thinks, and be taken up again in another transaction: all that the two
sides have said is kept, and said again to the new one, which must say the same. So nobody waits for what a function
does between two questions, and what it does counts as done at one moment all the same."""

from __future__ import annotations

from typing import Any

from dfworx.realtime.runtime.channel import Message
from dfworx.realtime.runtime.node_process import NodeProcess
from dfworx.realtime.runtime.worker import CODE_SECONDS, LOOK_SECONDS, Worker, WorkerDied, never

INSTANT_SECONDS = 0.002
_CHANCE = ("now", "seed", "ids")
"""Of what a function is told: what differs although the documents are the same. The first time counts."""


class Changed(WorkerDied):
    """The function would be told something else than it was: what it has made of that is worth nothing."""

    def __init__(self) -> None:
        super().__init__("What this function has read has changed meanwhile.")


class PatientWorker(Worker):
    def __init__(self, process: NodeProcess, *, behind: bool) -> None:
        super().__init__(process, behind=behind)
        self._kept: list[tuple[Message, float]] = []
        """What was said in either direction, each with the seconds that the function had taken by then."""
        self._place = 0
        """How much of it was said again."""

    def forget(self) -> None:
        """Before another function."""
        self._kept.clear()
        self._place = 0

    def rewind(self) -> None:
        """Before the same function is taken up again, now and then for an instant."""
        self.look_seconds = INSTANT_SECONDS
        self._place = 0

    async def hear(self) -> None:
        """What the function that was left says next, for when it is taken up again. Raises WorkerDied."""
        self._place = len(self._kept)
        self.gives_way, self.look_seconds = never, LOOK_SECONDS
        await self._receive(CODE_SECONDS - self._spent)

    @property
    def is_left(self) -> bool:
        """Whether its function has said more than was taken up."""
        return self._place < len(self._kept)

    @property
    def seconds(self) -> float:
        """That the function has taken, or of those that it called the one that took longest."""
        return max((spent for _, spent in self._kept), default=0.0)

    async def _send(self, message: Message) -> None:
        if self._place < len(self._kept):
            before, _ = self._kept[self._place]
            if _essence(before) != _essence(message):
                raise Changed
        else:
            await super()._send(message)
            self._kept.append((message, self._spent))
        self._place += 1

    async def _receive(self, seconds: float) -> Message:
        if self._place < len(self._kept):
            told, self._spent = self._kept[self._place]
        else:
            told = await super()._receive(seconds)
            self._kept.append((told, self._spent))
        self._place += 1
        return told


def _essence(message: Message) -> Message:
    essence = {name: value for name, value in message.items() if name not in _CHANCE}
    if "answers" in essence:
        essence["answers"] = [_without_ids(answer) for answer in essence["answers"]]
    return essence


def _without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ids"}

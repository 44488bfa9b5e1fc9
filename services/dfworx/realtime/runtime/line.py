"""What stands in the one line of those who write, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.runtime.callers import NOBODY, Caller
from dfworx.realtime.runtime.functions import Result
from dfworx.realtime.runtime.patient import Changed, PatientWorker
from dfworx.realtime.runtime.program import Program
from dfworx.realtime.runtime.worker import GaveWay
from dfworx.realtime.values import Value


@dataclass(slots=True)
class Written:
    """What a mutation came to. `ts` is its commit's; None: it failed."""

    result: Result
    ts: int | None
    stopped: bool = False
    """Whether the disk takes nothing at the moment; the result says so."""
    error: Exception | None = None
    """A deed's own."""
    seconds: float = 0.0
    """That its run took."""


class Errand(Protocol):
    """What is written together with what a mutation does: that it was scheduled, and is done."""

    def begin(self, transaction: Transaction) -> None:
        """Raises Refused when it isn't to be run any more."""

    def end(self, transaction: Transaction, error: str | None) -> None:
        """`error` None: in the mutation's own transaction. Otherwise alone, as what it did is taken back."""

    def give_way(self) -> None:
        """It takes long, and others needn't wait for its end."""


@dataclass(slots=True)
class Waiting:
    path: str
    args: Value
    done: Callable[[Written], None]
    """Called once, before anybody else hears of the commit."""
    caller: Caller = NOBODY
    request: tuple[UUID, int] | None = None
    """Of which session it is which request: what was done is not done again."""
    errand: Errand | None = None
    apart: Apart | None = None
    """Where it thinks when it takes long; None: it runs in the line."""
    ran: str | None = None
    """The function that has run for it."""
    began: float = 0.0
    """When its first run did."""


@dataclass(slots=True)
class Deed:
    """What this process itself does to documents, in a transaction of its own and in its place in the line."""

    do: Callable[[Transaction], None]
    done: Callable[[Written], None]


def _new_visit() -> asyncio.Future[GaveWay | Changed | None]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False, slots=True)
class Apart:
    """Of a mutation that takes long: one visit to the line."""

    worker: PatientWorker
    program: Program
    """That the worker has loaded."""
    patience: float
    """Seconds that it may stay while others wait."""
    failed: str | None
    """Why its process was ended since the visit before."""
    held: float = 0.0
    """Seconds that it stayed while others waited."""
    left: asyncio.Future[GaveWay | Changed | None] = field(default_factory=_new_visit)
    """Done when it is over, and why; None: the mutation has ended."""

"""The supervisor's process: ends what an earlier one of this home left, then runs supervisord in the foreground.

Three things differ from supervisord as it comes. It closes a program's listening socket when the program's
only process dies, and so refuses connections until the next one is up: here the group keeps its own hold on it.
Its pause between failing starts grows without bound: here it stays short, because a part that waits for a full
disk or another part should be back soon after. And it looks around ten times a second instead of once, so that
starting, restarting and stopping are prompt. `tests/cli/test_supervise.py` pins them.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from typing import Any

from supervisor import poller, process, supervisord
from supervisor.states import ProcessStates

LONGEST_PAUSE = 2.0
"""Seconds between two starts of a program that fails at once."""
LOOKS_EVERY = 0.1
"""Seconds that supervisord waits for something to happen before it looks at its programs again."""


class PromptPoller(poller.Poller):  # type: ignore[misc]  # the library has no types
    def poll(self, timeout: float) -> Any:
        return super().poll(min(timeout, LOOKS_EVERY))


class HeldSocketGroup(process.FastCGIProcessGroup):  # type: ignore[misc]  # the library has no types
    """A program whose listening socket lives as long as the supervisor."""

    def __init__(self, config: Any, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        # Counted as one more user of the socket that never lets go.
        self.socket_manager.ref_ctr.increment()
        # Inherited by every accepted connection: uvicorn takes what it is handed for a unix socket and leaves
        # Nagle's algorithm on, which holds back half an answer until the other side's delayed ACK, 40 ms later.
        self.socket_manager.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def bound_pause(change_state: Any) -> Any:
    def change_state_with_a_short_pause(self: Any, new_state: int, expected: bool = True) -> Any:
        changed = change_state(self, new_state, expected)
        if new_state == ProcessStates.BACKOFF:
            self.delay = min(self.delay, time.time() + LONGEST_PAUSE)
        return changed

    return change_state_with_a_short_pause


def extend_supervisord() -> None:
    poller.Poller = PromptPoller
    process.FastCGIProcessGroup = HeldSocketGroup
    process.Subprocess.change_state = bound_pause(process.Subprocess.change_state)


def main(configuration: str, home: str) -> None:
    # Imported here: the supervisor lives for months and need not carry it, were it not for this first step.
    from dfworx.cli.parts.processes import end_processes, remove_stale_lock

    end_processes(Path(home))
    remove_stale_lock(Path(home) / "postgres" / "data")
    extend_supervisord()
    supervisord.main(["-n", "-c", configuration])


if __name__ == "__main__":
    main(*sys.argv[1:3])

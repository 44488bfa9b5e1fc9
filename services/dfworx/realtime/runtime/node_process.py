"""A Node process of ours: it has one end of a socket, and doesn't outlive the process that started it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path

import psutil

from dfworx.realtime.runtime.channel import Channel

BEHIND = 10
"""The niceness of one that stands behind: beside a busy process it gets a tenth of the processor."""


class NodeProcess:
    def __init__(self, process: asyncio.subprocess.Process, ours: socket.socket, life: socket.socket) -> None:
        self.channel = Channel(ours)
        self._process = process
        self._life = life
        """Closed by the system when this process ends, however it ends."""

    @classmethod
    async def start(cls, node: Path, program: Path, *options: str) -> NodeProcess:
        """The program is told the number of its end of the socket. Raises OSError."""
        ours, theirs = socket.socketpair()
        life, watched = socket.socketpair()
        with theirs, watched:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(str(node), *options, str(program), str(theirs.fileno())),
                    env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(), watched.fileno()),
                    start_new_session=True,
                )
            except OSError:
                ours.close()
                life.close()
                raise
            _end_when_closed(watched, process.pid)
        return cls(process, ours, life)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self.channel.ended

    def processor_seconds(self) -> float:
        """That it has used. Raises psutil.Error."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system)

    def stand_behind(self) -> None:
        """From now on others are given the processor first, and where memory runs out it isn't they that are ended."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, BEHIND)
            Path(f"/proc/{self.pid}/oom_score_adj").write_text("500")

    async def kill(self) -> None:
        self.channel.close()
        self._life.close()
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


def _end_when_closed(watched: socket.socket, pid: int) -> None:
    """Whoever waits for us sees that we are gone; whoever loops is ended by SIGIO, which Linux sends to the one who has
    this socket when its other end is closed. Nothing is ever written there."""
    fcntl.fcntl(watched, fcntl.F_SETOWN, pid)
    fcntl.fcntl(watched, fcntl.F_SETFL, fcntl.fcntl(watched, fcntl.F_GETFL) | os.O_ASYNC)

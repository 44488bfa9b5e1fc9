"""What is done from time to time so that a deployment's file doesn't grow without end: answers that nobody will ask for
again are forgotten, moments that nobody asks for any more are let go, and SQLite's log is written back and cut off."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from pathlib import Path

from dfworx.realtime.engine.requests import forget_requests
from dfworx.realtime.engine.store import Writer, open_connection
from dfworx.realtime.runtime.mutations import Mutations
from dfworx.realtime.runtime.snapshots import Snapshots

log = logging.getLogger(__name__)
ROUND_SECONDS = 30.0
AT_ONCE = 500
"""Answers that are forgotten in one commit: some milliseconds in which no mutation runs."""
LOG_BYTES = 64 << 20
"""From here on the log is cut off even while mutations come all the time; SQLite cuts it only when nobody reads."""
READERS_MS = 500
"""How long it is waited for readers of the log; mutations wait meanwhile."""


class Maintenance:
    def __init__(
        self, path: str, writer: Writer, mutations: Mutations, snapshots: Snapshots, kept_seconds: float
    ) -> None:
        """`kept_seconds`: how long answers are kept for clients that come back."""
        self._path = path
        self._writer = writer
        self._mutations = mutations
        self._snapshots = snapshots
        self._kept_ns = int(kept_seconds * 1e9)
        self._before = 0
        """The last commit, a round ago."""

    async def run_forever(self) -> None:
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.tidy()
            except (sqlite3.Error, OSError) as error:
                # A disk that takes nothing is told to those who write; the next round tries again.
                log.warning("The documents' file could not be tidied: %s", error)

    async def tidy(self) -> None:
        """Raises sqlite3.Error, OSError."""
        self._snapshots.drop_old()
        while await self._forget_answers():
            # A commit is waited for each time, and mutations come in between.
            pass
        ts = self._mutations.committer.ts
        idle, self._before = ts == self._before, ts
        size = log_bytes(self._path)
        if size > LOG_BYTES or (idle and size):
            await self._cut_log()

    async def _forget_answers(self) -> bool:
        """False: there are no old ones left."""
        oldest = time.time_ns() - self._kept_ns
        async with self._mutations.writing:
            row = self._writer.connection.execute("select 1 from requests where ts < ? limit 1", (oldest,))
            if row.fetchone() is None:
                return False
            ts = self._mutations.committer.advance(time.time_ns())
            self._writer.begin()
            try:
                forget_requests(self._writer, oldest, AT_ONCE)
                await asyncio.to_thread(self._writer.commit, ts)
            finally:
                self._writer.roll_back()
        return True

    async def _cut_log(self) -> None:
        """Most of it is written back while mutations go on; they wait for the rest alone."""
        connection = open_connection(self._path)
        try:
            connection.execute(f"pragma busy_timeout = {READERS_MS}")
            await asyncio.to_thread(_checkpoint, connection, "passive")
            async with self._mutations.writing:
                await asyncio.to_thread(_checkpoint, connection, "truncate")
        finally:
            connection.close()


def log_bytes(path: str) -> int:
    try:
        return Path(f"{path}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def _checkpoint(connection: sqlite3.Connection, how: str) -> None:
    connection.execute(f"pragma wal_checkpoint({how})").fetchone()

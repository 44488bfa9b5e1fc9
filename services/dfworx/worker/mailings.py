"""A mailing: rows that the database gives for mailing, each made into a letter, sent, and told of. What isn't told of
is given again, so nothing is lost when the worker is killed; a letter's key makes a second one the same mail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from dfworx.shared.db import Database
from dfworx.worker.batches import in_batches
from dfworx.worker.events import Undeliverable
from dfworx.worker.mail import Mail, Mailer, NoMailNow, NotThisMail

logger = logging.getLogger("dfworx.worker")


@dataclass(frozen=True, slots=True)
class Mailing:
    name: str
    take: str
    """A statement of one argument: how many at once."""
    at_once: int
    needs: str
    """A column: where it is null nothing is to be sent, nor told of."""
    write: Callable[[asyncpg.Record, str], Mail]
    """Of a row and the origin for links."""
    mailed: str
    """A statement that is told the `key` of a row whose mail went or can never go."""
    key: str


async def send_all(mailing: Mailing, database: Database, mailer: Mailer, origin: str) -> int:
    """How many went. An address that isn't taken now comes again; so do all when there is no mail server."""

    async def take(at_once: int) -> Sequence[Any]:
        async with database.unsealed() as writer:
            return await writer.fetch(mailing.take, at_once)

    sent = 0
    async for rows in in_batches(take, mailing.at_once, name=mailing.name):
        for row in rows:
            if row[mailing.needs] is None:
                continue
            try:
                await mailer.send(mailing.write(row, origin))
                sent += 1
            except Undeliverable:
                pass
            except NotThisMail:
                continue
            except NoMailNow as error:
                logger.warning("There are %s that can't be sent now: %s", mailing.name, error)
                return sent
            async with database.unsealed() as writer:
                await writer.execute(mailing.mailed, row[mailing.key])
    return sent

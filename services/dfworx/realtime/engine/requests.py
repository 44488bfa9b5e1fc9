"""Which mutations of which sessions are done, and what they answered. A client that lost its connection sends again
what it has no answer to; what was done is answered and not done twice. Kept in the mutation's own transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from dfworx.realtime.engine.store import Store, Writer

KEPT_SECONDS = 24 * 3600.0
"""How long an answer is kept, unless it is said otherwise: far longer than a client tries again."""

TABLE = """
create table if not exists requests (
  session blob not null,
  request integer not null,
  ts integer not null,
  value text not null,
  log_lines text not null,
  primary key (session, request)
) without rowid;
create index if not exists requests_ts on requests (ts);
"""


@dataclass(frozen=True, slots=True)
class Done:
    ts: int
    """The commit's."""
    value: str
    """Encoded JSON."""
    log_lines: list[str]


def find_request(store: Store, session: UUID, request: int) -> Done | None:
    row = store.connection.execute(
        "select ts, value, log_lines from requests where session = ? and request = ?",
        (session.bytes, request),
    ).fetchone()
    return row and Done(row[0], row[1], json.loads(row[2]))


def keep_request(writer: Writer, session: UUID, request: int, done: Done) -> None:
    writer.connection.execute(
        "insert into requests (session, request, ts, value, log_lines) values (?, ?, ?, ?, ?)",
        (session.bytes, request, done.ts, done.value, json.dumps(done.log_lines)),
    )


def forget_requests(writer: Writer, before: int, most: int) -> None:
    """Answers of commits before this timestamp, the oldest first."""
    writer.connection.execute(
        "delete from requests where (session, request) in"
        " (select session, request from requests where ts < ? order by ts limit ?)",
        (before, most),
    )

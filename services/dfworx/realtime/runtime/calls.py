"""What functions ask of their deployment, answered by the engine: a batch of a function's calls in, an answer for each.

A mistake of the function's is an answer that its code may catch. Names and shapes are those of `convex/server`.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, cast

from dfworx.realtime.engine import jobs
from dfworx.realtime.engine.cursors import Cursors, InvalidCursor
from dfworx.realtime.engine.filters import BadFilter
from dfworx.realtime.engine.limits import LimitReached
from dfworx.realtime.engine.pages import Asked
from dfworx.realtime.engine.queries import BadQuery, Stream
from dfworx.realtime.engine.ranges import BadRange
from dfworx.realtime.engine.schema import BadSchema
from dfworx.realtime.engine.search import BadSearch
from dfworx.realtime.engine.transaction import BadCall, Looked, Transaction
from dfworx.realtime.runtime import file_calls
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.foresight import FIRST_PAGE, MOST_INSERTS, Foreseen, Texts
from dfworx.realtime.runtime.worker import WorkerDied
from dfworx.realtime.values import InvalidValue, decode, decode_or_undefined

log = logging.getLogger(__name__)
MISTAKES = (BadCall, BadQuery, BadRange, BadFilter, BadSchema, BadSearch, InvalidValue, LimitReached)

Nested = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Runs the function that `1.0/runUdf` names; its answer."""
LineOf = Callable[[dict[str, Any]], tuple[str, jobs.Line]]
"""The name of the function that is asked for, and in which line it waits when it is scheduled. Raises BadCall."""


class Calls:
    """Of one run of one function. `journal` is where its page ended before, or None; `texts` is told what was found."""

    def __init__(
        self,
        transaction: Transaction,
        cursors: Cursors,
        files: FileCalls,
        journal: str | None,
        texts: Texts,
        nested: Nested,
        line_of: LineOf,
    ) -> None:
        self._transaction = transaction
        self._cursors = cursors
        self._files = files
        self._before = journal
        self._texts = texts
        self._nested = nested
        self._line_of = line_of
        self._streams: dict[int, Stream] = {}
        self.reads: dict[int, Foreseen] = {}
        """What was read, by the numbers that it has in foresight.py."""
        self._queries: dict[int, Any] = {}
        """All that were foreseen or asked."""
        self._foretold: set[int] = set()
        """What was foreseen, and not asked otherwise."""
        self._looked: dict[str, tuple[int, Looked]] = {}
        """Documents that were foreseen, by their ids."""
        self._got: dict[str, tuple[int, str]] = {}
        """Documents that were asked for, and when."""
        self.inserts: Counter[str] = Counter()
        """By table."""
        self.spoiled = False
        """Whether a write was refused that the function takes for done."""
        self.journal: str | None = None
        """Where the page that it read ends."""
        self._paginated = False
        self.broken: sqlite3.Error | None = None
        """What keeps SQLite from answering: then nothing that the function makes of it counts."""

    def foresee(self, reads: Iterable[tuple[int, Foreseen]]) -> tuple[dict[int, Any], dict[str, Any]]:
        """The first rows of what the function will most likely ask, each with its query; and documents by their ids."""
        queries: dict[int, Any] = {}
        documents: dict[str, Any] = {}
        for number, (query, rows, _) in reads:
            # What can't be read is told when it is asked for.
            with suppress(*MISTAKES):
                if number < 0:
                    self._look(number, query, documents)
                else:
                    stream = self._streams[number] = self._transaction.open(query)
                    queries[number] = {"query": query, **self._rows(number, stream, rows, begins=True)}
                    self._queries[number] = query
                self._foretold.add(number)
        return queries, documents

    def _look(self, number: int, query: dict[str, Any], documents: dict[str, Any]) -> None:
        text, table = query["id"], query["table"]
        looked = self._transaction.look(text, table)
        row = looked.row
        documents[text] = {"table": table, "value": "null" if row is None else row.text}
        self._looked[text] = number, looked
        self._texts.note(number, None if row is None else row.text)

    async def answer(self, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answers = [await self._answer(call) for call in calls]
        self.spoiled |= any(
            call.get("later") and "error" in answer for call, answer in zip(calls, answers, strict=True)
        )
        return answers

    def settle(self, streams: list[tuple[int, int, bool]], got: list[tuple[Any, Any]]) -> None:
        """Once it is over: what of its queries counts as read, and which documents it got by their ids."""
        for number, taken, ended in streams:
            if number in self._streams:
                self._transaction.settle(self._streams[number], taken, saw_end=ended)
            if taken or ended:
                # Who saw the end may find more the next time.
                rows = FIRST_PAGE if ended else min(taken, FIRST_PAGE)
                self.reads[number] = Foreseen(self._queries.get(number), rows, number in self._foretold)
        for place, (text, table) in enumerate(got):
            number, foreseen = ~place, None
            if not isinstance(text, str):
                continue
            if text in self._looked:
                foreseen, looked = self._looked[text]
                self._transaction.take(looked)
            elif text in self._got:
                moment, row = self._got[text]
                self._texts.note(number, row, moment)
            self.reads[number] = Foreseen({"id": text, "table": table}, 1, foreseen == number)

    async def _answer(self, call: dict[str, Any]) -> dict[str, Any]:
        try:
            if call["op"] == "1.0/runUdf":
                return await self._nested(call["args"])
            if call["op"] == "stream":
                return {"value": self._next_rows(call)}
            if call["op"] == "1.0/insert":
                return self._insert(call)
            return {"value": self._database(call["op"], call["args"])}
        except InvalidCursor as error:
            return {
                "error": str(error),
                "data": {"isConvexSystemError": True, "paginationError": "InvalidCursor"},
            }
        except MISTAKES as error:
            return {"error": str(error)}
        except sqlite3.Error as error:
            self.broken = error
            return {"error": "Documents can't be read or written at the moment."}
        except WorkerDied:
            raise
        except Exception as error:
            # Not as `convex/server` asks, or our own mistake: it may end this function and nothing else.
            log.exception("A function asked for %.200s", call)
            return {"error": f"This deployment can't answer {call.get('op')}: {error!r}"}

    def _next_rows(self, call: dict[str, Any]) -> dict[str, Any]:
        number, taken = call["stream"], call["taken"]
        self._queries[number] = call["query"]
        if number not in self._streams or not taken:
            self._foretold.discard(number)
            self._streams[number] = self._transaction.open(call["query"])
        stream = self._streams[number]
        stream.go_back(taken)
        return self._rows(number, stream, call["size"], begins=not taken)

    def _rows(self, number: int, stream: Stream, size: int, *, begins: bool) -> dict[str, Any]:
        rows, done = stream.take(size)
        if begins:
            self._texts.note(number, rows[0].text if rows else None)
        return {"rows": [row.text for row in rows], "done": done}

    def _insert(self, call: dict[str, Any]) -> dict[str, Any]:
        table, given = call["args"]["table"], call.get("id")
        text = self._transaction.insert(table, decode(call["args"]["value"]), given)
        self.inserts[table] += 1
        # Should the function be run again on top of other documents, it keeps the id that it was told.
        call["id"] = text
        answer: dict[str, Any] = {"value": json.dumps({"_id": text})}
        if given is None and self.inserts[table] > 1:
            # There will be more.
            answer["ids"] = {table: [self._transaction.new_id(table) for _ in range(MOST_INSERTS)]}
        return answer

    def _database(self, op: str, args: dict[str, Any]) -> str:
        transaction = self._transaction
        table = args.get("table")
        match op:
            case "1.0/get":
                text = transaction.get(args["id"], table, system=bool(args.get("isSystem"))) or "null"
                self._got[args["id"]] = self._texts.pass_moment(), text
                return text
            case "1.0/shallowMerge":
                changes = {name: decode_or_undefined(value) for name, value in _object(args["value"]).items()}
                return transaction.patch(args["id"], changes, table)
            case "1.0/replace":
                return transaction.replace(args["id"], decode(args["value"]), table)
            case "1.0/remove":
                return transaction.remove(args["id"], table)
            case "1.0/queryPage":
                return self._page(args)
            case "1.0/count":
                return json.dumps(transaction.count(args["table"]))
            case "1.0/db/normalizeId":
                return json.dumps({"id": transaction.normalize_id(args["table"], args["idString"])})
        return answer_alone(op, args, transaction, self._line_of, self._files)

    def _page(self, args: dict[str, Any]) -> str:
        if self._paginated:
            raise BadCall(
                "This query or mutation function ran multiple paginated queries. Convex only supports a single "
                "paginated query in each function."
            )
        self._paginated = True
        asked = Asked(
            args["query"],
            _cursor(args["cursor"], "cursor"),
            _cursor(args.get("endCursor"), "endCursor") or self._before,
            _whole(args["pageSize"], "numItems") or 0,
            _whole(args.get("maximumRowsRead"), "maximumRowsRead"),
            _whole(args.get("maximumBytesRead"), "maximumBytesRead"),
        )
        page = self._transaction.page(asked, self._cursors)
        self.journal = page.cursor
        rest = json.dumps(
            {
                "isDone": page.done,
                "continueCursor": page.cursor,
                "splitCursor": page.split,
                "pageStatus": page.advice,
            }
        )
        return f'{{"page":[{",".join(row.text for row in page.rows)}],{rest[1:]}'


def answer_alone(
    op: str, args: dict[str, Any], transaction: Transaction, line_of: LineOf, files: FileCalls
) -> str:
    """What mutations and actions ask alike. Raises one of MISTAKES."""
    if op.startswith(file_calls.PREFIX):
        return files.answer(transaction, op, args)
    match op.removeprefix("1.0/").removeprefix("actions/"):
        case "schedule":
            name, line = line_of(args)
            given = _object(decode(args["args"]))
            moment = round(float(args["ts"]) * 1000, 3)
            return json.dumps(jobs.schedule(transaction, name, given, moment, line))
        case "cancel_job":
            jobs.cancel(transaction, str(args["id"]))
            return "null"
    raise BadCall(f"{op} isn't supported by this deployment.")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadCall("A patch must be an object.")
    return cast(dict[str, Any], value)


def _whole(number: Any, name: str) -> int | None:
    if number is None:
        return None
    if not isinstance(number, int | float):
        raise BadCall(f"{name} of paginate() must be a number.")
    return int(number)


def _cursor(cursor: Any, name: str) -> str | None:
    if cursor is not None and not isinstance(cursor, str):
        raise BadCall(f"{name} of paginate() must be a string or null.")
    return cursor

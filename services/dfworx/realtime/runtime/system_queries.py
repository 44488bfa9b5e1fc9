"""Queries that Convex's own command line asks every deployment for, with the admin key: its tables, their documents,
its variables, its functions. They read the snapshot that a query of the deployment's would read, without Node."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.limits import MIB
from dfworx.realtime.engine.pages import Asked
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.engine.variables import BUILT_IN, read_variables
from dfworx.realtime.runtime.calls import MISTAKES
from dfworx.realtime.runtime.functions import Result, canonical
from dfworx.realtime.runtime.program import Program
from dfworx.realtime.values import dump

MOST_ROWS, MOST_BYTES = 8192, 8 * MIB
"""Of one page: an answer is an array, and a reader reads at most twice as much."""


@dataclass(frozen=True, slots=True)
class _Asked:
    transaction: Transaction
    program: Program
    cursors: Cursors
    args: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.args.get(name)
        if not isinstance(value, str):
            raise BadCall(f"{name} must be a string.")
        return value


def answer_system_query(
    path: str, args: Any, transaction: Transaction, program: Program, cursors: Cursors
) -> Result | None:
    """None: there is no such query."""
    answer = _QUERIES.get(canonical(path))
    if answer is None:
        return None
    try:
        return Result(answer(_Asked(transaction, program, cursors, args if isinstance(args, dict) else {})))
    except MISTAKES as error:
        return Result(None, str(error))


def _tables(asked: _Asked) -> str:
    transaction = asked.transaction
    transaction.read_tables()
    names = sorted(name for name in transaction.store.catalog.tables if not name.startswith("_"))
    page = [{"name": name} for name in names]
    return dump({"page": page, "isDone": True, "continueCursor": ""})


def _table_data(asked: _Asked) -> str:
    """The newest first, unless they are asked for otherwise."""
    table, options = asked.text("table"), asked.args.get("paginationOpts")
    if not isinstance(options, dict):
        raise BadCall("paginationOpts must be an object with cursor and numItems.")
    cursor, rows = options.get("cursor"), options.get("numItems")
    if not isinstance(rows, float) or not math.isfinite(rows) or not isinstance(cursor, str | None):
        raise BadCall("paginationOpts must be an object with cursor and numItems.")
    if asked.transaction.store.catalog.index(table, "by_id") is None:
        # No failure: Convex's command line would wait for ever.
        asked.transaction.read_tables()
        return dump({"page": [], "isDone": True, "continueCursor": ""})
    order = "asc" if asked.args.get("order") == "asc" else "desc"
    query = {"source": {"type": "FullTableScan", "tableName": table, "order": order}, "operators": []}
    wanted = Asked(query, cursor, None, min(int(rows), MOST_ROWS), most_bytes=MOST_BYTES)
    page = asked.transaction.page(wanted, asked.cursors)
    texts = ",".join(row.text for row in page.rows)
    return f'{{"page":[{texts}],"isDone":{json.dumps(page.done)},"continueCursor":{json.dumps(page.cursor)}}}'


def _variables(asked: _Asked) -> str:
    """Those that were set; who sets one changes the program, and so everybody is told."""
    found = read_variables(asked.transaction.store.connection)
    return dump([{"name": name, "value": value} for name, value in found.items()])


def _variable(asked: _Asked) -> str:
    name = asked.text("name")
    found = read_variables(asked.transaction.store.connection)
    return dump({"name": name, "value": found[name]} if name in found else None)


def _functions(asked: _Asked) -> str:
    return json.dumps(
        [
            {
                "identifier": each.path.replace(":", ".js:", 1),
                "functionType": each.kind.capitalize(),
                "visibility": {"kind": "public" if each.public else "internal"},
                "args": each.args,
                "returns": each.returns or {"type": "any"},
            }
            for each in asked.program.functions.values()
        ],
        ensure_ascii=False,
    )


def _address(name: str) -> Callable[[_Asked], str]:
    return lambda asked: dump(asked.program.env.get(name, ""))


_QUERIES: dict[str, Callable[[_Asked], str]] = {
    "_system/cli/tables:default": _tables,
    "_system/cli/tableData:default": _table_data,
    "_system/cli/queryEnvironmentVariables:default": _variables,
    "_system/cli/queryEnvironmentVariables:get": _variable,
    "_system/cli/modules:apiSpec": _functions,
    "_system/cli/convexUrl:cloudUrl": _address(BUILT_IN[0]),
    "_system/cli/convexUrl:siteUrl": _address(BUILT_IN[1]),
}

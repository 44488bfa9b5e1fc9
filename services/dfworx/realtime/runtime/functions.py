"""Functions by their paths, and one run of one of them: found, its arguments held against its validator, run, and what
it returned held against the other. Functions that it calls run inside its transaction."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any, Literal

from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.limits import ARGS_BYTES
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.engine.validators import Mismatch, Validator, check
from dfworx.realtime.runtime.calls import Calls
from dfworx.realtime.runtime.foresight import Foresight, texts_of
from dfworx.realtime.runtime.worker import Call, Worker
from dfworx.realtime.values import InvalidValue, Value, decode, dump, load, size_of

Kind = Literal["query", "mutation", "action"]
DEEPEST = 8
"""How many functions call one another in a row."""
UNEXPECTED = "InternalServerError: this deployment couldn't run the function. Its log says why."


@dataclass(frozen=True, slots=True)
class Function:
    path: str
    """`module:export`."""
    kind: Kind
    public: bool
    args: Validator
    returns: Validator | None


@dataclass(frozen=True, slots=True)
class Result:
    value: str | None
    """Encoded JSON; None: it failed."""
    message: str = ""
    data: str | None = None
    """A ConvexError's, encoded."""
    log_lines: list[str] = field(default_factory=list)
    journal: str | None = None
    observed: dict[str, Any] = field(default_factory=dict)
    """What it looked at besides documents; with what the functions that it called looked at."""

    @property
    def seen_from_outside(self) -> tuple[object, ...]:
        """What a client is told of it."""
        return self.value, self.message, self.data, self.log_lines, self.journal


class Spoiled(Exception):
    """A mutation took a write for done that was refused. It is run again with every write told at once."""


class Refused(Exception):
    """A function that isn't run, or whose value isn't taken: the message is the function's failure."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stays the same for a function and all that it calls."""

    worker: Worker
    functions: dict[str, Function]
    transaction: Transaction
    cursors: Cursors
    identity: dict[str, Any] | None
    chance: random.Random
    foresight: Foresight
    observed: dict[str, Any] = field(default_factory=dict)
    log_lines: list[str] = field(default_factory=list)


def read_functions(described: dict[str, Any]) -> dict[str, Function]:
    return {
        path: Function(path, told["kind"], told["public"], told["args"], told["returns"])
        for path, told in described.items()
    }


def find_function(
    functions: dict[str, Function], path: str, kind: Kind | None, *, internal: bool = False
) -> Function:
    """`kind` None takes any. Raises Refused, with the same words for what isn't there and what isn't public."""
    found = functions.get(canonical(path))
    if found is None or not (found.public or internal):
        raise Refused(
            f"Could not find public function for '{path}'. Did you forget to run `npx convex dev` or "
            "`npx convex deploy`?"
        )
    if kind is not None and found.kind != kind:
        raise Refused(
            f"Trying to execute {found.path} as {kind.capitalize()}, but it is defined as {found.kind.capitalize()}."
        )
    return found


def canonical(path: str) -> str:
    """`module:export`, however it was written: the default one without an export; `.js` may stand behind the module."""
    module, _, name = path.partition(":")
    return f"{module.removesuffix('.js')}:{name or 'default'}"


async def run_function(
    around: Around,
    function: Function,
    args: Value,
    journal: str | None = None,
    depth: int = 0,
    *,
    later: bool = False,
) -> Result:
    """What it came to. `later`: whether writes may be told later than they are made. Raises WorkerDied, sqlite3.Error,
    Spoiled; what it wrote is then the caller's to take back."""
    try:
        _hold(args, function.args, around.transaction, f"Arguments for {function.path} are", "Argument")
    except Refused as error:
        return Result(None, str(error))
    calls = Calls(
        around.transaction, around.cursors, journal, lambda asked: _run_nested(around, asked, depth)
    )
    module, _, name = function.path.partition(":")
    path, foresight = function.path, around.foresight
    texts = texts_of(args, around.identity)
    call = Call(
        module,
        name,
        "query" if function.kind == "query" else "mutation",
        f"[{dump(args)}]",
        around.transaction.now_ms,
        _seed(around.chance),
        around.identity,
        later,
        around.transaction.new_ids(foresight.inserts(path)) if later else {},
        calls.foresee(foresight.queries(path, texts)),
    )
    outcome = await around.worker.run(call, calls.answer)
    await calls.answer(outcome.writes)
    if calls.broken is not None:
        raise calls.broken
    if calls.spoiled:
        raise Spoiled
    calls.settle(outcome.streams)
    foresight.learn(path, texts, calls.queries, calls.inserts)
    _observe(around.observed, outcome.observed)
    around.log_lines.extend(outcome.log_lines)
    value, message = outcome.value, outcome.message
    if value is not None and (function.returns is not None or len(value) > ARGS_BYTES):
        try:
            what = f"Function {function.path} return value is"
            _hold(load(value), function.returns, around.transaction, what, "Returns")
        except (Refused, InvalidValue) as error:
            value, message = None, str(error)
    return Result(value, message, outcome.data, around.log_lines, calls.journal, around.observed)


class _Failed(Exception):
    """A function called by another one failed: what it wrote is taken back."""

    def __init__(self, result: Result) -> None:
        self.result = result


async def _run_nested(around: Around, asked: dict[str, Any], depth: int) -> dict[str, Any]:
    try:
        if depth >= DEEPEST:
            raise Refused(f"Functions call one another more than {DEEPEST} deep.")
        kind: Kind = "mutation" if asked["udfType"] == "mutation" else "query"
        if "name" not in asked:
            raise Refused("Components and function handles aren't supported by this deployment.")
        function = find_function(around.functions, asked["name"], kind, internal=True)
        args = decode(asked["args"])
    except (Refused, InvalidValue) as error:
        return {"error": str(error)}
    if kind == "query":
        result = await run_function(around, function, args, depth=depth + 1)
    else:
        result = await _run_nested_mutation(around, function, args, depth + 1)
    if result.value is not None:
        return {"value": result.value}
    return {"error": result.message} | ({"data": json.loads(result.data)} if result.data is not None else {})


async def _run_nested_mutation(around: Around, function: Function, args: Value, depth: int) -> Result:
    for later in (True, False):
        lines = len(around.log_lines)
        try:
            with around.transaction.nested():
                result = await run_function(around, function, args, depth=depth, later=later)
                if result.value is None:
                    raise _Failed(result)
                return result
        except _Failed as failed:
            return failed.result
        except Spoiled:
            del around.log_lines[lines:]
    raise AssertionError("a write that is told at once is refused at once")


def _hold(value: Value, validator: Validator | None, transaction: Transaction, what: str, kind: str) -> None:
    """Raises Refused for a value that is too large or doesn't fit."""
    if size_of(value) > ARGS_BYTES:
        raise Refused(f"{what} too large (maximum {ARGS_BYTES} bytes).")
    if validator is not None:
        try:
            check(validator, value, transaction.store.catalog.tables)
        except Mismatch as error:
            raise Refused(f"{kind}ValidationError: {error}") from None


def _seed(chance: random.Random) -> tuple[int, int, int, int]:
    return (
        chance.getrandbits(32),
        chance.getrandbits(32),
        chance.getrandbits(32),
        chance.getrandbits(32) | 1,
    )


def _observe(all_of: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        all_of[name] = sorted({*all_of.get(name, ()), *value}) if isinstance(value, list) else value

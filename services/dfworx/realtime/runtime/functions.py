"""Functions by their paths, and one run of one of them: found, its arguments held against its validator, run, and what
it returned held against the other. Functions that it calls run inside its transaction."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.jobs import Line
from dfworx.realtime.engine.limits import ARGS_BYTES
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.engine.validators import Mismatch, Validator, check
from dfworx.realtime.runtime.calls import Calls
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.foresight import Foresight, Texts
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
    node: bool = False
    """Whether its module says "use node"."""


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
    request: str = field(default_factory=lambda: secrets.token_hex(8), compare=False)
    """By which whoever is told that it failed finds it in the log."""

    @property
    def answer(self) -> dict[str, Any]:
        """For the function that called it."""
        if self.value is not None:
            return {"value": self.value}
        return {"error": self.message} | ({} if self.data is None else {"data": json.loads(self.data)})

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
    files: FileCalls
    identity: dict[str, Any] | None
    chance: random.Random
    foresight: Foresight
    observed: dict[str, Any] = field(default_factory=dict)
    log_lines: list[str] = field(default_factory=list)

    @property
    def tables(self) -> Mapping[str, int]:
        return self.transaction.store.catalog.tables


def read_functions(described: dict[str, Any], *, node: bool = False) -> dict[str, Function]:
    return {
        path: Function(path, told["kind"], told["public"], told["args"], told["returns"], node)
        for path, told in described.items()
    }


def find_function(
    functions: dict[str, Function], path: str, kind: Kind | None, *, internal: bool = False
) -> Function:
    """`kind` None takes any. Raises Refused, with the same words for what isn't there and what isn't public."""
    found = functions.get(canonical(path))
    if found is None or not (found.public or internal):
        what = "function" if internal else "public function"
        raise Refused(
            f"Could not find {what} for '{path}'. Did you forget to run `npx convex dev` or "
            "`npx convex deploy`?"
        )
    if kind is not None and found.kind != kind:
        raise Refused(
            f"Trying to execute {found.path} as {kind.capitalize()}, but it is defined as {found.kind.capitalize()}."
        )
    return found


def address_of(asked: dict[str, Any]) -> str:
    """Which function is meant, as `convex/server` says it. Raises Refused."""
    if "name" in asked:
        return str(asked["name"])
    component = str(asked.get("reference", "")).removeprefix("_reference/childComponent/").replace("/", ".")
    called = f"components.{component} can't be called" if component else "Function handles can't be called"
    raise Refused(f"{called}: this deployment has no components. Call a function of your own.")


def canonical(path: str) -> str:
    """`module:export`, however it was written: the default one without an export; `.js` may stand behind the module."""
    module, _, name = path.partition(":")
    return f"{module.removesuffix('.js')}:{name or 'default'}"


def line_of(functions: dict[str, Function], asked: dict[str, Any]) -> tuple[str, Line]:
    """A function's name, and where it waits when it is scheduled: what else there is to say of it is said when it runs.
    Raises BadCall."""
    try:
        module, _, name = canonical(address_of(asked)).partition(":")
    except Refused as error:
        raise BadCall(str(error)) from None
    found = functions.get(f"{module}:{name}")
    if found is not None:
        return f"{module}.js:{name}", "action" if found.kind == "action" else "mutation"
    if any(each.startswith(f"{module}:") for each in functions):
        raise BadCall(
            f"Attempted to schedule function, but no exported function {name} found in the file: {module}. "
            "Did you forget to export it?"
        )
    raise BadCall(f"Attempted to schedule function at nonexistent path: {module}")


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
        hold(args, function.args, around.tables, f"Arguments for {function.path} are", "Argument")
    except Refused as error:
        return Result(None, str(error))
    texts = Texts(args, around.identity)
    calls = Calls(
        around.transaction,
        around.cursors,
        around.files,
        journal,
        texts,
        lambda asked: _run_nested(around, asked, depth),
        lambda asked: line_of(around.functions, asked),
    )
    module, _, name = function.path.partition(":")
    path, foresight = function.path, around.foresight
    given = dump(args)
    watched = given if function.kind == "query" else None
    queries, documents = calls.foresee(foresight.foretell(path, watched, texts))
    call = Call(
        module,
        name,
        "query" if function.kind == "query" else "mutation",
        f"[{given}]",
        around.transaction.now_ms,
        _seed(around.chance),
        around.identity,
        later,
        around.transaction.new_ids(foresight.inserts(path)) if later else {},
        queries,
        documents,
    )
    outcome = await around.worker.run(call, calls.answer)
    await calls.answer(outcome.writes)
    if calls.broken is not None:
        raise calls.broken
    if calls.spoiled:
        raise Spoiled
    calls.settle(outcome.streams, outcome.got)
    foresight.learn(path, watched, texts, calls.reads, calls.inserts)
    _observe(around.observed, outcome.observed)
    around.log_lines.extend(outcome.log_lines)
    value, message = outcome.value, outcome.message
    if value is not None and (function.returns is not None or len(value) > ARGS_BYTES):
        try:
            hold_value(value, function, around.tables)
        except Refused as error:
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
        function = find_function(around.functions, address_of(asked), kind, internal=True)
        args = decode(asked["args"])
    except (Refused, InvalidValue) as error:
        return {"error": str(error)}
    if kind == "query":
        result = await run_function(around, function, args, depth=depth + 1)
    else:
        result = await _run_nested_mutation(around, function, args, depth + 1)
    return result.answer


async def _run_nested_mutation(around: Around, function: Function, args: Value, depth: int) -> Result:
    lines = len(around.log_lines)
    try:
        return await _run_inside(around, function, args, depth, later=True)
    except Spoiled:
        del around.log_lines[lines:]
        return await _run_inside(around, function, args, depth, later=False)


async def _run_inside(around: Around, function: Function, args: Value, depth: int, *, later: bool) -> Result:
    """Raises Spoiled."""
    try:
        with around.transaction.nested():
            result = await run_function(around, function, args, depth=depth, later=later)
            if result.value is None:
                raise _Failed(result)
            return result
    except _Failed as failed:
        return failed.result


def hold(value: Value, validator: Validator | None, tables: Mapping[str, int], what: str, kind: str) -> None:
    """Raises Refused for a value that is too large or doesn't fit. `tables` are those that ids may be of."""
    if size_of(value) > ARGS_BYTES:
        raise Refused(f"{what} too large (maximum {ARGS_BYTES} bytes).")
    if validator is not None:
        try:
            check(validator, value, tables)
        except Mismatch as error:
            raise Refused(f"{kind}ValidationError: {error}") from None


def hold_value(value: str, function: Function, tables: Mapping[str, int]) -> None:
    """What a function returned. Raises Refused."""
    try:
        hold(load(value), function.returns, tables, f"Function {function.path} return value is", "Returns")
    except InvalidValue as error:
        raise Refused(str(error)) from None


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

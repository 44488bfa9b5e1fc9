"""`.filter(...)` of a query: an expression over one document, as the JSON that clients' code makes of it.

Comparisons follow the one order of all values; a field that isn't there is undefined, which is a value here. Nothing is
converted: to add a number to a bigint, or to ask a string whether it is true, is the writer's mistake and told so.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from dfworx.realtime.engine.display import show_value
from dfworx.realtime.values import (
    UNDEFINED,
    InvalidValue,
    Undefined,
    Value,
    decode_or_undefined,
    order_key,
)

Operand = Value | Undefined
Evaluate = Callable[[dict[str, Any]], Operand]


class BadFilter(Exception):
    """An expression that means nothing, or an operand of the wrong kind."""


def compile_filter(expression: Any) -> Callable[[dict[str, Any]], bool]:
    """Whether a document passes. Raises BadFilter, at once for what can't be read and later for wrong operands."""
    evaluate = _compile(expression, 0)

    def passes(document: dict[str, Any]) -> bool:
        return _require_boolean(evaluate(document), "A filter")

    return passes


def field_of(document: dict[str, Any], path: str) -> Operand:
    """The value at `a.b.c`, or undefined."""
    found: Operand = document
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            return UNDEFINED
        found = found[name]
    return found


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": operator.eq,
    "$neq": operator.ne,
    "$lt": operator.lt,
    "$lte": operator.le,
    "$gt": operator.gt,
    "$gte": operator.ge,
}
_MOST_NESTED = 64


def _compile(expression: Any, depth: int) -> Evaluate:
    if not isinstance(expression, dict) or len(expression) != 1 or depth > _MOST_NESTED:
        raise BadFilter("A filter's expression is an object with one operator, nested at most 64 deep.")
    [(name, operands)] = expression.items()
    match name:
        case "$literal":
            try:
                literal = decode_or_undefined(operands)
            except InvalidValue as error:
                raise BadFilter(str(error)) from None
            return lambda document: literal
        case "$field" if isinstance(operands, str):
            return lambda document: field_of(document, operands)
        case "$neg" | "$not":
            return _compile_unary(name, _compile(operands, depth + 1))
        case "$and" | "$or" if isinstance(operands, list):
            return _compile_logic(name, [_compile(each, depth + 1) for each in operands])
        case _ if isinstance(operands, list) and len(operands) == 2:
            left, right = (_compile(each, depth + 1) for each in operands)
            return _compile_binary(name, left, right)
    raise BadFilter(f"There is no operator {name[:40]} with such operands.")


def _compile_unary(name: str, operand: Evaluate) -> Evaluate:
    if name == "$not":
        return lambda document: not _require_boolean(operand(document), name)
    return lambda document: _negate(operand(document))


def _compile_logic(name: str, operands: list[Evaluate]) -> Evaluate:
    decisive = name == "$or"

    def evaluate(document: dict[str, Any]) -> bool:
        # The first decisive operand decides: those behind it aren't looked at.
        for operand in operands:
            if _require_boolean(operand(document), name) is decisive:
                return decisive
        return not decisive

    return evaluate


def _compile_binary(name: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if compare := _COMPARE.get(name):
        return lambda document: compare(order_key(left(document)), order_key(right(document)))
    if calculate := _ARITHMETIC.get(name):
        return lambda document: _calculate(name, calculate, left(document), right(document))
    raise BadFilter(f"There is no operator {name[:40]}.")


def _calculate(name: str, calculate: Callable[[Any, Any], Any], left: Operand, right: Operand) -> Value:
    for kind in (float, int):
        if type(left) is kind and type(right) is kind:
            return _wrap(calculate(left, right))
    raise BadFilter(
        f"{name} needs two numbers or two bigints, not {show_value(left)} and {show_value(right)}."
    )


def _negate(operand: Operand) -> Value:
    if type(operand) in (int, float):
        return _wrap(-operand)  # type: ignore[operator]  # one of the two, just asked
    raise BadFilter(f"$neg needs a number or a bigint, not {show_value(operand)}.")


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int):
        _require_divisor(right)
        return (abs(left) // abs(right)) * (1 if (left < 0) == (right < 0) else -1)
    if right == 0:
        return (
            math.nan
            if left == 0 or math.isnan(left)
            else math.copysign(math.inf, left) * math.copysign(1, right)
        )
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    if isinstance(left, int):
        _require_divisor(right)
        return left - right * _divide(left, right)
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


def _require_divisor(right: int) -> None:
    if right == 0:
        raise BadFilter("A bigint can't be divided by zero.")


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "$add": operator.add,
    "$sub": operator.sub,
    "$mul": operator.mul,
    "$div": _divide,
    "$mod": _remainder,
}


def _wrap(number: int | float) -> int | float:
    """A bigint has 64 bits and goes round."""
    if isinstance(number, int):
        return (number + 2**63) % 2**64 - 2**63
    return number


def _require_boolean(operand: Operand, who: str) -> bool:
    if isinstance(operand, bool):
        return operand
    raise BadFilter(f"{who} needs a boolean, not {show_value(operand)}.")

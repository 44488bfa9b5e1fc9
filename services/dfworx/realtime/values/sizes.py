"""How large a value counts against limits: Convex's own measure, which is neither JSON's nor memory's."""

from __future__ import annotations

from dfworx.realtime.values.encoding import Value


def size_of(value: Value) -> int:
    """In bytes."""
    match value:
        case None | bool():
            return 1
        case int() | float():
            return 9
        case str():
            return 2 + len(value.encode())
        case bytes():
            return 2 + len(value)
        case list():
            return 2 + sum(map(size_of, value))
        case dict():
            return 2 + sum(len(name) + 1 + size_of(inner) for name, inner in value.items())
    raise TypeError(type(value))


def depth_of(value: Value) -> int:
    """How many arrays and objects stand in one another: 0 for a plain value."""
    match value:
        case list():
            return 1 + max(map(depth_of, value), default=0)
        case dict():
            return 1 + max(map(depth_of, value.values()), default=0)
    return 0

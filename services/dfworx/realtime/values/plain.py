"""Values as JSON that any program reads, for those who don't know Convex's encoding: it can't be turned back."""

from __future__ import annotations

import math
from base64 import b64encode
from typing import Any

from dfworx.realtime.values.encoding import Value, is_special


def to_plain(value: Value) -> Any:
    match value:
        case dict():
            return {name: to_plain(inner) for name, inner in value.items()}
        case list():
            return [to_plain(inner) for inner in value]
        case bytes():
            return b64encode(value).decode()
        case bool():
            return value
        case int():
            return str(value)
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case float() if value.is_integer() and abs(value) < 2**53 and not is_special(value):
            return int(value)
    return value

"""What a client is told of a function that failed: with an id by which it is found in the log."""

from __future__ import annotations

import logging
import secrets

from dfworx.realtime.protocol import Failure
from dfworx.realtime.runtime.functions import Result

log = logging.getLogger(__name__)


def failure_of(path: str, result: Result) -> Failure:
    request = secrets.token_hex(8)
    log.info("[Request ID: %s] %s failed: %s", request, path, result.message)
    return Failure(f"[Request ID: {request}] Server Error\n{result.message}", result.data)

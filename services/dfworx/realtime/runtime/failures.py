"""What a client is told of a function that failed: with an id by which it is found in the log."""

from __future__ import annotations

import logging

from dfworx.realtime.protocol import Failure
from dfworx.realtime.runtime.functions import Result

log = logging.getLogger(__name__)


def failure_of(path: str, result: Result) -> Failure:
    log.info("[Request ID: %s] %s failed: %s", result.request, path, result.message)
    return Failure(f"[Request ID: {result.request}] Server Error\n{result.message}", result.data)

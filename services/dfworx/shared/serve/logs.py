"""Log lines as JSON, one each, on standard output, which the supervisor writes to the part's file: our own, the
libraries' and uvicorn's all alike, with the request that they belong to. What an exception says may hold what people
sent, so outside of development only its kind and its place are told."""

from __future__ import annotations

import logging
import sys
import traceback

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from dfworx.shared.serve.asking import asked
from dfworx.shared.settings import Settings


def start_logging(service: str, settings: Settings) -> None:
    """For the process of a service, once; whoever runs an application inside of something else has logs of its own."""

    def name_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        event.pop("color_message", None)  # uvicorn's own, for terminals
        return event

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                name_service,
                name_request,
                Failures(tells_words=settings.env == "development"),
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Each of their lines is a request's address, with the tokens and words that are in it.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    logging.getLogger("httpx").setLevel(logging.WARNING)


def name_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    current = asked.get()
    if current is not None:
        event.setdefault("request_id", current.request_id)
    return event


class Failures:
    """`exc_info` as `failure`: kinds and places, and in development also words."""

    def __init__(self, *, tells_words: bool) -> None:
        self._tells_words = tells_words

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        found = event.pop("exc_info", None)
        if found is True:
            found = sys.exc_info()
        error = found[1] if isinstance(found, tuple) else found
        if isinstance(error, BaseException):
            event["failure"] = self._told(error)
        return event

    def _told(self, error: BaseException) -> str:
        if self._tells_words:
            return "".join(traceback.format_exception(error))
        told = []
        cause: BaseException | None = error
        while cause is not None:
            places = "".join(traceback.format_tb(cause.__traceback__))
            told.append(f"{places}{type(cause).__module__}.{type(cause).__qualname__}")
            cause = cause.__cause__ or cause.__context__
        return "\nfrom\n".join(told)


def _json(event: EventDict, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()

"""A deployment, asked as whoever keeps it: by HTTP, with its admin key."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import httpx
import typer

from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure

SECONDS = 660.0
"""An action may take ten minutes."""


class Asking:
    def __init__(self, running: Running, identity: dict[str, Any] | None = None) -> None:
        """`identity` is who its functions are called as."""
        self._running = running
        credentials = running.admin_key
        if identity is not None:
            credentials += ":" + b64encode(json.dumps(identity).encode()).decode()
        if not credentials.isascii() or not credentials.isprintable():
            raise Failure("The admin key has signs that no key has; copy it again.")
        try:
            # Without proxies: the key is for nobody in between.
            self._client = httpx.Client(
                base_url=running.url,
                headers={"Authorization": f"Convex {credentials}"},
                timeout=httpx.Timeout(SECONDS, connect=10),
                trust_env=False,
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise Failure(f"{running.url} is no address of a deployment: {error}") from None

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What a deployment answers in JSON. Raises Failure with its own words."""
        with self._reached():
            return self._told(self._client.request(method, path, json=body))

    def send(self, path: str, asked: dict[str, str], content: IO[bytes]) -> Any:
        """What a deployment makes of a file. Raises Failure with its own words."""
        with self._reached():
            return self._told(self._client.post(path, params=asked, content=content, timeout=None))

    def read(self, path: str, asked: dict[str, str]) -> Iterator[bytes]:
        """What a deployment sends, piece by piece. Raises Failure with its own words."""
        with self._reached(), self._client.stream("GET", path, params=asked) as answer:
            if answer.status_code != 200:
                answer.read()
                self._told(answer)
            yield from answer.iter_raw()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failure(f"{self._running.url} doesn't answer ({error or type(error).__name__}).") from None

    def _told(self, answer: httpx.Response) -> Any:
        try:
            told = answer.json()
        except ValueError:
            raise Failure(
                f"{self._running.url} answered {answer.status_code} and no JSON; is it a Convex deployment's address?"
            ) from None
        if answer.status_code != 200:
            words = told.get("message") if isinstance(told, dict) else None
            raise Failure(str(words or f"{self._running.url} answered {answer.status_code}."))
        return told

    def call(self, path: str, args: Any, *, kind: str = "function") -> Any:
        """A function's value, encoded. What it logged goes to standard error. Raises Failure as the function failed."""
        told = self.ask("POST", f"/api/{kind}", {"path": path, "args": args, "format": "convex_encoded_json"})
        say_log_lines(told.get("logLines", ()))
        if told.get("status") != "success":
            raise Failure(printable(str(told.get("errorMessage"))))
        return told.get("value")


def say_log_lines(lines: Any) -> None:
    for line in lines:
        typer.echo(printable(str(line)), err=True)


def printable(text: str) -> str:
    """For a terminal, which must not obey what somebody has written into a document or a log."""
    if not (sys.stdout.isatty() or sys.stderr.isatty()):
        return text
    return "".join(each if each.isprintable() or each in "\n\t" else f"\\u{ord(each):04x}" for each in text)

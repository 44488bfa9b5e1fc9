"""What was mailed: the worker writes each mail as a file into the state folder."""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path

from dfworx.cli.waiting import wait_until
from tests.flows.browser import WAIT_MS
from tests.flows.conftest import Stack


def link_in_mail(stack: Stack, to: str, path: str) -> str:
    """The newest mail's link to a page, without the origin."""
    pattern = re.compile(re.escape(stack.origin) + re.escape(path) + r"[\w#/=-]+")
    links: list[str] = []

    def has_come() -> bool:
        files = sorted((stack.home.path / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        links.extend(link for file in reversed(files) if (link := _link(file, to, pattern)))
        return bool(links)

    assert wait_until(has_come, seconds=WAIT_MS / 1000), f"No mail to {to} with a link to {path}"
    return links[0].removeprefix(stack.origin)


def _link(file: Path, to: str, pattern: re.Pattern[str]) -> str | None:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    if mail["To"] != to or body is None:
        return None
    found = pattern.search(body.get_content())
    return found.group() if found else None

"""The way out for mail: by SMTP when DFWORX_SMTP_URL is set, else as files in the home, where the operator can read
them. A mail's key is the same at each try: a file is replaced, and a receiving server sees the same Message-ID. Words
come from templates in `mails/`, a text and an HTML of each; HTML escapes what it is given."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from dataclasses import dataclass
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import formataddr, formatdate, parseaddr
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import aiosmtplib
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dfworx.shared.settings import Settings
from dfworx.worker.events import Undeliverable

OF_ONE_MAIL = (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError, aiosmtplib.SMTPNotSupported)
"""What a mail server says of an address or of a mail's words. Whatever else goes wrong is the server's."""
SMTP_SECONDS = 30.0
_templates = Environment(
    loader=PackageLoader("dfworx.worker", "mails"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class _ListUnsubscribe(UniqueUnstructuredHeader):
    def fold(self, *, policy: Policy) -> str:
        """In one line: in several, an address is none."""
        return f"List-Unsubscribe: {self}{policy.linesep}"


_headers = HeaderRegistry()
# The registry itself joins it with BaseHeader, which typeshed doesn't know.
_headers.map_to_type("list-unsubscribe", cast(type[BaseHeader], _ListUnsubscribe))
_policy = EmailPolicy(header_factory=_headers)


class NotThisMail(Exception):
    """It isn't taken now, and may be later. Others go on: one address must hold up nobody else's mail."""


class NoMailNow(Exception):
    """The server takes none now."""


@dataclass(frozen=True, slots=True)
class Mail:
    key: str
    """What this mail is, for good: letters, digits, dots and hyphens."""
    to: str
    subject: str
    text: str
    html: str
    preferences: str | None = None
    """Where its reader chooses whether to get more of these. None for what somebody asked for or is asked once."""


def render(template: str, **values: Any) -> tuple[str, str]:
    """Text and HTML of the templates `{template}.txt` and `{template}.html`. A value they need and aren't given
    raises."""
    text = _templates.get_template(f"{template}.txt").render(values)
    return text, _templates.get_template(f"{template}.html").render(values)


class Mailer:
    """`send` is the one way out."""

    def __init__(self, settings: Settings) -> None:
        """Raises ValueError when DFWORX_SMTP_URL or DFWORX_MAIL_FROM can't be used."""
        self._smtp = settings.smtp_url.get_secret_value() if settings.smtp_url else None
        if self._smtp:
            _smtp_options(self._smtp)
        self._folder = settings.home / "mail"
        self._host = urlsplit(settings.origin).hostname or "localhost"
        name, address = parseaddr(settings.mail_from or f"DFWorX <noreply@{self._host}>")
        if "@" not in address:
            raise ValueError("DFWORX_MAIL_FROM: write an address, such as DFWorX <noreply@example.org>")
        self._from = formataddr((name, address))

    async def send(self, mail: Mail) -> None:
        """Raises Undeliverable for an address that no server takes, and for what may go later NotThisMail or
        NoMailNow."""
        message = self.compose(mail)
        try:
            if self._smtp is None:
                await asyncio.to_thread(_write_file, self._folder, f"{mail.key}.eml", bytes(message))
            else:
                await aiosmtplib.send(message, **_smtp_options(self._smtp), timeout=SMTP_SECONDS)
        except OF_ONE_MAIL as error:
            if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and all(
                500 <= each.code < 600 for each in error.recipients
            ):
                raise Undeliverable("the mail server refuses the address") from error
            raise NotThisMail(type(error).__name__) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            raise NoMailNow(type(error).__name__) from error

    def compose(self, mail: Mail) -> EmailMessage:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,100}", mail.key):
            raise ValueError("a mail's key has letters, digits, dots and hyphens")
        if re.search(r"[\r\n\0,;<>]", mail.to) or mail.to.count("@") != 1:
            raise Undeliverable("the address is none")
        message = EmailMessage(policy=_policy)
        message["From"] = self._from
        message["To"] = mail.to
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{mail.key}@{self._host}>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.preferences is not None:
            message["List-Unsubscribe"] = f"<{mail.preferences}>"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _one_line(text: str) -> str:
    """Names in a subject are people's own: no control character, and with it no header of their own."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:200]


def _smtp_options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("DFWORX_SMTP_URL: write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST")
    options: dict[str, Any] = {
        "hostname": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "use_tls": parts.scheme == "smtps",
    }
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
        # A password never goes over a line that anybody can read, unless the line is this machine's own.
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        options["start_tls"] = None if parts.scheme == "smtps" or local else True
    return options


def _write_file(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all, for its owner's eyes only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / name)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise

"""The way out for mail, by files and by a real SMTP server, and that nobody's name writes a header of its own."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from dfworx.shared.settings import Settings
from dfworx.worker.events import Undeliverable
from dfworx.worker.mail import Mail, Mailer, render
from tests.conftest import TestDatabase

LETTER = Mail("letter-1", "ann@lumen.example", "Hello", "Words.\n", "<p>Words.</p>\n")


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


class Server:
    """Takes mail for everybody but `nobody@`, from who knows the password."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.got.append(read(envelope.content))
        return "250 OK"


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data == LoginPassword(b"dfworx@here", b"p@ss/word"))


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[Server, str]]:
    handler = Server()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, authenticator=knows, auth_required=True, auth_require_tls=False), "127.0.0.1", 0
    )
    port = listening.sockets[0].getsockname()[1]
    yield handler, f"smtp://dfworx%40here:p%40ss%2Fword@127.0.0.1:{port}"
    listening.close()


async def test_without_smtp_each_mail_is_a_private_file(settings: Settings, tmp_path: Path) -> None:
    mailer = Mailer(settings)
    await mailer.send(LETTER)
    await mailer.send(LETTER)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "letter-1.eml", "a second try takes its place"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    mail = read(file.read_bytes())
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (LETTER.to, "Hello", "auto-generated")
    assert mail["Message-ID"] == "<letter-1@localhost>" and mail["From"] == "DFWorX <noreply@localhost>"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text and text.get_content() == "Words.\n" and html and "<p>Words.</p>" in html.get_content()


async def test_with_smtp_it_goes_there(
    database: TestDatabase, smtp: tuple[Server, str], tmp_path: Path
) -> None:
    server, url = smtp
    mailer = Mailer(
        database.settings(
            "dfworx_worker", home=tmp_path, smtp_url=url, mail_from="Lumen <post@lumen.example>"
        )
    )
    await mailer.send(LETTER)
    (mail,) = server.got
    assert mail["From"] == "Lumen <post@lumen.example>" and mail["Message-ID"] == "<letter-1@localhost>"
    assert not (tmp_path / "mail").exists()


async def test_a_refused_address_is_given_up_and_a_busy_server_tried_again(
    database: TestDatabase, smtp: tuple[Server, str]
) -> None:
    mailer = Mailer(database.settings("dfworx_worker", smtp_url=smtp[1]))
    with pytest.raises(Undeliverable):
        await mailer.send(Mail("letter-2", "nobody@lumen.example", "Hello", "", ""))
    with pytest.raises(aiosmtplib.SMTPException):
        await mailer.send(Mail("letter-3", "later@lumen.example", "Hello", "", ""))


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "mail.example"], ids=["no mail server", "no host", "no scheme"]
)
def test_a_bad_address_of_the_server_is_one_sentence(database: TestDatabase, url: str) -> None:
    with pytest.raises(ValueError, match="DFWORX_SMTP_URL"):
        Mailer(database.settings("dfworx_worker", smtp_url=url))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85", "\0"], ids=repr)
def test_a_name_writes_no_header_of_its_own(settings: Settings, end: str) -> None:
    subject = f"You are invited to Lumen{end}Bcc: eve@harbour.example"
    mail = read(bytes(Mailer(settings).compose(Mail("letter-4", LETTER.to, subject, "x", "x"))))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "You are invited to Lumen Bcc: eve@harbour.example"


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "nobody", "<a@b.example>"]
)
def test_an_address_is_one_address(settings: Settings, to: str) -> None:
    with pytest.raises(Undeliverable):
        Mailer(settings).compose(Mail("letter-5", to, "Hello", "", ""))


@pytest.mark.parametrize("key", ["", "../up", "a/b", "a b", ".hidden"])
def test_a_key_leaves_the_folder_by_no_way(settings: Settings, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Mailer(settings).compose(Mail(key, LETTER.to, "Hello", "", ""))


def test_a_template_that_lacks_a_value_says_so() -> None:
    with pytest.raises(Exception, match="link"):
        render("password_reset")

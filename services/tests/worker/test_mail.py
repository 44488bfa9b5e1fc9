"""The way out for mail, by files and by a real SMTP server, and that nobody's name writes a header of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dfworx.shared.settings import Settings
from dfworx.worker.events import Undeliverable
from dfworx.worker.mail import Mail, Mailer, NoMailNow, NotThisMail, render
from tests.conftest import TestDatabase
from tests.worker.conftest import MailServer, read

LETTER = Mail("letter-1", "ann@lumen.example", "Hello", "Words.\n", "<p>Words.</p>\n")


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
    database: TestDatabase, smtp: tuple[MailServer, str], tmp_path: Path
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


async def test_a_refused_address_is_given_up_and_what_is_not_taken_now_tried_again(
    database: TestDatabase, smtp: tuple[MailServer, str]
) -> None:
    mailer = Mailer(database.settings("dfworx_worker", smtp_url=smtp[1]))
    with pytest.raises(Undeliverable):
        await mailer.send(Mail("letter-2", "nobody@lumen.example", "Hello", "", ""))
    for number, address in enumerate(["later@lumen.example", "words@lumen.example", "jürgen@lumen.example"]):
        with pytest.raises(NotThisMail):
            await mailer.send(Mail(f"letter-3-{number}", address, "Hello", "", ""))
    await mailer.send(LETTER)
    assert len(smtp[0].got) == 1


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:1", "smtp://no:body@{here}"], ids=["nobody there", "no password"]
)
async def test_a_server_that_takes_none_now_is_told_from_an_address_that_is_not_taken(
    database: TestDatabase, smtp: tuple[MailServer, str], url: str
) -> None:
    url = url.format(here=smtp[1].rpartition("@")[2])
    with pytest.raises(NoMailNow):
        await Mailer(database.settings("dfworx_worker", smtp_url=url)).send(LETTER)


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
    "host", ["here.example", f"{'a-very-long-name.' * 12}example"], ids=["short", "long"]
)
def test_who_wants_no_more_is_told_where_to_say_so_in_one_line(settings: Settings, host: str) -> None:
    page = f"https://{host}/settings/notifications"
    mailer = Mailer(settings)
    content = bytes(mailer.compose(Mail("letter-6", LETTER.to, "Hello", "x", "x", page)))
    assert f"\nList-Unsubscribe: <{page}>\n".encode() in content
    assert read(bytes(mailer.compose(LETTER)))["List-Unsubscribe"] is None
    with pytest.raises(ValueError, match="linefeed"):
        mailer.compose(Mail("letter-7", LETTER.to, "Hello", "x", "x", f"{page}\r\nBcc: eve@harbour.example"))


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

"""A real browser for tests: the machine's Chromium, headless, driven by Playwright. Whatever a page complains about
(a script that the policy refuses, an error nobody caught) fails the test that saw it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAIT_MS = 60_000
"""Longer than any page takes on a machine that is busy with other tests."""
ALIVE = """() => {
  const content = document.getElementById("content");
  return content !== null && Object.keys(content).some((name) => name.startsWith("__reactProps$"));
}"""
"""React has taken over what the server drew, and with it what lies around."""


@dataclass
class Window:
    """One person's browser: its own cookies and memory."""

    page: Page
    context: BrowserContext
    origin: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def sign_in(self, email: str, password: str) -> None:
        """From wherever the sign-in page is shown."""
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def at(self, path: str) -> None:
        """Wait until the address is this one, however often the page moves on before."""
        expect(self.page).to_have_url(self.origin + path)

    def answers(self) -> None:
        """Wait until the page, which the server has drawn, has come alive and hears keys."""
        self.page.wait_for_function(ALIVE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Its sandbox doesn't work for root, nor in most containers; it is shown our own pages only.
        started = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        expect.set_options(timeout=WAIT_MS)
        yield started
        started.close()


@contextmanager
def open_window(
    browser: Browser,
    origin: str,
    *,
    width: int = 1440,
    height: int = 900,
    dark: bool = False,
    policy: bool = True,
) -> Iterator[Window]:
    """`policy` is false for a browser that knows no Content-Security-Policy."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        has_touch=width < 600,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        bypass_csp=not policy,
    )
    context.set_default_timeout(WAIT_MS)
    window = Window(context.new_page(), context, origin)

    def note(message: ConsoleMessage) -> None:
        # A refused request is an answer that the page was made for; what it does with it is looked at.
        if message.type == "error" and "Failed to load resource" not in message.text:
            window.complaints.append(message.text)

    window.page.on("console", note)
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    try:
        yield window
        assert not window.complaints, "the page complained:\n" + "\n".join(window.complaints)
    finally:
        context.close()


def find_chromium() -> str:
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
        if found := shutil.which("chromium"):
            return found
    pytest.fail("These tests need Chromium, and this machine has none; install it: apt-get install chromium")


def pictures_folder(otherwise: Path) -> Path:
    """Where whoever ran the tests finds what the pages looked like."""
    folder = Path(os.environ.get("DFWORX_TEST_PICTURES") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder

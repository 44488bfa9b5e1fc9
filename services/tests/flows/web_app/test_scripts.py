"""Scripts that the main typeface doesn't have are shown in a font of ours, which comes when they do and not before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Request

from tests.flows.browser import browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

TEXTS = {
    "noto-sans-sc": "夜空の記録。观测记录。",
    "noto-sans-arabic": "سجل الرصد",
    "noto-sans-hebrew": "יומן תצפיות",
}


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    return stack.register("scripts")


def test_a_script_brings_its_font_and_no_other(stack: Stack, token: str, browser: Browser) -> None:
    client = stack.client(token)
    asked: list[str] = []

    def note(request: Request) -> None:
        if ".woff2" in request.url:
            asked.append(request.url)

    with open_window(browser, stack.origin) as window:
        window.page.on("request", note)
        window.go("/sign-in")
        window.sign_in("ann@scripts.example.com", "correct horse battery")
        window.at("/posts")
        for font, text in TEXTS.items():
            made = client.post("/api/web/posts", json={"title": font, "content": text}).json()
            assert not [url for url in asked if font in url]
            with window.page.expect_request(lambda request, font=font: font in request.url):  # type: ignore[misc]
                window.go(f"/posts/{made['slug']}")

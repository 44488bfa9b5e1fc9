"""Signing out on a machine that others use: what was not sent yet goes with whoever leaves by their own will, and waits
for whose session merely ran out."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def ann(stack: Stack) -> httpx.Client:
    client = stack.client(stack.register("ferry"))
    post_id = client.post("/api/web/posts", json={"title": "Crossings", "content": "Six a day."}).json()[
        "post_id"
    ]
    assert client.post(f"/api/web/posts/{post_id}/publish").status_code == 200
    return client


def composer(window: Window) -> Locator:
    """On the post, after signing in."""
    window.go("/sign-in")
    window.sign_in("ann@ferry.example.com", PASSWORD)
    window.at("/posts")
    window.go("/posts/crossings#comments")
    return window.page.get_by_role("textbox", name="Write a comment")


def begin_comment(window: Window, words: str) -> None:
    composer(window).fill(words)
    assert words in kept(window.page)


def kept(page: Page) -> str:
    stored: str = page.evaluate("JSON.stringify(localStorage)")
    return stored


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account of Ann").click()
    page.get_by_role("menuitem", name="Sign out").click()


def test_who_signs_out_is_asked_first_and_leaves_nothing(
    stack: Stack, ann: httpx.Client, browser: Browser
) -> None:
    with open_window(browser, stack.origin) as window:
        page = window.page
        begin_comment(window, "Not for the harbour master")
        sign_out(page)
        page.get_by_role("button", name="Stay signed in").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert "Not for the harbour master" in kept(page)
        sign_out(page)
        page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
        window.at("/sign-in")
        expect(page.get_by_label("Password")).to_be_visible()
        assert "Not for the harbour master" not in kept(page)
        assert "Crossings" not in kept(page), "nor what was read last"


def test_a_session_that_ran_out_loses_nothing(stack: Stack, ann: httpx.Client, browser: Browser) -> None:
    with open_window(browser, stack.origin) as window:
        begin_comment(window, "To be continued")
        window.context.clear_cookies()
        expect(composer(window)).to_have_value("To be continued")

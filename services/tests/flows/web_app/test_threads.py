"""Threads in a real browser: what they are called, those beside posts among them, and what is made unread again."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.flows.browser import browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"


def test_a_thread_beside_a_post_is_called_after_it_and_stands_among_the_others(
    stack: Stack, browser: Browser
) -> None:
    ann = stack.client(stack.register("tides"))
    made = ann.post("/api/web/posts", json={"title": "Tide tables", "content": "High at nine."})
    assert made.status_code == 201, made.text
    assert ann.post(f"/api/web/posts/{made.json()['post_id']}/publish").status_code == 200
    with open_window(browser, stack.origin) as window:
        page = window.page
        window.go("/sign-in")
        window.sign_in("ann@tides.example.com", PASSWORD)
        window.at("/posts")
        window.go("/posts/tide-tables#thread")
        page.get_by_role("textbox", name="Write a message").fill("And low?")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log").get_by_text("And low?")).to_be_visible()

        window.go("/chat")
        threads = page.get_by_role("navigation", name="Threads")
        threads.get_by_role("region", name="Beside posts").get_by_role("link", name="Tide tables").click()
        expect(page.get_by_role("heading", name="Tide tables", level=1)).to_be_visible()
        expect(page).to_have_title("Tide tables · DFWorX")
        expect(page.get_by_role("textbox", name="Message Tide tables")).to_be_visible()
        make_unread(page, "And low?")
        expect(threads.get_by_role("link", name="Tide tables")).to_contain_text("1 unread message")

        threads.get_by_role("link", name="everyone").click()
        expect(page).to_have_title("everyone · DFWorX")
        # Whoever comes back reads it.
        threads.get_by_role("link", name="Tide tables").click()
        expect(page).to_have_title("Tide tables · DFWorX")
        expect(threads.get_by_role("link", name="Tide tables")).not_to_contain_text("unread")
        page.get_by_role("heading", name="Tide tables", level=1).get_by_role("link").click()
        window.at("/posts/tide-tables")
        expect(page).to_have_title(re.compile("^Tide tables"))

        window.go("/chat/never-was")
        expect(page.get_by_text(re.compile("doesn.t exist")).first).to_be_visible()


def make_unread(page: Page, words: str) -> None:
    message = page.get_by_role("article").filter(has_text=words)
    message.hover()
    message.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Mark unread from here").click()

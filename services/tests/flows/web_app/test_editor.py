"""Writing in the web app: what is typed is saved by itself, what is changed elsewhere comes into the text, and a post
is published."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.flows.browser import browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"


def test_a_post_is_written_met_and_published(stack: Stack, browser: Browser) -> None:
    client = stack.client(stack.register("inkwell"))
    with open_window(browser, stack.origin) as window:
        page = window.page
        window.go("/posts/new")
        window.sign_in("ann@inkwell.example.com", PASSWORD)
        window.at("/posts/new")
        page.get_by_label("Title").fill("Tides")
        page.keyboard.press("Enter")
        page.keyboard.type("Twice a day.")
        expect(page.get_by_text("Saved · version")).to_be_visible()
        window.at("/posts/tides/edit")
        expect(page.get_by_role("region", name="Preview").get_by_text("Twice a day.")).to_be_visible()

        post = client.get("/api/web/posts/by-slug/tides").json()
        answer = client.patch(
            f"/api/web/posts/{post['post_id']}",
            json={"content": "Four times a day."},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        expect(text(page)).to_have_text("Four times a day.")
        text(page).press("ControlOrMeta+End")
        page.keyboard.type(" Always.")
        page.keyboard.press("ControlOrMeta+z")
        expect(text(page)).to_have_text("Four times a day.")
        page.keyboard.press("ControlOrMeta+Shift+z")
        expect(page.get_by_text("Saved · version")).to_be_visible()

        page.keyboard.press("ControlOrMeta+Enter")
        window.at("/posts/tides")
        expect(page.get_by_text("Four times a day. Always.")).to_be_visible()


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text")

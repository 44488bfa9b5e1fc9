"""Comments beside a post, and the history of what it said, as people use them in a browser."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def client(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("breakwater"))


def new_post(client: httpx.Client, title: str) -> str:
    """Its slug. It is published."""
    post = client.post("/api/web/posts", json={"title": title, "content": "The tower is lit."}).json()
    assert client.post(f"/api/web/posts/{post['post_id']}/publish").status_code == 200
    return str(post["slug"])


def open_post(window: Window, path: str) -> Page:
    window.go("/sign-in")
    window.sign_in("ann@breakwater.example.com", PASSWORD)
    window.at("/posts")
    window.go(path)
    return window.page


def test_a_comment_is_written_answered_changed_settled_and_deleted(
    stack: Stack, client: httpx.Client, browser: Browser
) -> None:
    slug = new_post(client, "The tower")
    with open_window(browser, stack.origin) as window:
        page = open_post(window, f"/posts/{slug}")
        page.get_by_role("button", name="Comments", exact=True).click()
        expect(page.get_by_role("heading", name="No comments yet")).to_be_visible()
        box = page.get_by_role("textbox")
        box.fill("Who lights **it**?")
        page.reload()
        expect(box).to_have_value("Who lights **it**?")
        box.press("Enter")
        question = page.get_by_role("article").filter(has_text="Who lights it?")
        question.get_by_role("button", name="Reply").click()
        page.keyboard.type("<img src=x onerror=alert(1)> The keeper.")
        page.keyboard.press("Enter")
        answer = page.get_by_role("article").filter(has_text="The keeper.")
        expect(answer).to_be_visible()
        expect(page.get_by_role("button", name="2 comments")).to_be_visible()

        answer.get_by_role("button", name="More about").click()
        page.get_by_role("menuitem", name="Edit").click()
        box.fill("The harbour master.")
        box.press("Enter")
        expect(page.get_by_text("edited")).to_be_visible()

        question.get_by_role("button", name="Resolve").click()
        expect(question).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(question).to_be_visible()

        question.get_by_role("button", name="More about").click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(page.get_by_text("1 answer to it stays.")).to_be_visible()
        page.get_by_role("button", name="Delete comment").click()
        expect(page.get_by_text("This comment was removed.")).to_be_visible()
        expect(page.get_by_text("The harbour master.")).to_be_visible()


def test_what_is_written_offline_is_sent_once(stack: Stack, client: httpx.Client, browser: Browser) -> None:
    slug = new_post(client, "The tunnel")
    with open_window(browser, stack.origin) as window:
        page = open_post(window, f"/posts/{slug}")
        page.get_by_role("button", name="Comments", exact=True).click()
        expect(page.get_by_role("heading", name="No comments yet")).to_be_visible()
        window.context.set_offline(True)
        page.get_by_role("textbox").fill("From the tunnel")
        page.get_by_role("textbox").press("Enter")
        expect(page.get_by_text("Sends when you are back online")).to_be_visible()
        window.context.set_offline(False)
        expect(page.get_by_text("Sends when you are back online")).to_have_count(0)
        expect(page.get_by_text("From the tunnel")).to_have_count(1)


def test_an_old_version_is_compared_restored_and_put_back(
    stack: Stack, client: httpx.Client, browser: Browser
) -> None:
    slug = new_post(client, "The log")
    post = client.get(f"/api/web/posts/by-slug/{slug}").json()
    changed = client.patch(
        f"/api/web/posts/{post['post_id']}",
        json={"content": "The tower is dark."},
        headers={"If-Match": f'"{post["version"]}"'},
    )
    assert changed.status_code == 200, changed.text
    with open_window(browser, stack.origin) as window:
        page = open_post(window, f"/posts/{slug}")
        page.get_by_role("link", name="History of this post").click()
        versions = page.get_by_role("navigation", name="Versions").get_by_role("link")
        expect(versions).to_have_count(2)
        expect(page.locator("ins", has_text="dark")).to_be_visible()
        versions.last.click()
        page.get_by_role("button", name="Restore this version").click()
        expect(page.get_by_text("Restored version 1", exact=True)).to_be_visible()
        assert client.get(f"/api/web/posts/by-slug/{slug}").json()["content"] == "The tower is lit."
        page.get_by_role("button", name="Undo").click()
        expect(versions).to_have_count(4)
        assert client.get(f"/api/web/posts/by-slug/{slug}").json()["content"] == "The tower is dark."

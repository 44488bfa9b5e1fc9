"""What is new to somebody, in a real browser: marked in the list and counted beside it until it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"


@dataclass
class Mill:
    """Ann's organization. Bo joined it after her first post."""

    ann: httpx.Client
    bo: httpx.Client

    def publish(self, title: str) -> str:
        made = self.ann.post("/api/web/posts", json={"title": title, "content": "The wheel turns."})
        assert made.status_code == 201, made.text
        post_id: str = made.json()["post_id"]
        assert self.ann.post(f"/api/web/posts/{post_id}/publish").status_code == 200
        return post_id

    def comment(self, post_id: str) -> None:
        made = self.ann.post(f"/api/web/posts/{post_id}/comments", json={"content": "It still does."})
        assert made.status_code == 201, made.text

    def unread(self) -> int:
        count: int = self.bo.get("/api/web/reads/unread-count").json()["count"]
        return count


@pytest.fixture
def mill(stack: Stack, request: pytest.FixtureRequest) -> Mill:
    """An organization for each test: what one has read doesn't count in another."""
    slug = f"mill-{request.node.name.replace('_', '-')[-20:].strip('-')}"
    ann = stack.client(stack.register(slug))
    mill = Mill(ann, ann)
    mill.publish("Before Bo")
    invited = ann.post("/api/auth/invitations", json={"email": f"bo@{slug}.example.com", "role": "member"})
    accepted = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": "Bo Lindqvist", "password": PASSWORD},
        timeout=60,
    )
    assert accepted.is_success, accepted.text
    mill.bo = stack.client(accepted.json()["access_token"])
    return mill


@pytest.fixture
def window(stack: Stack, mill: Mill, browser: Browser) -> Iterator[Window]:
    with open_window(browser, stack.origin) as window:
        window.go("/sign-in")
        window.sign_in(mill.bo.get("/api/auth/me").json()["email"], PASSWORD)
        window.at("/posts")
        expect(window.page.get_by_role("button", name="Account of Bo Lindqvist")).to_be_visible()
        yield window


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True))


def expect_unread(page: Page, title: str, *, unread: bool) -> None:
    link = row(page, title).get_by_role("link")
    expect(link).to_have_accessible_description("Unread" if unread else "")


def expect_count(page: Page, count: int) -> None:
    """Beside Posts, in the sidebar."""
    name = f"Posts {count} unread" if count else "Posts"
    expect(
        page.get_by_role("navigation", name="Workspace").get_by_role("link", name=name, exact=True)
    ).to_be_visible()


def test_a_post_is_new_until_it_is_opened_and_then_its_comments_are(mill: Mill, window: Window) -> None:
    one, _ = mill.publish("One"), mill.publish("Two")
    page = window.page
    page.reload()
    expect_count(page, 2)
    expect_unread(page, "One", unread=True)
    expect_unread(page, "Before Bo", unread=False)
    # What Next fetches ahead for a link that is pointed at is not read.
    row(page, "Two").get_by_role("link").hover()
    row(page, "One").get_by_role("link").click()
    window.at("/posts/one")
    expect_count(page, 1)
    page.go_back()
    window.at("/posts")
    expect_unread(page, "One", unread=False)
    expect_unread(page, "Two", unread=True)
    assert mill.unread() == 1
    mill.comment(one)
    page.reload()
    expect(row(page, "One").get_by_text("1 comment, 1 new", exact=True)).to_be_attached()
    with page.expect_response(lambda answer: answer.url.endswith("/read") and answer.ok):
        row(page, "One").get_by_role("link").click()
    expect(page.get_by_text("It still does.")).to_be_visible()
    page.go_back()
    expect(row(page, "One").get_by_text("1 comment", exact=True)).to_be_attached()


def test_all_are_marked_and_another_tab_follows(mill: Mill, window: Window) -> None:
    for title in ("One", "Two"):
        mill.publish(title)
    other = window.context.new_page()
    other.goto(f"{window.origin}/posts")
    expect_count(other, 2)
    page = window.page
    page.get_by_role("navigation", name="Which posts").get_by_role("link", name="Unread").click()
    window.at("/posts?unread=true")
    page.reload()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    page.route("**/api/web/reads/all", lambda route: route.abort())
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("could not be marked read")
    expect_count(page, 2)
    page.unroute("**/api/web/reads/all")
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("heading", name="Everything is read")).to_be_visible()
    expect_count(page, 0)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect_count(other, 0)
    expect_unread(other, "Two", unread=False)
    # What comes next is new again.
    mill.publish("Three")
    page.reload()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    expect_unread(page, "Three", unread=True)

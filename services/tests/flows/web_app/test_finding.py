"""Finding and being told, in a real browser: the palette and the keys, the search page, the inbox."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"
ATTACK = "<img src=x onerror=\"document.title='taken'\">"
"""As a title and in a comment: found, told and shown, never run."""


@dataclass
class Harbour:
    """Ann's organization, where Bo writes too."""

    email: str
    ann: httpx.Client
    bo: httpx.Client

    def publish(self, title: str, content: str = "Boats come in at night.") -> str:
        made = self.ann.post("/api/web/posts", json={"title": title, "content": content})
        assert made.status_code == 201, made.text
        post_id: str = made.json()["post_id"]
        assert self.ann.post(f"/api/web/posts/{post_id}/publish").status_code == 200
        return post_id

    def comment(self, post_id: str, words: str) -> None:
        made = self.bo.post(f"/api/web/posts/{post_id}/comments", json={"content": words})
        assert made.status_code == 201, made.text

    @property
    def unread(self) -> int:
        count: int = self.ann.get("/api/web/notifications/unread-count").json()["count"]
        return count


@pytest.fixture(scope="module")
def harbour(stack: Stack) -> Harbour:
    ann = stack.client(stack.register("harbour"))
    invited = ann.post("/api/auth/invitations", json={"email": "bo@harbour.example.com", "role": "member"})
    assert invited.status_code == 201, invited.text
    accepted = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": "Bo Lindqvist", "password": PASSWORD},
        timeout=60,
    )
    assert accepted.is_success, accepted.text
    return Harbour("ann@harbour.example.com", ann, stack.client(accepted.json()["access_token"]))


def signed_in(window: Window, harbour: Harbour) -> Page:
    window.go("/sign-in")
    window.sign_in(harbour.email, PASSWORD)
    window.at("/posts")
    window.answers()
    return window.page


def test_the_palette_finds_and_does(stack: Stack, harbour: Harbour, browser: Browser) -> None:
    harbour.publish("Lantern rota")
    harbour.publish(f"Lantern {ATTACK}")
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Find or do")
        expect(field).to_be_focused()
        field.fill("lantern rot")
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_contain_text("Lantern rota")
        expect(page.get_by_role("option", name="New post titled “lantern rot”")).to_be_visible()
        page.keyboard.press("Enter")
        window.at("/posts/lantern-rota")
        expect(page.get_by_role("heading", name="Lantern rota", level=1)).to_be_visible()
        # It is the last place now, and words that name a deed do it.
        page.keyboard.press("Control+k")
        expect(page.get_by_role("option").first).to_contain_text("Lantern rota")
        field.fill("theme dark")
        expect(chosen).to_contain_text("Theme: Dark")
        page.keyboard.press("Enter")
        expect(page.locator("html[data-theme=dark]")).to_be_attached()
        # What somebody wrote is shown as it was written.
        page.keyboard.press("Control+k")
        field.fill("onerror")
        expect(chosen).to_contain_text(f"Lantern {ATTACK}")
        page.keyboard.press("Shift+Enter")
        window.at("/search?q=onerror")
        expect(page.get_by_role("link", name=f"Lantern {ATTACK}")).to_be_visible()
        assert "taken" not in page.title()


def test_keys_do_things_and_can_be_switched_off(stack: Stack, harbour: Harbour, browser: Browser) -> None:
    for title in ("Buoys", "Moorings"):
        harbour.publish(title)
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        # The list is there, and the keys know of it.
        expect(page.locator("[data-row][tabindex='0']")).to_have_count(1)
        page.keyboard.press("j")
        expect(page.locator("[data-row]").first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
        page.keyboard.press("g")
        page.keyboard.press("i")
        window.at("/notifications")
        page.keyboard.press("?")
        page.get_by_role("checkbox", name="Single letters do things").click()
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("g")
        page.keyboard.press("p")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Find or do")).to_be_focused()
        window.at("/notifications")


def test_a_list_is_one_tab_stop_where_the_focus_was_last(
    stack: Stack, harbour: Harbour, browser: Browser
) -> None:
    for title in ("Anchors", "Bollards", "Cleats"):
        harbour.publish(title)
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        rows = page.locator("[data-row]")
        expect(page.locator("[data-row][tabindex='0']")).to_have_count(1)
        page.keyboard.press("j")
        expect(rows.first).to_be_focused()
        page.keyboard.press("End")
        expect(rows.last).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+Tab")
        expect(page.locator("[data-row]:focus")).to_have_count(0)
        page.keyboard.press("Tab")
        expect(rows.nth(-2)).to_be_focused()
        page.keyboard.press("Home")
        expect(rows.first).to_be_focused()
        page.keyboard.press("Enter")
        window.at("/posts/cleats")


def test_keys_write_edit_and_comment(stack: Stack, harbour: Harbour, browser: Browser) -> None:
    harbour.publish("Rigging")
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        page.get_by_role("link", name="Rigging", exact=True).click()
        expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
        window.answers()
        comments = page.get_by_role("complementary", name="Comments")
        page.keyboard.press("r")
        expect(page.get_by_role("textbox", name="Write a comment")).to_be_focused()
        page.keyboard.type("r]e")
        expect(comments).to_be_visible()
        page.get_by_role("heading", name="Rigging", level=1).click()
        page.keyboard.press("]")
        expect(comments).to_have_count(0)
        page.keyboard.press("e")
        window.at("/posts/rigging/edit")
        window.go("/posts")
        expect(page.get_by_role("button", name="Account of Ann")).to_be_visible()
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Find or do").fill("Sails & ropes")
        page.get_by_role("option", name="New post titled “Sails & ropes”").click()
        expect(page.get_by_role("textbox", name="Title")).to_have_value("Sails & ropes")
        window.at("/posts/sails-ropes/edit")


def test_a_search_is_narrowed_corrected_and_kept_in_the_address(
    stack: Stack, harbour: Harbour, browser: Browser
) -> None:
    post_id = harbour.publish("Foghorn repairs")
    harbour.comment(post_id, "The foghorn was heard in town.")
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        window.go("/search")
        page.get_by_role("textbox", name="Search").fill("foghorn")
        results = page.get_by_role("list", name="Results").get_by_role("listitem")
        expect(results).to_have_count(2)
        page.get_by_role("link", name="Comments").click()
        window.at("/search?q=foghorn&kind=comment")
        expect(results).to_have_count(1)
        expect(results).to_contain_text("Bo Lindqvist on Foghorn repairs")
        page.go_back()
        expect(results).to_have_count(2)
        page.get_by_role("button", name="Filter", exact=True).click()
        # By keys: Radix may take a pointer that jumps from a row into its submenu for one that leaves both.
        page.get_by_role("menuitem", name="Status").press("ArrowRight")
        page.get_by_role("menuitemradio", name="Draft").press("Enter")
        window.at("/search?q=foghorn&status=draft")
        expect(page.get_by_role("heading", name="Nothing matches “foghorn”")).to_be_visible()
        page.get_by_role("button", name="Search everything").click()
        expect(results).to_have_count(2)
        page.get_by_role("textbox", name="Search").fill("foghron")
        expect(page.get_by_text("Nothing has foghron as it was typed.")).to_be_visible()
        page.get_by_role("button", name="foghorn").click()
        window.at("/search?q=foghorn")


def test_the_inbox_tells_marks_and_takes_back(stack: Stack, harbour: Harbour, browser: Browser) -> None:
    post_id = harbour.publish("Night watch")
    harbour.ann.post("/api/web/notifications/read-all", json={"until": "2999-01-01T00:00:00Z"})
    for words in ("The **first** watch is mine.", ATTACK, "@Ann take the second?"):
        harbour.comment(post_id, words)
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        expect(page.get_by_role("link", name="Inbox 3 unread")).to_be_visible()
        page.get_by_role("link", name="Inbox 3 unread").click()
        rows = page.get_by_role("region", name="Notifications").get_by_role("listitem")
        told = rows.filter(has_text="Night watch")
        expect(told).to_have_count(2)
        expect(told.first).to_contain_text("Bo Lindqvist mentioned you in Night watch")
        expect(told.last).to_contain_text(ATTACK)
        page.get_by_role("button", name="Mark all read").click()
        expect(page.get_by_text("All marked read").first).to_be_visible()
        assert harbour.unread == 0
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("link", name="Inbox 3 unread")).to_be_visible()
        told.first.get_by_role("button", name="Actions for Night watch").click()
        page.get_by_role("menuitem", name="Mute this post").click()
        expect(page.get_by_text("Muted. Mentions still come.").first).to_be_visible()
        assert harbour.ann.get(f"/api/web/posts/{post_id}/mute").json() == {"muted": True}
        # To the very place; having the post open reads the rest of what was told of it.
        told.first.get_by_role("link").click()
        page.wait_for_url("**/posts/night-watch#comment-*")
        expect(page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
        assert harbour.unread == 0
        assert "taken" not in page.title()


def test_what_does_not_answer_is_told_in_place(stack: Stack, harbour: Harbour, browser: Browser) -> None:
    harbour.comment(harbour.publish("Tide tables"), "Thursday is missing.")
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        page.get_by_role("link", name="Inbox").click()
        row = page.get_by_role("region", name="Notifications").get_by_role("listitem").first
        page.route("**/api/web/notifications/*/read", lambda route: route.abort())
        row.get_by_role("button", name="Actions for Tide tables").click()
        page.get_by_role("menuitem", name="Mark read").click()
        expect(row.get_by_role("alert")).to_have_text("It could not be marked, and is as it was.")
        expect(row.get_by_text("New", exact=True)).to_be_attached()
        page.route("**/api/web/search**", lambda route: route.abort())
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Find or do").fill("tide")
        told = page.get_by_role("dialog").get_by_text("The search did not answer.").last
        expect(told).to_be_visible()


def test_an_address_that_is_no_text_leads_to_no_page(
    stack: Stack, harbour: Harbour, browser: Browser
) -> None:
    with open_window(browser, stack.origin) as window:
        page = signed_in(window, harbour)
        answer = page.goto(f"{stack.origin}/posts/%ff%fe")
        assert answer is not None
        assert (answer.status, answer.headers["content-type"].split(";")[0]) == (404, "text/html")

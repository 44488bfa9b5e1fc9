"""What is done on a page to come to a screen that has no address of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.flows.browser import Window
from tests.flows.web_app.furnishing import PASSWORD

COMMENTS = "**/api/web/posts/*/comments**"


@dataclass(frozen=True)
class Visit:
    """Of somebody in their window."""

    window: Window
    ada: httpx.Client

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def narrow(self) -> bool:
        return bool(self.page.evaluate("innerWidth < 600"))

    def press(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def choose(self, name: str) -> None:
        self.page.get_by_role("menuitem", name=name).click()


def sign_in_wrongly(visit: Visit) -> None:
    visit.window.sign_in("ada@northlight.example", "wrong horse battery")


def sign_in_to_two(visit: Visit) -> None:
    visit.window.sign_in("priya@raman.example", PASSWORD)


def submit_nothing(visit: Visit) -> None:
    visit.press("Start organization")


def ask_for_a_link(visit: Visit) -> None:
    visit.page.get_by_label("Email").fill("ada@northlight.example")
    visit.press("Send the link")


def reset_by_a_dead_link(visit: Visit) -> None:
    visit.page.get_by_label("New password").fill(PASSWORD)
    visit.page.get_by_label("The same once more").fill(PASSWORD)
    visit.press("Set password")


def open_own_profile(visit: Visit) -> None:
    visit.page.get_by_role("main").get_by_role("link", name="ann@dawn").click()


def open_filters(visit: Visit) -> None:
    visit.press("Filter", exact=True)


def open_organizations(visit: Visit) -> None:
    visit.press("switch or start an organization")


def open_account(visit: Visit) -> None:
    visit.press("Account of Ada Okafor")


def go_offline(visit: Visit) -> None:
    visit.window.context.set_offline(True)


def trash_a_draft(visit: Visit) -> None:
    visit.page.get_by_label("Title").fill("A thought")
    expect(visit.page.get_by_text("Saved · version")).to_be_attached()
    visit.press("More to do with this post")
    visit.choose("Move to trash")
    # What one points at stays.
    visit.page.get_by_role("listitem").filter(has_text="Moved to trash").hover()


def close_comments(visit: Visit) -> None:
    hide = visit.page.get_by_role("complementary", name="Comments").get_by_role(
        "button", name="Close comments"
    )
    if hide.is_visible():
        hide.click()


def scroll_to_figures(visit: Visit) -> None:
    close_comments(visit)
    visit.page.get_by_text("Why three comparison stars?").scroll_into_view_if_needed()


def open_contents(visit: Visit) -> None:
    visit.press("On this page")


def open_comments(visit: Visit) -> None:
    panel = visit.page.get_by_role("complementary", name="Comments").or_(visit.page.get_by_role("dialog"))
    if not panel.is_visible():
        visit.page.get_by_role("button", name="omments").first.click()


def open_comment_menu(visit: Visit) -> None:
    open_comments(visit)
    visit.press("More about the comment by Tomás")


def ask_to_delete_a_comment(visit: Visit) -> None:
    open_comment_menu(visit)
    visit.choose("Delete")


def ask_for_comments_late(visit: Visit) -> None:
    """A page that opens without them has none: it asks for them when they are opened."""
    visit.window.context.add_cookies([{"name": "beside_post", "value": "closed", "url": visit.window.origin}])
    visit.page.reload(wait_until="networkidle")
    open_comments(visit)


def miss_the_comments(visit: Visit) -> None:
    visit.page.route(COMMENTS, lambda route: route.abort())
    ask_for_comments_late(visit)


def mention_somebody(visit: Visit) -> None:
    open_comments(visit)
    visit.page.get_by_role("textbox", name="Write a comment").press_sequentially("@mik")


def choose_a_version(visit: Visit) -> None:
    visit.page.get_by_role("navigation", name="Versions").get_by_role("link").nth(1).click()
    expect(visit.page.get_by_role("button", name="Restore this version")).to_be_visible()


def read_a_version(visit: Visit) -> None:
    choose_a_version(visit)
    visit.page.get_by_text("Whole text").click()
    expect(visit.page.get_by_role("heading", name="The formula")).to_be_visible()


def wait_for_the_text(visit: Visit) -> None:
    expect(visit.page.get_by_role("textbox", name="Text")).to_contain_text("A star's brightness")


def read_the_preview(visit: Visit) -> None:
    visit.page.get_by_role("radio", name="Read").click()


def type_a_slash(visit: Visit) -> None:
    visit.page.get_by_role("textbox", name="Text").press_sequentially("/")


def open_deeds(visit: Visit) -> None:
    visit.press("More to do with this post")


def open_visibility(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Who reads it").filter(visible=True).click()


def choose_people(visit: Visit) -> None:
    open_visibility(visit)
    visit.page.get_by_role("menuitemradio", name="Named people").click()
    expect(visit.page.get_by_role("dialog").get_by_text("Mikkel Dahl")).to_be_visible()


def open_categories(visit: Visit) -> None:
    visit.press("Category:")


def open_schedule(visit: Visit) -> None:
    open_deeds(visit)
    visit.choose("Schedule")


def meet(visit: Visit) -> None:
    """Somebody else saves between, while the way to the text that both would share is closed."""
    page, slug = visit.page, "grant-report-first-half"
    page.route_web_socket("**/convex/**", lambda way: way.close())
    page.reload()
    expect(page.get_by_role("textbox", name="Text")).to_contain_text("71 clear nights")
    post = visit.ada.get(f"/api/web/posts/by-slug/{slug}").json()
    content = re.sub("71 clear nights.*", f"71 clear nights of {181 + post['version']}", post["content"])
    path = f"/api/web/posts/{post['post_id']}"
    answer = visit.ada.patch(path, json={"content": content}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    page.get_by_text("71 clear nights").first.click()
    page.keyboard.press("End")
    page.keyboard.type(", more than ever")


def choose_dates(visit: Visit) -> None:
    visit.press("Filter", exact=True)
    visit.page.get_by_role("menuitem", name="Date").press("ArrowRight")
    visit.page.get_by_role("menuitem", name="Choose days").press("Enter")


def open_palette(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Find or do").filter(visible=True).click()


def find_in_palette(visit: Visit) -> None:
    open_palette(visit)
    visit.page.get_by_role("combobox", name="Find or do").fill("raw frame")
    expect(visit.page.get_by_role("option", name="From raw frame")).to_be_visible()


def open_shortcuts(visit: Visit) -> None:
    visit.page.keyboard.press("?")


def open_told(visit: Visit) -> None:
    visit.press("Actions for")
    expect(visit.page.get_by_role("menuitem", name="Mute this post")).to_be_enabled()


def ask_to_end_sessions(visit: Visit) -> None:
    visit.press("Sign out everywhere")


def change_no_password(visit: Visit) -> None:
    visit.press("Change password")


def look_for_nobody(visit: Visit) -> None:
    visit.page.get_by_label("Search people by name").fill("Zeno")


def open_member(visit: Visit) -> None:
    visit.press("More for Tomás Rivera")


def ask_to_deactivate(visit: Visit) -> None:
    open_member(visit)
    visit.choose("Deactivate")


def open_invite(visit: Visit) -> None:
    visit.press("Invite", exact=True)


def invite(visit: Visit) -> None:
    open_invite(visit)
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_label("Email").fill("mira@school.example")
    dialog.get_by_role("button", name="Invite", exact=True).click()


def break_a_page(visit: Visit) -> None:
    """By an answer that no service gives."""
    visit.page.route(COMMENTS, lambda route: route.fulfill(json={"items": [None], "next_cursor": None}))
    ask_for_comments_late(visit)
    expect(visit.page.get_by_role("heading", name="This page did not load")).to_be_visible()
    visit.window.complaints.clear()


def message(visit: Visit, words: str) -> Locator:
    return visit.page.get_by_role("article").filter(has_text=words).first


def act_on(visit: Visit, words: str, action: str) -> None:
    """With a pointer from the bar at the message or its menu; on a phone from the sheet that a long press opens."""
    found = message(visit, words)
    expect(found).to_be_visible()
    if visit.narrow:
        found.dispatch_event("contextmenu", {"pointerType": "touch"})
        visit.page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()
        return
    found.hover()
    if action in ("React", "Reply"):
        found.get_by_role("group", name="Message").get_by_role("button", name=action).click()
    else:
        found.get_by_role("button", name="More").click()
        visit.choose(action)


def open_everyone(visit: Visit) -> None:
    visit.page.get_by_role("navigation", name="Threads").get_by_role("link", name="everyone").click()


def open_message_menu(visit: Visit) -> None:
    found = message(visit, "Which gain did you use?")
    expect(found).to_be_visible()
    if visit.narrow:
        found.dispatch_event("contextmenu", {"pointerType": "touch"})
    else:
        found.hover()
        found.get_by_role("button", name="More").click()


def open_reactions(visit: Visit) -> None:
    act_on(visit, "Which gain did you use?", "React")
    expect(visit.page.get_by_label("Search emojis")).to_be_visible()
    expect(visit.page.get_by_text("Loading emojis")).to_have_count(0)


def answer_a_message(visit: Visit) -> None:
    act_on(visit, "Which gain did you use?", "Reply")


def mention_in_thread(visit: Visit) -> None:
    visit.page.get_by_role("textbox", name="Message camera").press_sequentially("@mik")


def ask_to_remove_a_message(visit: Visit) -> None:
    act_on(visit, "120, as always", "Remove")


def open_pinned(visit: Visit) -> None:
    visit.press("pinned message")


def search_in_thread(visit: Visit) -> None:
    visit.press("Search this thread")
    visit.page.get_by_role("textbox", name="Search this thread").fill("gain")


def ask_for_a_post(visit: Visit) -> None:
    if visit.narrow:
        visit.press("More about this thread")
        visit.choose("Make a post")
    else:
        visit.press("Make a post")


def open_new_thread(visit: Visit) -> None:
    visit.page.get_by_role("button", name="New thread").filter(visible=True).click()


def open_thread_beside(visit: Visit) -> None:
    open_comments(visit)
    visit.page.get_by_role("tab", name="Thread").click()


def lose_connection(visit: Visit) -> None:
    """Between the page and the deployment, with all else standing."""
    ways: list[WebSocketRoute] = []
    is_cut = False

    def lead(way: WebSocketRoute) -> None:
        if is_cut:
            way.close()
            return
        way.connect_to_server()
        ways.append(way)

    visit.page.route_web_socket("**/convex/**", lead)
    visit.page.reload()
    expect(message(visit, "Which gain did you use?")).to_be_visible()
    is_cut = True
    for way in ways:
        way.close()

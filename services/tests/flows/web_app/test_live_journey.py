"""What is live in the web app, by clicking: two people of one organization write together, publish, chat beside the
post, react, see each other and are told at once, make a post of a thread, and sign out everywhere. A person of another
organization looks at the same addresses and is told nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack
from tests.flows.web_app.overhearing import Overhearing

__all__ = ["browser"]

PASSWORD = "correct horse battery"
ANN, BO, STRANGER = "ann@sawmill.example.com", "bo@sawmill.example.com", "ann@kiln.example.com"
SECRET = "Sägemehl"
"""A word in all that the organization says."""
SIGNED_OUT_WITHIN_MS = 15_000


@dataclass
class People:
    stack: Stack
    ann: Window
    bo: Window
    bo_elsewhere: Window
    stranger: Window
    addresses: list[str] = field(default_factory=list)
    """Where the two talk."""
    post_id: str = ""


def test_two_people_write_and_talk_at_once_and_a_third_hears_nothing(stack: Stack, browser: Browser) -> None:
    make_organizations(stack)
    with (
        open_window(browser, stack.origin) as ann,
        open_window(browser, stack.origin) as bo,
        open_window(browser, stack.origin) as bo_elsewhere,
        open_window(browser, stack.origin) as stranger,
    ):
        people = People(stack, ann, bo, bo_elsewhere, stranger)
        said = Overhearing(stranger, SECRET)
        sign_in(ann, ANN)
        sign_in(bo, BO)
        sign_in(stranger, STRANGER)
        watch(stranger)
        write_together(people)
        publish(people)
        talk_beside_the_post(people)
        be_told_at_once(people)
        talk_in_a_thread_and_make_a_post_of_it(people)
        hear_nothing(people, said)
        sign_out_everywhere(people)


def make_organizations(stack: Stack) -> None:
    ann = stack.client(stack.register("sawmill"))
    stack.register("kiln")
    invited = ann.post("/api/auth/invitations", json={"email": BO, "role": "moderator"})
    accepted = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": f"Bo {SECRET}", "password": PASSWORD},
        timeout=30,
    )
    assert accepted.is_success, accepted.text


def sign_in(window: Window, email: str) -> None:
    window.go("/sign-in")
    window.sign_in(email, PASSWORD)
    window.at("/posts")
    window.answers()


def watch(stranger: Window) -> None:
    """In their own chat, which would tell at once what is said."""
    stranger.go("/chat")
    expect(stranger.page.get_by_role("textbox", name="Message everyone")).to_be_visible()


def write_together(people: People) -> None:
    ann, bo = people.ann.page, people.bo.page
    people.ann.go("/posts/new")
    ann.get_by_label("Title").fill(f"The {SECRET} of last year")
    ann.keyboard.press("Enter")
    ann.keyboard.type("We kept it dry.\n\n")
    expect(ann.get_by_text("Saved · version")).to_be_visible()
    ann.wait_for_url("**/edit")
    slug = ann.url.rsplit("/", 2)[-2]
    client = people.stack.client(login(people.stack, ANN))
    people.post_id = client.get(f"/api/web/posts/by-slug/{slug}").json()["post_id"]
    members = client.get("/api/auth/users").json()["items"]
    editors = [each["user_id"] for each in members if each["name"].startswith("Bo")]
    named = client.patch(
        f"/api/web/posts/{people.post_id}", json={"editors": editors}, headers={"If-Match": "*"}
    )
    assert named.is_success, named.text

    people.bo.go(f"/posts/{slug}/edit")
    expect(source(bo)).to_contain_text("We kept it dry.")
    source(bo).click()
    bo.keyboard.press("Control+End")
    bo.keyboard.type(f"Bo says: {SECRET} burns well.")
    expect(source(ann)).to_contain_text(f"Bo says: {SECRET} burns well.")
    source(ann).click()
    ann.keyboard.press("Control+Home")
    ann.keyboard.type("First: ")
    # Whose caret stands there is told between the words.
    expect(source(bo)).to_contain_text(re.compile("First: .*We kept it dry."))
    people.addresses += [f"/posts/{slug}", f"/posts/{slug}/edit"]


def publish(people: People) -> None:
    page = people.ann.page
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name=f"The {SECRET} of last year", level=1)).to_be_visible()
    page.wait_for_url(re.compile(r"/posts/[^/]+$"))
    expect(page.get_by_role("main")).to_contain_text("First: We kept it dry.")
    expect(page.get_by_role("main")).to_contain_text(f"Bo says: {SECRET} burns well.")


def talk_beside_the_post(people: People) -> None:
    ann, bo = people.ann.page, people.bo.page
    people.bo.go(people.addresses[0])
    people.bo.answers()
    for page in (ann, bo):
        page.get_by_role("button", name="Comments").click()
        page.get_by_role("tab", name="Thread").click()
    # Each sees that the other is there.
    expect(ann.get_by_role("button", name=f"Also reading: Bo {SECRET}")).to_be_visible()
    expect(bo.get_by_role("button", name="Also reading: Ann")).to_be_visible()
    box(bo).click()
    bo.keyboard.type(f"Is the {SECRET} sold?")
    expect(ann.get_by_text("Bo is typing")).to_be_visible()
    bo.keyboard.press("Enter")
    message = ann.get_by_role("log").get_by_role("article").filter(has_text=f"Is the {SECRET} sold?")
    message.hover()
    message.get_by_role("button", name="React").click()
    ann.get_by_role("button", name="React with 👍").click()
    expect(bo.get_by_role("log").get_by_role("button", name=re.compile("👍, 1 reaction"))).to_be_visible()
    expect(ann.get_by_text("Bo is typing")).to_have_count(0)


def be_told_at_once(people: People) -> None:
    ann, bo = people.ann.page, people.bo.page
    people.ann.go("/posts")
    inbox = ann.get_by_role("navigation", name="Workspace").get_by_role("link", name="Inbox")
    expect(inbox).to_have_accessible_name("Inbox")
    # Who moves is connected at once, who only looks after a moment.
    ann.mouse.move(700, 500)
    box(bo).click()
    bo.keyboard.type("@Ann")
    bo.get_by_role("option", name="Ann").click()
    bo.keyboard.type(f"the {SECRET}?")
    bo.keyboard.press("Enter")
    # Without a reload.
    expect(inbox).to_have_accessible_name("Inbox 1 unread")
    inbox.click()
    told = ann.get_by_role("main").get_by_role("listitem").filter(has_text=f"Bo {SECRET}")
    told.get_by_role("link").click()
    expect(ann.get_by_role("log").get_by_text(f"the {SECRET}?")).to_be_visible()
    expect(inbox).to_have_accessible_name("Inbox")


def talk_in_a_thread_and_make_a_post_of_it(people: People) -> None:
    ann, bo = people.ann.page, people.bo.page
    people.ann.go("/chat")
    people.ann.answers()
    ann.get_by_role("button", name="New thread").click()
    ann.get_by_role("dialog").get_by_label("Name").fill(f"{SECRET} prices")
    ann.get_by_role("dialog").get_by_role("button", name="Make thread").click()
    expect(ann.get_by_role("heading", name=f"{SECRET} prices")).to_be_visible()
    people.addresses.append(ann.evaluate("location.pathname"))
    say(ann, f"Ten a sack of {SECRET}.")
    people.bo.go(people.addresses[-1])
    expect(bo.get_by_role("log").get_by_text(f"Ten a sack of {SECRET}.")).to_be_visible()
    say(bo, "Nine.")
    expect(ann.get_by_role("log").get_by_text("Nine.")).to_be_visible()
    ann.get_by_role("button", name="Make a post").click()
    dialog = ann.get_by_role("dialog")
    dialog.get_by_label("Title").fill(f"What {SECRET} costs")
    dialog.get_by_role("button", name="Make draft").click()
    ann.wait_for_url("**/edit")
    expect(source(ann)).to_contain_text(f"Ten a sack of {SECRET}.")
    expect(source(ann)).to_contain_text("Nine.")
    people.addresses.append(ann.evaluate("location.pathname"))


def hear_nothing(people: People, said: Overhearing) -> None:
    page = people.stranger.page
    for address in people.addresses:
        people.stranger.go(address)
        expect(page.get_by_text(re.compile("doesn't exist")).first).to_be_visible()
    watch(people.stranger)
    assert said.listened > 0
    assert said.frames > 0
    assert said.heard == []
    # Nor by asking past the pages: their token is good, and these ids are real.
    thread_id = next(each for each in people.addresses if "/chat/" in each).rsplit("/", 1)[-1]
    options = {"numItems": 10, "cursor": None}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("query", "messages:list", {"thread_id": thread_id, "paginationOpts": options}),
        ("query", "typing:list", {"thread_id": thread_id}),
        ("mutation", "messages:send", {"thread_id": thread_id, "text": "I am listening."}),
        ("mutation", "threads:forPost", {"post_id": people.post_id}),
    ]
    token = (
        people.stack.client(login(people.stack, STRANGER)).post("/api/auth/realtime-token").json()["token"]
    )
    for kind, path, args in asked:
        answer = httpx.post(
            f"{people.stack.origin}/convex/api/{kind}",
            json={"path": path, "args": args, "format": "json"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        ).json()
        assert (answer["status"], answer["errorData"]["code"]) == ("error", "not_found"), (path, answer)


def sign_out_everywhere(people: People) -> None:
    ann, bo = people.ann.page, people.bo.page
    sign_in(people.bo_elsewhere, BO)
    people.bo_elsewhere.go(people.addresses[0])
    people.bo.go("/settings/sessions")
    people.bo.answers()
    bo.get_by_role("button", name="Sign out everywhere").click()
    bo.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    bo.wait_for_url("**/sign-in*")
    sign_in_page = re.compile("/sign-in")
    expect(people.bo_elsewhere.page).to_have_url(sign_in_page, timeout=SIGNED_OUT_WITHIN_MS)
    expect(people.bo_elsewhere.page.get_by_text(SECRET)).to_have_count(0)
    people.ann.go("/chat")
    say(ann, "Bo has left.")
    expect(ann.get_by_role("log").get_by_text("Bo has left.")).to_be_visible()


def login(stack: Stack, email: str) -> str:
    body = {"email": email, "password": PASSWORD}
    answer = httpx.post(f"{stack.origin}/api/auth/login", json=body, timeout=30)
    assert answer.is_success, answer.text
    return str(answer.json()["access_token"])


def source(page: Page) -> Locator:
    return page.locator(".cm-content")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^(Message .|Write a message$)"))


def say(page: Page, text: str) -> None:
    box(page).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")

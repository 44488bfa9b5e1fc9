"""What is live in the web app, by clicking: two people of one organization write together, publish, chat beside the post,
react, see each other and are told at once, make a post of a thread, and sign out everywhere. A person of another
organization looks at the same addresses and is told nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack
from tests.flows.web_app.overhearing import Overhearing

__all__ = ["browser"]

PASSWORD = "correct horse battery"
SECRET = "Sägemehl"
"""A word in all that the organization says."""


@dataclass
class People:
    stack: Stack
    ines: Window
    bo: Window
    addresses: list[str] = field(default_factory=list)


def test_two_people_write_and_talk_at_once_and_a_third_hears_nothing(stack: Stack, browser: Browser) -> None:
    make_organizations(stack)
    with (
        open_window(browser, stack.origin) as ines,
        open_window(browser, stack.origin) as bo,
        open_window(browser, stack.origin) as stranger,
    ):
        people = People(stack, ines, bo)
        sign_in(ines, "ann@sawmill.example.com")
        sign_in(bo, "bo@sawmill.example.com")
        sign_in(stranger, "ann@kiln.example.com")
        said = Overhearing(stranger, SECRET)
        frames = listen_to_sockets(stranger)
        write_together(people)
        publish(people)
        talk_beside_the_post(people)
        be_told_at_once(people)
        talk_in_a_thread_and_make_a_post_of_it(people)
        hear_nothing(people, stranger, said, frames)
        sign_out_everywhere(people)


def make_organizations(stack: Stack) -> None:
    ann = stack.client(stack.register("sawmill"))
    stack.register("kiln")
    invited = ann.post("/api/auth/invitations", json={"email": "bo@sawmill.example.com", "role": "moderator"})
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


def listen_to_sockets(window: Window) -> list[str]:
    """All that the window's sockets are told from now on."""
    frames: list[str] = []
    window.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame)))
    )
    return frames


def write_together(people: People) -> None:
    ines, bo = people.ines.page, people.bo.page
    people.ines.go("/posts/new")
    ines.get_by_label("Title").fill(f"The {SECRET} of last year")
    ines.keyboard.press("Enter")
    ines.keyboard.type("We kept it dry.\n\n")
    expect(ines.get_by_text("Saved · version")).to_be_visible()
    ines.wait_for_url("**/edit")
    slug = ines.url.rsplit("/", 2)[-2]
    client = people.stack.client(login(people.stack, "ann@sawmill.example.com"))
    post_id = client.get(f"/api/web/posts/by-slug/{slug}").json()["post_id"]
    bo_id = next(
        each["user_id"] for each in client.get("/api/auth/users").json()["items"] if "Bo" in each["name"]
    )
    named = client.patch(f"/api/web/posts/{post_id}", json={"editors": [bo_id]}, headers={"If-Match": "*"})
    assert named.is_success, named.text

    people.bo.go(f"/posts/{slug}/edit")
    expect(source(bo)).to_contain_text("We kept it dry.")
    source(bo).click()
    bo.keyboard.press("Control+End")
    bo.keyboard.type(f"Bo says: {SECRET} burns well.")
    expect(source(ines)).to_contain_text(f"Bo says: {SECRET} burns well.")
    source(ines).click()
    ines.keyboard.press("Control+Home")
    ines.keyboard.type("First: ")
    expect(source(bo)).to_contain_text("First: We kept it dry.")
    people.addresses.append(f"/posts/{slug}")


def publish(people: People) -> None:
    page = people.ines.page
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name=f"The {SECRET} of last year", level=1)).to_be_visible()
    page.wait_for_url(re.compile(r"/posts/[^/]+$"))
    text = page.get_by_role("article").first
    expect(page.get_by_role("main")).to_contain_text("First: We kept it dry.")
    expect(page.get_by_role("main")).to_contain_text(f"Bo says: {SECRET} burns well.")
    del text


def talk_beside_the_post(people: People) -> None:
    ines, bo = people.ines.page, people.bo.page
    people.bo.go(people.addresses[0])
    for page in (ines, bo):
        open_thread(page)
    expect(ines.get_by_role("img", name=re.compile(f"Bo {SECRET}")).first).to_be_visible()
    box = bo.get_by_role("textbox", name="Message this thread")
    box.click()
    bo.keyboard.type(f"Is the {SECRET} sold?")
    expect(ines.get_by_text(re.compile("is typing"))).to_be_visible()
    bo.keyboard.press("Enter")
    message = ines.get_by_role("log").get_by_text(f"Is the {SECRET} sold?")
    expect(message).to_be_visible()
    message.hover()
    ines.get_by_role("button", name="👍").first.click()
    expect(bo.get_by_role("log").get_by_role("button", name=re.compile("👍"))).to_be_visible()


def be_told_at_once(people: People) -> None:
    ines, bo = people.ines.page, people.bo.page
    people.ines.go("/posts")
    box = bo.get_by_role("textbox", name="Message this thread")
    box.click()
    bo.keyboard.type("@Ann")
    bo.get_by_role("option", name="Ann").click()
    bo.keyboard.type(f"the {SECRET}?")
    bo.keyboard.press("Enter")
    # Without a reload.
    link = ines.get_by_role("link", name=re.compile("Inbox 1 unread"))
    expect(link).to_be_visible()
    link.click()
    told = ines.get_by_role("region", name="Notifications").get_by_role("listitem").first
    expect(told).to_contain_text(f"Bo {SECRET}")
    told.get_by_role("link").first.click()
    expect(ines.get_by_role("log").get_by_text(f"the {SECRET}?")).to_be_visible()


def talk_in_a_thread_and_make_a_post_of_it(people: People) -> None:
    ines, bo = people.ines.page, people.bo.page
    people.ines.go("/chat")
    ines.get_by_role("button", name="New thread").click()
    ines.get_by_role("dialog").get_by_role("textbox").fill(f"{SECRET} prices")
    ines.get_by_role("dialog").get_by_role("button", name=re.compile("Start|Make|Create")).click()
    expect(ines.get_by_role("heading", name=f"{SECRET} prices")).to_be_visible()
    people.addresses.append(ines.evaluate("location.pathname"))
    say(ines, f"Ten a sack of {SECRET}.")
    people.bo.go(people.addresses[-1])
    expect(bo.get_by_role("log").get_by_text(f"Ten a sack of {SECRET}.")).to_be_visible()
    say(bo, "Nine.")
    expect(ines.get_by_role("log").get_by_text("Nine.")).to_be_visible()
    ines.get_by_role("button", name="Make a post").click()
    dialog = ines.get_by_role("dialog")
    dialog.get_by_label("Title").fill(f"What {SECRET} costs")
    dialog.get_by_role("button", name="Make a post").click()
    ines.wait_for_url("**/edit")
    expect(source(ines)).to_contain_text(f"Ten a sack of {SECRET}.")


def hear_nothing(people: People, stranger: Window, said: Overhearing, frames: list[str]) -> None:
    for address in people.addresses:
        stranger.go(address)
        expect(stranger.page.get_by_text(re.compile("doesn't exist")).first).to_be_visible()
    stranger.go("/chat")
    expect(stranger.page.get_by_role("log")).to_be_visible()
    assert said.listened > 0
    assert said.heard == []
    assert frames, "The stranger's socket was never heard."
    assert not [
        each
        for each in frames
        if SECRET in each or SECRET.encode("ascii", "backslashreplace").decode() in each
    ]


def sign_out_everywhere(people: People) -> None:
    ines, bo = people.ines.page, people.bo.page
    people.bo.go("/settings/sessions")
    bo.get_by_role("button", name=re.compile("Sign out everywhere")).click()
    bo.get_by_role("dialog").get_by_role("button", name=re.compile("Sign out")).click()
    bo.wait_for_url("**/sign-in*")
    people.ines.go("/chat")
    expect(ines.get_by_role("log")).to_be_visible()


def login(stack: Stack, email: str) -> str:
    body = {"email": email, "password": PASSWORD}
    answer = httpx.post(f"{stack.origin}/api/auth/login", json=body, timeout=30)
    assert answer.is_success, answer.text
    return str(answer.json()["access_token"])


def source(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".cm-content")


def open_thread(page: Page) -> None:
    page.get_by_role("tab", name=re.compile("Thread")).click()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name=re.compile("^Message ")).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")

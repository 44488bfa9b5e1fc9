"""The deployment is killed while two people chat, and whatever comes in its place is killed too, for ten seconds. Both
are told, and go on writing; what they wrote waits in sight, also over a reload, and arrives once and in order."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import psutil
from playwright.sync_api import Browser, Locator, Page, expect

from dfworx.cli.waiting import wait_until
from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"
ANN, BO = "ann@foundry.example.com", "bo@foundry.example.com"
SECONDS = 10
WRITTEN = 4
"""By each, meanwhile."""
WAITS = "Sends when you are back online"
LOST = re.compile("^Connecting again")


def test_what_is_written_while_the_deployment_is_down_arrives_once_and_in_order(
    stack: Stack, browser: Browser
) -> None:
    make_organization(stack)
    with open_window(browser, stack.origin) as ann, open_window(browser, stack.origin) as bo:
        begin(ann, bo)
        with held_down(stack):
            since = time.monotonic()
            write_meanwhile(ann, bo)
            reload_meanwhile(bo)
            assert wait_until(lambda: time.monotonic() - since > SECONDS, seconds=SECONDS + 1)
        arrive(ann, bo)
        assert said_in_order(list_messages(stack, ann))
        come_back_later(ann, bo)


def make_organization(stack: Stack) -> None:
    ann = stack.client(stack.register("foundry"))
    invited = ann.post("/api/auth/invitations", json={"email": BO, "role": "member"})
    accepted = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": "Bo", "password": PASSWORD},
        timeout=30,
    )
    assert accepted.is_success, accepted.text


@contextmanager
def held_down(stack: Stack) -> Iterator[None]:
    """The supervisor starts it anew each time; it never lives long enough to answer."""
    over = threading.Event()

    def hold() -> None:
        while True:
            for process in stack.processes("-m dfworx.realtime"):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            if over.wait(0.1):
                return

    killer = threading.Thread(target=hold)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def begin(ann: Window, bo: Window) -> None:
    for window, email in ((ann, ANN), (bo, BO)):
        window.go("/sign-in")
        window.sign_in(email, PASSWORD)
        window.at("/posts")
        window.go("/chat")
        expect(box(window.page)).to_be_visible()
    for window, name in ((ann, "Ann"), (bo, "Bo")):
        say(window.page, f"{name} 0")
    for window in (ann, bo):
        expect(messages(window.page)).to_have_count(2)
        expect(log(window.page).get_by_text("Sending")).to_have_count(0)


def write_meanwhile(ann: Window, bo: Window) -> None:
    # As it dies: whether these have arrived, nobody is told.
    say(ann.page, "Ann 1")
    say(bo.page, "Bo 1")
    for window in (ann, bo):
        expect(window.page.get_by_text(LOST)).to_have_count(1)
        expect(window.page.get_by_text(LOST)).to_be_visible()
    for number in range(2, WRITTEN + 1):
        say(ann.page, f"Ann {number}")
        say(bo.page, f"Bo {number}")
    for window in (ann, bo):
        expect(log(window.page).get_by_text(WAITS).nth(WRITTEN - 2)).to_be_visible()


def reload_meanwhile(bo: Window) -> None:
    """The page comes without what was said; what is on its way is on the device."""
    bo.page.reload()
    expect(bo.page.get_by_text(LOST)).to_be_visible()
    kept = bo.page.evaluate("JSON.stringify(localStorage)")
    assert all(f"Bo {number}" in kept for number in range(2, WRITTEN + 1))


def arrive(ann: Window, bo: Window) -> None:
    for window in (ann, bo):
        expect(messages(window.page)).to_have_count(2 * (WRITTEN + 1))
        expect(log(window.page).get_by_text(WAITS)).to_have_count(0)
        expect(window.page.get_by_text(LOST)).to_have_count(0)
        assert said_in_order(shown(window.page))
    assert shown(ann.page) == shown(bo.page)


def come_back_later(ann: Window, bo: Window) -> None:
    """Nothing is left on the devices to be sent again."""
    before = shown(ann.page)
    for window in (ann, bo):
        window.page.reload()
        expect(messages(window.page)).to_have_count(len(before))
        assert shown(window.page) == before
        assert ".sending." not in window.page.evaluate("JSON.stringify(Object.keys(localStorage))")


def said_in_order(texts: list[str]) -> bool:
    """All, once, each person's as they wrote them."""
    wanted = {name: [f"{name} {number}" for number in range(WRITTEN + 1)] for name in ("Ann", "Bo")}
    found = {name: [text for text in texts if text.startswith(name)] for name in wanted}
    return found == wanted


def list_messages(stack: Stack, ann: Window) -> list[str]:
    """As any client of the deployment is told."""
    body = {"email": ANN, "password": PASSWORD}
    access = httpx.post(f"{stack.origin}/api/auth/login", json=body, timeout=30).json()["access_token"]
    token = stack.client(access).post("/api/auth/realtime-token").json()["token"]
    thread_id = ann.page.url.rsplit("/", 1)[-1]
    answer = httpx.post(
        f"{stack.origin}/convex/api/query",
        json={
            "path": "messages:list",
            "args": {"thread_id": thread_id, "paginationOpts": {"numItems": 100, "cursor": None}},
            "format": "json",
        },
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    ).json()
    assert answer["status"] == "success", answer
    # The newest first.
    return [each["text"] for each in reversed(answer["value"]["page"])]


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message everyone")


def say(page: Page, text: str) -> None:
    box(page).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def messages(page: Page) -> Locator:
    """Those that have arrived."""
    return log(page).get_by_role("article")


def shown(page: Page) -> list[str]:
    return messages(page).locator(".prose").all_inner_texts()

"""The rest of the way in, and what is one's own, in a real browser: invitations by the link that is mailed,
forgotten passwords, and the pages of settings."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack
from tests.flows.web_app.mailbox import link_in_mail

__all__ = ["browser"]

PASSWORD = "correct horse battery"
NEW_PASSWORD = "battery staple correct"


@pytest.fixture(scope="module")
def pier(stack: Stack) -> str:
    """An organization with its admin; its slug."""
    stack.register("pier")
    return "pier"


def signed_in(window: Window, address: str, password: str = PASSWORD) -> None:
    window.go("/sign-in")
    window.sign_in(address, password)
    window.at("/posts")


def invite(window: Window, address: str, role: str = "Member") -> None:
    page = window.page
    window.go("/settings/members")
    page.get_by_role("button", name="Invite", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill(address)
    dialog.get_by_label("Role").select_option(role)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_role("heading", name=f"{address} is invited")).to_be_visible()


def test_a_new_person_comes_by_the_mailed_link_and_is_shut_out_again(
    stack: Stack, pier: str, browser: Browser
) -> None:
    with (
        open_window(browser, stack.origin) as admin,
        open_window(browser, stack.origin, width=390, height=844) as guest,
    ):
        signed_in(admin, f"ann@{pier}.example.com")
        invite(admin, "ines@pier.example.com")
        shown = admin.page.get_by_label("Link", exact=True).input_value()
        admin.page.get_by_role("button", name="Done").click()
        expect(admin.page.get_by_role("button", name="Withdraw the invitation of ines@")).to_be_visible()
        link = link_in_mail(stack, "ines@pier.example.com", "/invitations/")
        # Each has its own; either opens the invitation, once.
        assert shown.startswith(f"{stack.origin}/invitations/") and shown != stack.origin + link

        page = guest.page
        guest.go(link)
        page.get_by_role("button", name="Join Pier").click()
        expect(page.get_by_text("Write your name, up to 100 characters.")).to_be_visible()
        page.get_by_label("Your name").fill("Ines Okafor")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Join Pier").click()
        guest.at("/posts")
        for used in (link, shown.removeprefix(stack.origin)):
            guest.go(used)
            expect(page.get_by_role("heading", name="This invitation can't be used any more")).to_be_visible()
        guest.go("/settings/members")
        expect(
            page.get_by_role("heading", name="This page doesn't exist, or it isn't shared")
        ).to_be_visible()

        admin.page.reload()
        admin.page.get_by_role("button", name="More for Ines Okafor").click()
        admin.page.get_by_role("menuitem", name="Deactivate").click()
        expect(admin.page.get_by_role("heading", name="Deactivate Ines Okafor?")).to_be_visible()
        expect(admin.page.get_by_role("button", name="Keep active")).to_be_focused()
        admin.page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
        expect(admin.page.get_by_role("button", name="Reactivate")).to_be_visible()
        guest.go("/posts")
        guest.at("/sign-in")


def test_a_known_person_accepts_by_password_and_while_signed_in(
    stack: Stack, pier: str, browser: Browser
) -> None:
    stack.register("quay")
    with open_window(browser, stack.origin) as admin, open_window(browser, stack.origin) as window:
        signed_in(admin, f"ann@{pier}.example.com")
        invite(admin, "ann@quay.example.com", "Guest")
        link = link_in_mail(stack, "ann@quay.example.com", "/invitations/")
        page = window.page
        window.go(link)
        page.get_by_label("Password of ann@quay.example.com").fill("wrong horse battery")
        page.get_by_role("button", name="Join Pier").click()
        expect(page.get_by_text("This password is wrong.")).to_be_visible()
        signed_in(window, "ann@quay.example.com")
        window.go(link)
        expect(page.get_by_text("You are signed in as Ann (ann@quay.example.com)")).to_be_visible()
        page.get_by_role("button", name="Join Pier").click()
        window.at("/posts")
        expect(page.get_by_role("button", name="Pier switch")).to_be_visible()


def test_who_forgot_the_password_sets_another_by_mail(stack: Stack, browser: Browser) -> None:
    stack.register("buoy")
    address = "ann@buoy.example.com"
    with open_window(browser, stack.origin) as window:
        page = window.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        window.go("/sign-in")
        page.get_by_role("link", name="Forgot it?").click()
        window.at("/forgot-password")
        page.get_by_label("Email").fill(address)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        link = link_in_mail(stack, address, "/reset-password")
        token = link.partition("#")[2]
        assert token

        window.go(link)
        page.get_by_label("New password").fill(NEW_PASSWORD)
        page.get_by_label("The same once more").fill("something else")
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_text("The two passwords differ.")).to_be_visible()
        page.get_by_label("The same once more").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
        assert not [url for url in asked if token in url.partition("#")[0]], "no server's log may have it"
        signed_in(window, address, NEW_PASSWORD)

        page.goto("about:blank")
        window.go(link)
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("The same once more").fill(PASSWORD)
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("heading", name="This link can't be used any more")).to_be_visible()
        page.get_by_role("link", name="Ask for another link").click()
        window.at("/forgot-password")


def test_what_is_set_is_kept_and_what_is_refused_is_taken_back(stack: Stack, browser: Browser) -> None:
    stack.register("jetty")
    with open_window(browser, stack.origin) as window:
        page = window.page
        signed_in(window, "ann@jetty.example.com")

        window.go("/settings/profile")
        page.get_by_label("Name", exact=True).fill("Ann of the Jetty")
        page.get_by_label("About you").fill("Keeps the **lamp**. <img src=x onerror=alert(1)>")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        page.get_by_role("link", name="As others see you").click()
        expect(page.get_by_role("heading", name="Ann of the Jetty", level=1)).to_be_visible()
        expect(page.locator("strong", has_text="lamp")).to_be_visible()

        window.go("/settings/notifications")
        mail = page.get_by_role("switch", name="Somebody comments on your post: Mail")
        expect(mail).not_to_be_checked()
        mail.click()
        expect(page.get_by_text("Saved")).to_be_visible()
        page.reload()
        expect(mail).to_be_checked()
        page.route("**/api/web/preferences", lambda route: route.abort())
        mail.click()
        expect(page.get_by_text("The server can't be reached.")).to_be_visible()
        expect(mail).to_be_checked()

        window.go("/settings/appearance")
        page.get_by_text("Dark", exact=True).click()
        page.get_by_text("Compact", exact=True).click()
        page.reload()
        expect(page.locator("html[data-theme=dark][data-density=compact]")).to_be_attached()


def test_one_session_is_signed_out_and_then_all(stack: Stack, browser: Browser) -> None:
    stack.register("mole")
    address = "ann@mole.example.com"
    httpx.post(f"{stack.origin}/api/auth/login", json={"email": address, "password": PASSWORD}, timeout=30)
    with open_window(browser, stack.origin) as window:
        page = window.page
        signed_in(window, address)
        window.go("/settings/sessions")
        expect(page.get_by_text("Chrome on Linux")).to_be_visible()
        page.get_by_role("button", name="Sign out python-httpx").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("dialog")).to_be_hidden()

        page.get_by_label("Current password").fill("wrong horse battery")
        page.get_by_label("New password").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_text("This password is wrong.")).to_be_visible()
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out python-httpx")).to_have_count(0)

        page.get_by_role("button", name="Sign out everywhere").click()
        page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
        window.at("/sign-in")
        signed_in(window, address, NEW_PASSWORD)

"""The dashboard, by clicking: an admin changes a setting, decides on what was flagged, runs, exports and keeps a
report, deactivates somebody who is here, and finds all of it in the audit log. A member is refused, and the admin of
another organization is told nothing of it. Every screen in both themes and two widths."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from dfworx.cli.waiting import wait_until
from tests.flows.browser import Window, browser, open_window, pictures_folder
from tests.flows.conftest import Stack
from tests.flows.web_app.accessibility import violations
from tests.flows.web_app.overhearing import Overhearing

__all__ = ["browser"]

PASSWORD = "correct horse battery"
ANN, BO, STRANGER = "ann@quarry.example.com", "bo@quarry.example.com", "ann@brickyard.example.com"
SECRET = "Schiefer"
"""A word in all that the organization says."""
PLACES = {
    "": "Overview",
    "/members": "Members",
    "/moderation": "Moderation",
    "/settings": "Settings",
    "/reports": "Reports",
    "/audit": "Audit log",
    "/logs": "System logs",
    "/health-of-parts": "Health",
}


def test_an_admin_runs_the_organization_and_another_sees_nothing_of_it(
    stack: Stack, browser: Browser, tmp_path: Path
) -> None:
    ann_client = stack.client(stack.register("quarry"))
    stack.register("brickyard")
    bo_client = join(stack, ann_client)
    flag_a_post(ann_client, bo_client)
    with (
        open_window(browser, stack.origin) as ann,
        open_window(browser, stack.origin) as bo,
        open_window(browser, stack.origin) as stranger,
    ):
        enter(ann, ANN)
        enter(bo, BO)
        expect(bo.page.get_by_role("heading", name="This is for admins")).to_be_visible()
        enter(stranger, STRANGER)
        said = Overhearing(stranger, SECRET)
        come_from_the_posts(ann)
        change_a_setting(ann, ann_client)
        decide(ann)
        report(ann)
        see_where_somebody_is_signed_in(ann)
        deactivate(ann, bo, bo_client)
        find_it_all_in_the_audit_log(ann, ann_client)
        for path in PLACES:
            look(stranger, path)
        assert said.heard == []
    folder = pictures_folder(tmp_path)
    for dark in (False, True):
        for width in (1440, 390):
            with open_window(browser, stack.origin, width=width, dark=dark) as window:
                enter(window, ANN)
                for path, name in PLACES.items():
                    look(window, path)
                    theme = "dark" if dark else "light"
                    window.page.screenshot(path=folder / f"admin-{name.lower()}-{width}-{theme}.png")
                    assert not violations(window.page), (path, width, theme)
                    assert not window.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def join(stack: Stack, ann: httpx.Client) -> httpx.Client:
    invited = ann.post("/api/auth/invitations", json={"email": BO, "role": "member"})
    accepted = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": f"Bo {SECRET}", "password": PASSWORD},
        timeout=30,
    )
    assert accepted.is_success, accepted.text
    return stack.client(accepted.json()["access_token"])


def flag_a_post(ann: httpx.Client, bo: httpx.Client) -> None:
    post = ann.post(
        "/api/web/posts", json={"title": f"The {SECRET} ledger", "content": "All counted."}
    ).json()
    assert ann.post(f"/api/web/posts/{post['post_id']}/publish").is_success
    flagged = bo.post(
        "/api/web/flags", json={"kind": "post", "id": post["post_id"], "reason": "confidential", "note": ""}
    )
    assert flagged.is_success, flagged.text


def enter(window: Window, email: str) -> None:
    window.go("/sign-in?next=/admin")
    window.sign_in(email, PASSWORD)
    window.at("/admin")
    window.answers()


def look(window: Window, path: str) -> None:
    window.go("/admin" + path)
    expect(window.page.get_by_role("heading", name=PLACES[path], level=1)).to_be_visible()
    expect(window.page.get_by_text("Loading")).to_have_count(0)
    window.answers()


def come_from_the_posts(ann: Window) -> None:
    ann.page.get_by_role("link", name="Back to workspace").locator("visible=true").click()
    ann.at("/posts")
    ann.answers()
    ann.page.get_by_role("button", name="Account of Ann").click()
    ann.page.get_by_role("menuitem", name="Admin dashboard").click()
    ann.at("/admin")


def change_a_setting(ann: Window, client: httpx.Client) -> None:
    look(ann, "/settings")
    page = ann.page
    # While the list is narrowed, what is written in one that stays is kept.
    page.get_by_label("Find a setting").fill("password")
    setting = page.get_by_role("listitem").filter(has=page.get_by_label("password_min_length"))
    setting.get_by_label("password_min_length").fill("3")
    expect(page.get_by_label("sign_up")).to_have_count(0)
    setting.get_by_role("button", name="Save").click()
    expect(setting.get_by_role("alert")).to_be_visible()
    setting.get_by_label("password_min_length").fill("12")
    setting.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    items = client.get("/api/admin/settings").json()["items"]
    assert {each["key"]: each["value"] for each in items}["password_min_length"] == 12


def decide(ann: Window) -> None:
    look(ann, "/moderation")
    page = ann.page
    expect(page.get_by_text(f"The {SECRET} ledger")).to_be_visible()
    page.get_by_label("Reason, which the audit log keeps").fill("Everybody may count.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Nothing is flagged")).to_be_visible()


def report(ann: Window) -> None:
    look(ann, "/reports")
    page = ann.page
    page.get_by_label("Which report").select_option("content_health")
    expect(page.get_by_role("cell", name=f"The {SECRET} ledger")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert f"The {SECRET} ledger" in Path(download.value.path()).read_text()
    page.get_by_label("Name to keep it under").fill("Autumn")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(kept(page)).to_be_visible()
    page.reload()
    expect(kept(page)).to_be_visible()


def kept(page: Page) -> Locator:
    return page.get_by_role("region", name="Kept reports").get_by_role("listitem").filter(has_text="Autumn")


def see_where_somebody_is_signed_in(ann: Window) -> None:
    look(ann, "/members")
    ann.page.get_by_role("button", name=f"Change Bo {SECRET}").click()
    ann.page.get_by_role("menuitem", name="Where they are signed in").click()
    dialog = ann.page.get_by_role("dialog")
    expect(dialog.get_by_text("Chrome").first).to_be_visible()
    assert violations(ann.page) == []
    dialog.get_by_role("button", name="Close").click()


def deactivate(ann: Window, bo: Window, bo_client: httpx.Client) -> None:
    bo.go("/posts")
    bo.answers()
    # Of two that are chosen one is the last admin: that is told, and the other is deactivated.
    look(ann, "/members")
    for name in ("Ann", f"Bo {SECRET}"):
        ann.page.get_by_role("checkbox", name=f"Choose {name}").click()
    ann.page.get_by_role("button", name="Change those").click()
    ann.page.get_by_role("menuitem", name="Deactivate").click()
    expect(ann.page.get_by_role("alert").filter(has_text="This was not changed")).to_be_visible()
    expect(ann.page.get_by_text("Deactivated")).to_have_count(1)
    assert wait_until(lambda: bo_client.get("/api/auth/me").status_code == 401, seconds=10)
    bo.go("/posts")
    expect(bo.page.get_by_role("button", name="Sign in")).to_be_visible()


def find_it_all_in_the_audit_log(ann: Window, client: httpx.Client) -> None:
    entries = client.get("/api/admin/audit-logs", params={"limit": 100}).json()["items"]
    assert any("is_active" in each["fields"] for each in entries)
    look(ann, "/audit")
    things = ann.page.get_by_label("Which things")
    things.select_option("Posts")
    expect(ann.page.get_by_role("button", name="a person")).to_have_count(0)
    expect(ann.page.get_by_role("button", name="Ann added a post")).to_be_visible()
    ann.page.get_by_label("Since").fill("2099-01-01")
    expect(ann.page.get_by_role("heading", name="No entry matches")).to_be_visible()
    ann.page.get_by_label("Since").fill("")
    things.select_option("All things")
    for told in ("Ann added a decision", "Ann added a report", "Ann added a setting"):
        row = ann.page.get_by_role("button", name=told)
        expect(row).to_be_visible()
    row.click()
    expect(ann.page.get_by_role("cell", name="12", exact=True)).to_be_visible()

"""The web app as people use it: a real browser, against a whole install through its gateway."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"
POSTS = 40
TEXT = """## Why

Boats come in at night, and **somebody** has to see them.

## How

| Light | Reach |
|---|---|
| the tower | 12 miles |

```python
def shine() -> None: ...
```

<script>document.title = "taken"</script>
"""


@dataclass
class Organization:
    slug: str
    email: str
    token: str


def new_organization(stack: Stack, slug: str, posts: int = 0) -> Organization:
    made = Organization(slug, f"ann@{slug}.example.com", stack.register(slug))
    client = stack.client(made.token)
    for number in range(1, posts + 1):
        post = client.post("/api/web/posts", json={"title": f"Light number {number}", "content": TEXT})
        assert post.status_code == 201, post.text
        published = client.post(f"/api/web/posts/{post.json()['post_id']}/publish")
        assert published.status_code == 200, published.text
    return made


@pytest.fixture(scope="module")
def lights(stack: Stack) -> Organization:
    return new_organization(stack, "lights", POSTS)


def signed_in(window: Window, organization: Organization) -> None:
    window.go("/sign-in")
    window.sign_in(organization.email, PASSWORD)
    window.at("/posts")


def test_a_person_starts_an_organization_leaves_and_comes_back(stack: Stack, browser: Browser) -> None:
    with open_window(browser, stack.origin) as window:
        page = window.page
        window.go("/")
        window.at("/sign-in")
        page.get_by_role("link", name="start an organization").click()
        window.at("/sign-up")
        page.get_by_label("Organization").fill("Harbour Office")
        assert page.get_by_label("Short name").input_value() == "harbour-office"
        page.get_by_role("button", name="Start organization").click()
        expect(page.get_by_label("Your name")).to_be_focused()
        expect(page.get_by_text("Write your name, up to 100 characters.")).to_be_visible()
        page.get_by_label("Your name").fill("Ines Okafor")
        page.get_by_label("Email").fill("ines@harbour.example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Start organization").click()
        window.at("/posts")
        expect(page.get_by_role("heading", name="No posts yet")).to_be_visible()

        page.get_by_role("button", name="Account of Ines Okafor").click()
        page.get_by_role("menuitem", name="Sign out").click()
        window.at("/sign-in")
        window.go("/posts?status=draft")
        window.at("/sign-in?next=%2Fposts%3Fstatus%3Ddraft")
        window.sign_in("ines@harbour.example.com", "wrong horse battery")
        expect(page.get_by_text("Email and password don't match.")).to_be_visible()
        window.sign_in("ines@harbour.example.com", PASSWORD)
        window.at("/posts?status=draft")
        expect(page.get_by_role("button", name="Harbour Office")).to_be_visible()


def test_posts_are_listed_and_read(stack: Stack, lights: Organization, browser: Browser) -> None:
    with open_window(browser, stack.origin) as window:
        page = window.page
        signed_in(window, lights)
        expect(page.get_by_role("link", name=f"Light number {POSTS}", exact=True)).to_be_visible()
        # The oldest is on the next page, which comes as one scrolls.
        oldest = page.get_by_role("link", name="Light number 1", exact=True)
        for _ in range(20):
            page.mouse.move(700, 600)
            page.mouse.wheel(0, 2000)
            if oldest.count():
                break
            page.wait_for_load_state("networkidle")
        oldest.click()
        window.at("/posts/light-number-1")
        expect(page.get_by_role("heading", name="Light number 1", level=1)).to_be_visible()
        expect(page.get_by_role("cell", name="the tower")).to_be_visible()
        expect(page).to_have_title("Light number 1 · DFWorX")
        page.get_by_role("navigation", name="On this page").get_by_role("link", name="How").click()
        assert page.url.endswith("how")


def test_pages_come_with_what_they_show(stack: Stack, lights: Organization) -> None:
    """No spinner and no second request: what is read stands in the HTML."""
    with httpx.Client(base_url=stack.origin, timeout=60) as client:
        body = {"email": lights.email, "password": PASSWORD, "session": "cookie"}
        signed = client.post("/api/auth/login", json=body, headers={"Origin": stack.origin})
        assert signed.status_code == 200, signed.text
        assert f"Light number {POSTS}" in client.get("/posts").text
        assert "somebody</strong> has to see them" in client.get("/posts/light-number-1").text


def test_a_session_goes_on_when_its_access_token_has_run_out(
    stack: Stack, lights: Organization, browser: Browser
) -> None:
    with open_window(browser, stack.origin) as window:
        signed_in(window, lights)
        for path, title in (("/posts/light-number-2", "Light number 2"), ("/posts", "Posts")):
            window.context.clear_cookies(name="dfworx_access")
            window.go(path)
            expect(window.page.get_by_role("heading", name=title, level=1)).to_be_visible()
            assert window.page.url == stack.origin + path


def test_a_session_that_was_ended_elsewhere_leads_to_the_door(
    stack: Stack, lights: Organization, browser: Browser
) -> None:
    with open_window(browser, stack.origin) as window:
        signed_in(window, lights)
        window.context.clear_cookies(name="dfworx_access")
        window.context.clear_cookies(name="dfworx_refresh")
        window.go("/posts/light-number-2")
        window.at("/sign-in?next=%2Fposts%2Flight-number-2")


def test_no_script_can_read_a_token(stack: Stack, lights: Organization, browser: Browser) -> None:
    with open_window(browser, stack.origin) as window:
        signed_in(window, lights)
        kept = window.page.evaluate(
            "document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
        )
        cookies = {each["name"]: each for each in window.context.cookies()}
        for name in ("dfworx_access", "dfworx_refresh"):
            assert cookies[name]["httpOnly"]
            assert cookies[name]["value"] not in kept
        assert "eyJ" not in kept + window.page.content()


def test_who_belongs_to_several_organizations_chooses(stack: Stack, browser: Browser) -> None:
    for name in ("North Pier", "South Pier"):
        body = {
            "organization": {"name": name, "slug": name.lower().replace(" ", "-")},
            "user": {"name": "Ann", "email": "ann@piers.example.com", "password": PASSWORD},
        }
        assert httpx.post(f"{stack.origin}/api/auth/register", json=body, timeout=60).status_code == 201
    with open_window(browser, stack.origin) as window:
        window.go("/sign-in")
        window.sign_in("ann@piers.example.com", PASSWORD)
        expect(window.page.get_by_role("heading", name="Which organization?")).to_be_visible()
        window.page.get_by_role("button", name="South Pier").click()
        window.at("/posts")
        window.page.get_by_role("button", name="South Pier").click()
        window.page.get_by_role("menuitemradio", name="North Pier").click()
        expect(window.page.get_by_role("button", name="North Pier")).to_be_visible()


def test_another_organizations_post_is_not_there(
    stack: Stack, lights: Organization, browser: Browser
) -> None:
    stranger = new_organization(stack, "strangers")
    with open_window(browser, stack.origin) as window:
        signed_in(window, stranger)
        window.go("/posts/light-number-1")
        told = window.page.get_by_role(
            "heading", name="This page doesn't exist, or it isn't shared with you."
        )
        expect(told).to_be_visible()
        assert "Light number" not in window.page.content()


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "/.//evil.example"]
)
def test_no_address_leads_elsewhere_after_signing_in(
    stack: Stack, lights: Organization, browser: Browser, next_page: str
) -> None:
    with open_window(browser, stack.origin) as window:
        window.go(f"/sign-in?next={next_page}")
        window.sign_in(lights.email, PASSWORD)
        window.at("/posts")


def test_every_page_has_a_policy_of_its_own(stack: Stack) -> None:
    first, second = (httpx.get(f"{stack.origin}/sign-in", timeout=60) for _ in range(2))
    policies = [answer.headers["content-security-policy"] for answer in (first, second)]
    assert policies[0] != policies[1]
    for policy in policies:
        assert "'strict-dynamic'" in policy and "unsafe-eval" not in policy
        assert "script-src 'self' 'nonce-" in policy and "frame-ancestors 'none'" in policy


def test_theme_and_language_are_there_from_the_first_byte(stack: Stack) -> None:
    german = httpx.get(
        f"{stack.origin}/sign-in", cookies={"theme": "dark"}, headers={"Accept-Language": "de-AT"}, timeout=60
    )
    assert 'data-theme="dark"' in german.text and 'lang="de"' in german.text
    assert "Anmelden" in german.text

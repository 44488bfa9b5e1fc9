"""What people with bad intentions write, in every place where others read it, in a real browser: nothing of it runs and
nothing asks another site, with the policy that the pages carry and without it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Request, expect

from dfworx.cli.home import CHECKOUT
from dfworx.cli.parts.node import node_executable
from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

PASSWORD = "correct horse battery"
NAME = '"><img src=x onerror=alert(1)>'
AT_ONCE = 25
PAYLOADS = "apps/web/features/markdown/payloads.ts"
READ = f"""
const ts = require("typescript"), source = require("fs").readFileSync("{PAYLOADS}", "utf8"), made = {{}};
const options = {{ module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }};
new Function("exports", ts.transpile(source, options))(made);
process.stdout.write(JSON.stringify(made.payloads));
"""


@dataclass
class Besieged:
    """An organization whose every name, title and text is an attack."""

    email: str
    pages: list[str]


def read_payloads(stack: Stack) -> list[str]:
    """The same that the unit tests of Markdown render."""
    node = str(node_executable(stack.home.path))
    done = subprocess.run([node, "-e", READ], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    # Of what the API takes: a NUL is refused.
    payloads = [str(each).replace("\0", "") for each in json.loads(done.stdout)]
    assert len(payloads) > 500
    return payloads


@pytest.fixture(scope="module")
def besieged(stack: Stack) -> Besieged:
    email = "mallory@siege.example.com"
    person = {"name": NAME, "email": email, "password": PASSWORD}
    body = {"organization": {"name": NAME, "slug": "siege"}, "user": person}
    registered = httpx.post(f"{stack.origin}/api/auth/register", json=body, timeout=60)
    assert registered.status_code == 201, registered.text
    client = stack.client(registered.json()["access_token"])
    category = client.post("/api/web/categories", json={"name": NAME, "slug": "siege"})
    assert category.status_code == 201, category.text
    payloads = read_payloads(stack)
    written = [payload for payload in payloads if payload.isprintable()]
    slugs, post = [], {}
    for at in range(0, len(payloads), AT_ONCE):
        title = written[at % len(written)][:200]
        content = "\n\n".join(payloads[at : at + AT_ONCE])
        made = client.post("/api/web/posts", json={"title": title, "content": content, "category": "siege"})
        assert made.status_code == 201, made.text
        post = made.json()
        assert client.post(f"/api/web/posts/{post['post_id']}/publish").status_code == 200
        slugs.append(post["slug"])
    for payload in written[::20]:
        comment = client.post(f"/api/web/posts/{post['post_id']}/comments", json={"content": payload})
        assert comment.status_code == 201, comment.text
    # The API refuses names with angles and double quotes.
    name = {"name": "' onerror=alert(1) '.txt", "post_id": post["post_id"]}
    file = client.post("/api/web/files", params=name, content=b"a")
    assert file.status_code == 201, file.text
    last = slugs[-1]
    return Besieged(
        email,
        [
            *(f"/posts/{slug}" for slug in slugs),
            *(f"/posts/{last}/edit", f"/posts/{last}/revisions", "/posts", "/posts?category=siege"),
            *("/search?q=alert", "/search?q=alert&kind=comment", "/notifications", "/you"),
            *(f"/people/{registered.json()['user']['user_id']}", "/settings/profile", "/settings/members"),
        ],
    )


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_nothing_that_people_write_runs(
    stack: Stack, besieged: Besieged, browser: Browser, policy: bool
) -> None:
    with open_window(browser, stack.origin, policy=policy) as window:
        ran: list[str] = []
        asked: list[str] = []

        def told(dialog: Dialog) -> None:
            ran.append(window.page.url)
            dialog.dismiss()

        def requested(request: Request) -> None:
            if not request.url.startswith((f"{stack.origin}/", "data:", "blob:")):
                asked.append(f"{request.url} of {window.page.url}")

        window.page.on("dialog", told)
        window.page.on("request", requested)
        window.go("/sign-in")
        window.sign_in(besieged.email, PASSWORD)
        window.at("/posts")
        for path in besieged.pages:
            show(window, path)
        assert (ran, asked) == ([], [])


def show(window: Window, path: str) -> None:
    """Until all of it is there: what the browser asks for besides, as well."""
    window.go(path)
    expect(window.page.get_by_role("main")).to_be_visible()
    window.page.wait_for_load_state("networkidle")

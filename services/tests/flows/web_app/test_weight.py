"""What pages cost before anybody touches them: how much script a reading page fetches, in bytes as they come over the
wire, and how far a list moves while it comes."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.flows.browser import Window, browser, open_window
from tests.flows.conftest import Stack

__all__ = ["browser"]

MOST = 200_000
PASSWORD = "correct horse battery"
TEXT = """
Lamps are trimmed at dusk[^1].

| Lamp | Oil |
|---|---|
| north | 3 l |

## What burns

```python
for lamp in lamps:
    lamp.trim()
```

The range is $r = \\sqrt{h}$.

## What doesn't

> Wet wicks.

[^1]: Earlier in fog.
"""


class Fetched:
    """What a window fetches from now on, as one that holds nothing yet."""

    def __init__(self, page: Page) -> None:
        self._scripts: dict[str, str] = {}
        self._bytes: dict[str, float] = {}
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._ended)

    def _begun(self, event: dict[str, object]) -> None:
        response = event["response"]
        if event["type"] == "Script" and isinstance(response, dict):
            self._scripts[str(event["requestId"])] = str(response["url"])

    def _ended(self, event: dict[str, object]) -> None:
        self._bytes[str(event["requestId"])] = float(str(event["encodedDataLength"]))

    @property
    def scripts(self) -> dict[str, int]:
        """Bytes by address, the largest first, headers included."""
        sizes = {url: int(self._bytes.get(request, 0)) for request, url in self._scripts.items()}
        return dict(sorted(sizes.items(), key=lambda each: -each[1]))


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((each) => each.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


def settle(window: Window) -> None:
    """Until nothing is left to fetch, also of what waits until nothing else is to do."""
    for _ in range(2):
        window.page.wait_for_load_state("networkidle")
        window.page.evaluate("() => new Promise((done) => requestIdleCallback(done))")


def told(scripts: dict[str, int]) -> str:
    lines = [f"{size:>7} {url.rpartition('/')[2]}" for url, size in list(scripts.items())[:8]]
    return "\n".join([f"{sum(scripts.values())} bytes of script; the largest:", *lines])


@pytest.fixture(scope="module")
def client(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("scales"))


def publish(client: httpx.Client, title: str, comments: int = 0) -> str:
    post = client.post("/api/web/posts", json={"title": title, "content": TEXT}).json()
    assert client.post(f"/api/web/posts/{post['post_id']}/publish").status_code == 200
    for number in range(comments):
        body = {"content": f"Comment **{number}**"}
        assert client.post(f"/api/web/posts/{post['post_id']}/comments", json=body).status_code == 201
    return str(post["slug"])


def sign_in(window: Window) -> None:
    window.go("/sign-in")
    window.sign_in("ann@scales.example.com", PASSWORD)
    window.at("/posts")
    settle(window)


@pytest.mark.parametrize("comments", [0, 2], ids=["alone", "with comments beside it"])
def test_a_reading_page_comes_with_little_script(
    stack: Stack, client: httpx.Client, browser: Browser, comments: int
) -> None:
    slug = publish(client, "Lamps", comments)
    with open_window(browser, stack.origin) as window:
        sign_in(window)
        fetched = Fetched(window.page)
        window.go(f"/posts/{slug}")
        expect(window.page.get_by_role("heading", name="Lamps", level=1)).to_be_visible()
        expect(window.page.locator("strong", has_text="1")).to_have_count(min(comments, 1))
        settle(window)
        scripts = fetched.scripts
    assert sum(scripts.values()) > 100_000, f"This can't be all.\n{told(scripts)}"
    assert sum(scripts.values()) < MOST, told(scripts)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("density", ["comfortable", "compact"])
def test_a_list_does_not_move_while_it_comes(
    stack: Stack, client: httpx.Client, browser: Browser, width: int, density: str
) -> None:
    titles = [f"Lamp {number} of {density} {width}" for number in range(6)]
    for title in titles:
        publish(client, title)
    with open_window(browser, stack.origin, width=width) as window:
        sign_in(window)
        window.context.add_cookies([{"name": "density", "value": density, "url": stack.origin}])
        window.page.add_init_script(SHIFTS)
        window.go("/posts")
        expect(window.page.get_by_role("link", name=titles[0])).to_be_visible()
        settle(window)
        assert window.page.evaluate("() => window.shifts") == []

"""Every screen, in both themes and two widths: axe finds nothing, nothing reaches beyond the side, and whoever ran the
tests finds a picture of each in the state folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.browser import Window, browser, open_window, pictures_folder
from tests.flows.conftest import Stack
from tests.flows.web_app.accessibility import violations
from tests.flows.web_app.furnishing import NEW_PASSWORD, PASSWORD, Furnished, furnish
from tests.flows.web_app.openings import Visit
from tests.flows.web_app.screens import AREAS, NEWCOMER, NOBODY, Screen

__all__ = ["browser"]

WIDTHS = {1440: 900, 390: 844}


@pytest.fixture(scope="module")
def furnished(stack: Stack) -> Furnished:
    return furnish(stack)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without those of earlier runs, whose screens may be gone."""
    folder = pictures_folder(tmp_path_factory.mktemp("pictures"))
    for picture in folder.glob("*.png"):
        picture.unlink()
    return folder


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("area", AREAS)
def test_every_screen_is_whole(
    stack: Stack, furnished: Furnished, browser: Browser, pictures: Path, area: str, width: int
) -> None:
    found: list[str] = []
    with ExitStack() as windows:
        opened: dict[str, Window] = {}
        for screen in AREAS[area]:
            if screen.only not in (None, "wide" if width > 600 else "narrow"):
                continue
            if screen.who not in opened:
                window = open_window(browser, stack.origin, width=width, height=WIDTHS[width])
                opened[screen.who] = signed_in(windows.enter_context(window), screen.who)
            visit = Visit(opened[screen.who], furnished.clients["ada"])
            with opening(screen, visit, furnished):
                for theme in ("light", "dark"):
                    show(visit.page, theme)
                    name = f"{screen.name}-{width}-{theme}"
                    visit.page.screenshot(path=pictures / f"{name}.png")
                    found += [f"{name}: {each}" for each in faults(visit.page)]
    assert not found, "\n\n".join(found)


def signed_in(window: Window, who: str) -> Window:
    if who != NOBODY:
        window.go("/sign-in")
        window.sign_in(who, NEW_PASSWORD if who == NEWCOMER else PASSWORD)
        window.at("/posts")
    return window


@contextmanager
def opening(screen: Screen, visit: Visit, furnished: Furnished) -> Iterator[None]:
    page = visit.page
    show(page, "light")
    visit.window.go(screen.path.format(**furnished.addresses))
    page.wait_for_load_state("networkidle")
    screen.open(visit)
    expect(page.get_by_text(screen.shows).filter(visible=True).first, screen.name).to_be_visible()
    yield
    visit.window.context.set_offline(False)
    page.unroute_all()


def show(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def faults(page: Page) -> list[str]:
    fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return [*violations(page), *([] if fits else ["it reaches beyond the side"])]

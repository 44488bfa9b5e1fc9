"""axe-core in a page, as it is now: with what is open over it."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from dfworx.cli.home import CHECKOUT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# An open menu holds the focus and goes with it, as a dialog does: nobody looks for it among the landmarks.
REGION = {
    "id": "region",
    "options": {"regionMatcher": "dialog, [role=dialog], [role=alertdialog], [role=menu], svg"},
}
RUN = (
    "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"
)


@cache
def _axe() -> str:
    return (CHECKOUT / "node_modules/axe-core/axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """Each as rule, element and what is wrong with it. The debugger's door is outside the page's policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
        page.evaluate("checks => axe.configure({checks})", [REGION])
    found: list[dict[str, Any]] = page.evaluate(RUN, TAGS)
    return [
        f"{rule['id']} at {' '.join(str(each) for each in node['target'])}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]

"""`dfworx bench pages`: what is told of Lighthouse's measurements, and when its packages are installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from dfworx.cli.bench import choose_benches, choose_figures
from dfworx.cli.benches import pages
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.parts import node


def measured(name: str, performance: float, lcp: float = 800, failed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "name": name,
        "scores": {"performance": performance, "accessibility": 1, "best-practices": 0.96},
        "figures": {"lcp": lcp, "cls": 0.01, "tbt": 20, "bytes": 250_000},
        "failed": list(failed),
        "load": 0.5,
    }


def test_the_median_of_the_rounds_is_held_against_the_goal() -> None:
    rounds = [measured("list", 0.90, 700), measured("list", 0.97, 900), measured("list", 0.99, 800)]
    told = {each.name: each for each in pages.figures_of(rounds, pages.FIGURES)}
    assert (told["list_performance"].value, told["list_performance"].holds) == (0.97, True)
    assert told["list_performance"].rounds == [0.90, 0.97, 0.99]
    assert (told["list_best_practices"].value, told["list_accessibility"].value) == (0.96, 1)
    assert (told["list_lcp"].value, told["list_lcp"].goal) == (800, None)
    assert (told["list_bytes"].value, told["list_bytes"].unit) == (250, "kB")
    assert told["load"].value == 0.5
    # A page that wasn't measured has no figures.
    assert not any(name.startswith("reading") for name in told)


def test_only_what_was_asked_for_has_a_goal() -> None:
    told = pages.figures_of([measured("list", 0.9)], ["list_performance"])
    assert [each.name for each in told if each.goal] == ["list_performance"]


def test_what_a_page_did_not_pass_is_told_once() -> None:
    rounds = [
        measured("list", 1),
        measured("reading", 1, failed=("b", "a")),
        measured("reading", 1, failed=("a",)),
    ]
    assert pages.failures(rounds) == {"reading": ["a", "b"]}


def test_each_page_has_three_scores_that_can_be_asked_for_alone() -> None:
    [bench] = choose_benches("pages")
    assert len(choose_figures(bench, [])) == 12
    assert choose_figures(bench, ["reading_accessibility"]) == ["reading_accessibility"]


def test_the_packages_are_installed_once_a_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "package-lock.json").write_text("{}")
    installed: list[Path] = []
    monkeypatch.setattr(pages, "LIGHTHOUSE", source)
    monkeypatch.setattr(node, "install_locked", lambda _, folder: installed.append(folder))
    home, place = Home(tmp_path / "home"), tmp_path / "place"
    for _ in range(2):
        assert (pages.install_lighthouse(home, place) / "package-lock.json").read_text() == "{}"
    assert installed == [place]
    (source / "package-lock.json").write_text('{"lockfileVersion": 3}')
    pages.install_lighthouse(home, place)
    assert installed == [place, place]


def test_the_lock_file_is_of_the_version_that_is_asked_for() -> None:
    asked = json.loads((pages.LIGHTHOUSE / "package.json").read_text())["dependencies"]["lighthouse"]
    locked = json.loads((pages.LIGHTHOUSE / "package-lock.json").read_text())["packages"]
    assert locked["node_modules/lighthouse"]["version"] == asked


def test_what_is_read_is_a_post_without_pictures() -> None:
    posts = [
        {"post_id": "1", "slug": "with", "title": "With", "content": "![A map](map.png)"},
        {"post_id": "2", "slug": "without", "title": "Without", "content": "Words."},
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        at = request.url.path.rpartition("/")[2]
        listed = {"items": [{"post_id": each["post_id"]} for each in posts]}
        return httpx.Response(200, json=next((each for each in posts if each["post_id"] == at), listed))

    with httpx.Client(base_url="http://localhost", transport=httpx.MockTransport(answer)) as client:
        reading = pages.list_pages(client)[-1]
        assert (reading["path"], reading["heading"]) == ("/posts/without", "Without")
        del posts[1]
        with pytest.raises(Failure, match="without pictures"):
            pages.list_pages(client)


def test_a_machine_without_chromium_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Failure, match="apt-get install chromium"):
        pages.find_chromium()

"""How checks are chosen and run; what they check is tested by running them."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from dfworx.cli.check import CHECKS, Check, choose_checks, run_checks
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home


def fail(_home: Home) -> str:
    raise Failure("The reason, in one sentence.")


def test_every_check_runs_even_when_one_fails(tmp_path: Path) -> None:
    ran: list[str] = []

    def note(name: str, complaint: str = "") -> Check:
        def run(_home: Home) -> str:
            ran.append(name)
            return complaint

        return Check(name, run)

    said = io.StringIO()
    checks = [note("first"), note("second", "a [red]long[/red] story"), Check("third", fail), note("fourth")]
    results = run_checks(Home(tmp_path / "home"), checks, Console(file=said, width=40))

    assert sorted(ran) == ["first", "fourth", "second"]
    assert [bool(result.complaint) for result in results] == [False, True, True, False]
    # What a tool says is not markup, and is told whole.
    assert "a [red]long[/red] story" in said.getvalue()
    assert "The reason, in one sentence." in said.getvalue()


def test_checks_are_chosen_by_name() -> None:
    assert choose_checks([]) == list(CHECKS)
    assert [each.name for each in choose_checks(["lint"])] == ["lint"]


def test_an_unknown_check_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Failure, match=r"no check named typos; choose from .*lint"):
        choose_checks(["typos"])

"""How checks are chosen and run; what they check is tested by running them."""

import io
import subprocess
import sysconfig
from pathlib import Path

import pytest
from rich.console import Console

from dfworx.cli.check import CHECKS, Check, choose_checks, run_checks
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home


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


def test_the_linter_of_migrations_holds_new_ones_to_its_rules(tmp_path: Path) -> None:
    squawk = Path(sysconfig.get_path("scripts")) / "squawk"
    folder = CHECKOUT / "infrastructure" / "supabase"
    bad = tmp_path / "999_bad.sql"
    bad.write_text("alter table app_web.posts add column a text not null;\ndrop table app_web.posts;\n")
    command = [str(squawk), "--config", str(folder / "squawk.toml"), "--reporter", "gcc", str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "adding-required-field" in done.stdout and "ban-drop-table" in done.stdout


def test_every_rule_that_is_left_out_has_its_reason_above_it() -> None:
    lines = (CHECKOUT / "infrastructure" / "supabase" / "squawk.toml").read_text().splitlines()
    listed = [number for number, line in enumerate(lines) if line.startswith('  "')]
    assert listed
    for number in listed:
        # A reason may stand for the rules that follow one another.
        while lines[number - 1].startswith('  "'):
            number -= 1
        assert lines[number - 1].startswith("  # "), lines[number]

"""`./dfworx test`: the checks and all tests, or the tests of one area, with a closing line to be believed.

What must stay true: the closing line counts what really ran (by pytest's own report, never by its text),
a run that broke off counts as failed, and the exit code says the same as the line. A person's settings and
state folder don't reach the tests: a DATABASE_URL in a shell can't become a test's database, but for the walls when
they are asked for by name, and then only an empty one (borrowed_database.py).
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dfworx.cli.borrowed_database import give_back, require_borrowable
from dfworx.cli.check import CHECKS, run_checks
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home, locate_home
from dfworx.cli.parts import node

SERVICES = CHECKOUT / "services"
TESTS = SERVICES / "tests"
FLOWS = "flows"
WALLS = "walls"
WALLS_DATABASE = "DFWORX_WALLS_DATABASE_URL"
"""How the tests of the walls are told the database that was lent to them."""
PICTURES = "DFWORX_TEST_PICTURES"
"""Where the browser's tests leave what the screens looked like, for people to look at."""
# Told to tests by the person who starts them; .env.example says what for.
_FOR_TESTS = ("DFWORX_PYTHON", "DFWORX_TEST_DOCUMENTS")
# 0: all passed, 1: some failed, 5: none matched.
_ENDED_WELL = (0, 1, 5)


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {self.skipped} skipped" if self.skipped else line


def test(
    area: Annotated[str | None, typer.Argument(help="A folder of services/tests; all when left out.")] = None,
    matching: Annotated[str, typer.Option("-k", help="Only tests whose names match, as in pytest.")] = "",
    verbose: Annotated[bool, typer.Option("-v", help="One line for each test.")] = False,
) -> None:
    """Run the checks and all tests, or the tests of one area.

    `walls` attacks the database of DATABASE_URL when that is set: an empty one of a server without an install, whose
    owner has CREATEROLE. It is given back as it was.
    """
    console = Console()
    home = locate_home(os.environ)
    home.prepare()
    require_area(area)
    lent = os.environ.get("DATABASE_URL") if area == WALLS else None
    if lent:
        require_borrowable(lent)
    tally = Tally()
    if area is None and not matching:
        tally += run_all_checks(home, console)
    node.install_packages(home.path, console.print)
    try:
        tested = run_tests(area, matching, verbose, lent)
    finally:
        if lent:
            give_back(lent)
    if tested == Tally():
        raise Failure(f"No test matches {matching!r}." if matching else "There are no tests here.")
    tally += tested
    # Nothing wraps it, nothing colours it: programs read this line.
    typer.echo(str(tally))
    if tally.failed:
        raise typer.Exit(1)


def areas() -> list[str]:
    folders = (folder for folder in TESTS.iterdir() if folder.is_dir())
    return sorted(folder.name for folder in folders if any(folder.rglob("test_*.py")))


def require_area(area: str | None) -> None:
    if area is not None and area not in areas():
        raise Failure(f"There is no test area named {area}; choose from {', '.join(areas())}.")


def run_all_checks(home: Home, console: Console) -> Tally:
    results = run_checks(home, list(CHECKS), console)
    failed = sum(1 for result in results if result.complaint)
    return Tally(passed=len(results) - failed, failed=failed)


def run_tests(area: str | None, matching: str, verbose: bool, lent: str | None = None) -> Tally:
    """Two at a time, or one where all share a lent database; then the flows one by one, since they measure how long
    a whole stack takes to come back."""
    words = [*(["-k", matching] if matching else []), *(["-v"] if verbose else [])]
    # A file stays with one worker: its tests may share one filled database.
    side_by_side = ["-n", "2", "--dist", "loadfile"]
    if area is not None:
        alone = area == FLOWS or lent is not None
        return run_pytest([str(TESTS / area), *words, *([] if alone else side_by_side)], lent)
    tally = run_pytest([str(TESTS), f"--ignore={TESTS / FLOWS}", *words, *side_by_side])
    return tally + run_pytest([str(TESTS / FLOWS), *words]) if FLOWS in areas() else tally


def run_pytest(arguments: list[str], lent: str | None = None) -> Tally:
    with tempfile.TemporaryDirectory(prefix="dfworx-test-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            *(sys.executable, "-m", "pytest", *arguments, f"--junit-xml={report}"),
            # Its usual place is closed to other users at every start, database servers of other runs included.
            f"--basetemp={Path(folder) / 'tests'}",
        ]
        ended = subprocess.run(
            command,
            cwd=SERVICES,
            env=clean_environment(os.environ, Path(folder) / "home")
            | {PICTURES: str(locate_home(os.environ).path / "pictures")}
            | ({WALLS_DATABASE: lent} if lent else {}),
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        tally = read_report(report)
    if ended not in _ENDED_WELL or (ended == 1 and not tally.failed):
        # Broken off, or refused to start: pytest has said why above.
        tally += Tally(failed=1)
    return tally


def read_report(report: Path) -> Tally:
    """Count test by test: one that fails and then can't clean up is reported twice, and is one test."""
    if not report.exists():
        return Tally()
    seen: dict[tuple[str | None, str | None], set[str]] = {}
    # Written a moment ago by our own pytest, so no enemy's XML.
    cases = ElementTree.parse(report).getroot().iter("testcase")  # noqa: S314
    for case in cases:
        seen.setdefault((case.get("classname"), case.get("name")), set()).update(child.tag for child in case)
    failed = sum(1 for kinds in seen.values() if kinds & {"failure", "error"})
    skipped = sum(1 for kinds in seen.values() if "skipped" in kinds and not kinds & {"failure", "error"})
    return Tally(passed=len(seen) - failed - skipped, failed=failed, skipped=skipped)


def clean_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment without this person's install, and with a state folder that goes when the tests end."""
    ours = ("DATABASE_URL", "REDIS_URL", "CONVEX_URL")
    kept = {
        name: value
        for name, value in environ.items()
        if name not in ours and not name.startswith(("DFWORX_", "DATABASE_URL_", "PG", "PYTEST_"))
    }
    kept |= {name: environ[name] for name in _FOR_TESTS if name in environ}
    return kept | {"DFWORX_HOME": str(home)}

"""What a run of the walls came to, in one line. Tests note what they tried as user properties of their reports,
which travel from the workers of a parallel run; whoever writes the closing line adds them up. A run of the whole
area that tried too little fails: an attack that quietly shrank proves nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from tests.walls.attacker import Findings

LEAST_ATTEMPTS = 10_000
PROPERTY = "walls"
_FOLDER = Path(__file__).resolve().parent


@dataclass
class Tally:
    attempts: int = 0
    read: int = 0
    written: int = 0
    gained: int = 0
    controls: int = 0
    seen: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self

    def __str__(self) -> str:
        return (
            f"walls: {self.attempts:,} attempts, {self.read:,} foreign rows read, {self.written:,} written, "
            f"{self.gained:,} escalations, controls {self.seen} of {self.controls} seen"
        )

    def as_numbers(self) -> list[int]:
        return [getattr(self, each.name) for each in fields(self)]


class Notes:
    """A test's own notes. What a control finds is no breach: it counts as seen."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def tried(self, findings: Findings) -> None:
        """Fails when the wall didn't hold; what was found is told."""
        self._add(Tally(findings.attempts, len(findings.read), len(findings.written), len(findings.gained)))
        assert not findings.breaches, "\n".join(["the wall didn't hold:", *findings.breaches[:20]])

    def control(self, name: str, seen: bool) -> None:
        """Fails when the probe saw nothing where it must."""
        self._add(Tally(controls=1, seen=int(seen)))
        assert seen, f"the probe {name} is blind: it saw nothing where the wall was taken down"

    def _add(self, tally: Tally) -> None:
        self._node.user_properties.append((PROPERTY, tally.as_numbers()))


def add_up(properties: Iterable[tuple[str, object]]) -> Tally:
    total = Tally()
    for name, numbers in properties:
        if name == PROPERTY and isinstance(numbers, list | tuple):
            total += Tally(*numbers)
    return total


def is_whole_area(config: pytest.Config) -> bool:
    """All of the area was asked for: nothing is chosen by name, mark or file."""
    options = config.option
    chosen = options.keyword or options.markexpr or getattr(options, "deselect", None) or options.maxfail == 1
    places = [(config.invocation_params.dir / each.split("::")[0]).resolve() for each in config.args]
    named = any("::" in each for each in config.args)
    return not chosen and not named and any(_FOLDER == place or place in _FOLDER.parents for place in places)


def complaint(tally: Tally, *, whole: bool, controls: int = 1) -> str | None:
    """Why the run can't be believed, or None."""
    if not whole:
        return None
    if tally.attempts < LEAST_ATTEMPTS:
        return (
            f"walls: {tally.attempts:,} attempts are too few; a whole run makes at least {LEAST_ATTEMPTS:,}"
        )
    if tally.controls < controls:
        return "walls: no control was run, so nothing shows that the probes can see"
    return None


class ClosingLine:
    """The plugin: registered once, in the process that writes the summary."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.total = Tally()
        self.seen_any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            found = [each for each in report.user_properties if each[0] == PROPERTY]
            self.seen_any |= bool(found) or "tests/walls/" in report.nodeid
            self.total += add_up(found)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._complaint() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.seen_any:
            terminalreporter.write_line(str(self.total))
        if told := self._complaint():
            terminalreporter.write_line(told, red=True)

    def _complaint(self) -> str | None:
        return complaint(self.total, whole=is_whole_area(self._config)) if self.seen_any else None

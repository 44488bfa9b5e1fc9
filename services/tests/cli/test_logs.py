"""What `dfworx logs` makes of the lines that it finds."""

from __future__ import annotations

import json

import pytest

from dfworx.cli.logs import readable

LINE = {
    "event": "request refused",
    "level": "info",
    "logger": "dfworx.requests",
    "method": "PATCH",
    "status": 428,
    "time": "2026-11-23T02:19:21.778007Z",
    "service": "web",
}


def test_a_services_line_is_one_for_people() -> None:
    assert readable(json.dumps(LINE)) == "2026-11-23 02:19:21 info request refused method=PATCH status=428"


def test_a_failure_keeps_its_lines() -> None:
    told = readable(json.dumps({**LINE, "failure": 'File "a.py"\nKeyError'})).splitlines()
    assert told[1:] == ['File "a.py"', "KeyError"]


@pytest.mark.parametrize(
    "line",
    ["", "plain words", "{broken", "[1]", '{"level":"warn","ts":1.5,"msg":"the gateway\'s"}', '{"event":1}'],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert readable(line) == line

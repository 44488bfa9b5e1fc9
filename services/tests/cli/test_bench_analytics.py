"""`dfworx bench analytics` at a small scale, on servers of its own. Nothing here is timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dfworx.cli.benches import analytics
from dfworx.cli.benches.analytics import FIGURES, SMALL_DATABASE
from dfworx.cli.parts.postgres import DATABASE
from dfworx.cli.parts.processes import find_processes
from dfworx.cli.progress import Progress


def test_the_whole_of_it_on_data_that_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analytics, "ROUNDS", 2)
    folder, events = tmp_path / "bench" / "analytics", {DATABASE: 2_000, SMALL_DATABASE: 200}
    for _ in range(2):
        version, figures = analytics.measure(folder, FIGURES, Progress(), events)
        assert version.startswith("18")
        assert [each.name for each in figures] == [
            *FIGURES,
            "rollup_day_after_2000",
            "rollup_day_after_200",
        ]
        assert all(value > 0 for each in figures for value in each.rounds)
        assert len(figures[0].rounds) == 2
        assert not find_processes(folder)
    assert json.loads((folder / "whole.json").read_text())["events"] == events

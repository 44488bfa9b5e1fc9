"""`dfworx bench frames`: what is told of Chromium's frames."""

from __future__ import annotations

import pytest

from dfworx.cli.benches import frames
from dfworx.cli.failure import Failure


def test_the_slow_twentieth_of_each_round_is_held_against_the_goal() -> None:
    quick, slow = [4.0] * 19 + [90.0], [4.0] * 18 + [17.0, 17.0]
    rounds = {
        "scrolling": [{"frames": each, "elapsed": slow, "noted": 24_000} for each in (quick, quick, slow)],
        "typing": [{"frames": slow, "elapsed": slow, "noted": 5} for _ in range(3)],
    }
    told = {each.name: each for each in frames.figures_of(rounds)}
    assert (told["scrolling_frame_ms_p95"].value, told["scrolling_frame_ms_p95"].holds) == (4, True)
    assert (told["typing_frame_ms_p95"].value, told["typing_frame_ms_p95"].holds) == (17, False)
    assert told["scrolling_frame_ms_max"].value == 90
    assert told["typing_carets"].value == 5
    # What passed meanwhile, with other processes at work, explains and isn't held against anything.
    assert (told["scrolling_elapsed_ms_p95"].value, told["scrolling_elapsed_ms_p95"].goal) == (17, None)


def test_what_was_not_asked_for_has_no_figure() -> None:
    assert frames.figures_of({"scrolling": [], "typing": []}) == []


def test_a_trace_without_frames_is_no_figure() -> None:
    with pytest.raises(Failure, match="no frame while scrolling"):
        frames.figures_of({"scrolling": [{"frames": [], "elapsed": [], "noted": 0}], "typing": []})

"""`dfworx bench chat`: what it measures with few members; nothing here is timed."""

from __future__ import annotations

from pathlib import Path

from dfworx.cli.bench import choose_benches, choose_figures
from dfworx.cli.benches.chat import CHAT, measure_chat
from dfworx.cli.home import Home


def test_members_of_both_sides_are_shown_every_message_in_frames_that_tell_the_same(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    # Raises when a frame of the relay is longer or shorter than ours was.
    figures = {each.name: each for each in measure_chat(home, members=3, rounds=2, messages=2)}
    assert len(figures[CHAT].rounds) == 2 and min(figures[CHAT].rounds) > 0
    assert figures["chat_frame"].value > 20 * len("Has anyone tried the new build")


def test_its_figure_can_be_asked_for() -> None:
    [bench] = choose_benches("chat")
    assert choose_figures(bench, []) == [CHAT]

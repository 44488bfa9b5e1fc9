"""Snippets: plain text, cut where words end, with what was found in it."""

from __future__ import annotations

import pytest

from dfworx.web.snippets import LONGEST, Part, make_snippet, mark
from dfworx.web.words import read_query

FILLER = "Here stand some words that nobody looks for. " * 20


def written(parts: list[Part]) -> str:
    return "".join(f"[{part['text']}]" if part["hit"] else part["text"] for part in parts)


def snippet(markdown: str, typed: str, **cut: bool) -> str:
    return written(make_snippet(markdown, read_query(typed), **cut))


def test_a_short_text_is_shown_whole_without_its_markdown() -> None:
    assert (
        snippet("# Baking\n\nThe **sour** [dough](a.md) rests.", "dough") == "Baking The sour [dough] rests."
    )
    assert (
        snippet("| a | b |\n|---|---|\n| rye | 2 |\n\n```py\nbake(rye)\n```", "rye")
        == "a b [rye] 2 bake([rye])"
    )


def test_a_long_one_is_cut_at_words_around_the_place_where_most_of_them_are() -> None:
    shown = snippet(f"{FILLER} dough {FILLER} the dough in the oven {FILLER}", "dough oven")
    assert "the [dough] in the [oven] Here stand" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    inside = shown.strip("…").replace("[", "").replace("]", "").split()
    assert set(inside) <= set(f"{FILLER} the dough in the oven".split()) | {"for"}


def test_what_is_in_the_middle_of_a_text_says_so() -> None:
    assert snippet("alf a word and dough", "dough", begins=False, ends=False) == "…a word and [dough]…"


@pytest.mark.parametrize(
    "markdown",
    [
        FILLER,
        "語" * 5000,
        "x" * 5000,
        "e\u0301" * 3000,
        "👩‍👩‍👧" * 500,
        "ที่" * 1000,
        "עולם " * 900,
        "a\n\n" * 900,
    ],
    ids=["words", "Han", "one word", "accents", "emoji", "Thai", "Hebrew", "paragraphs"],
)
@pytest.mark.parametrize("typed", ["words", "語語", "x", "é", "ที่", "עולם", "a", "nothing"])
def test_no_snippet_is_long(markdown: str, typed: str) -> None:
    text = "".join(part["text"] for part in make_snippet(markdown, read_query(typed)))
    assert 0 < len(text) <= LONGEST


def test_a_script_without_spaces_is_cut_between_its_characters() -> None:
    shown = snippet("あ" * 500 + "天文台" + "い" * 500, "天文台")
    assert "ああ[天文台]いい" in shown
    assert len(shown) == LONGEST + 2


def test_markup_is_text_and_raw_html_is_left_out() -> None:
    assert snippet("<script>alert(1)</script>\n\nThe dough `<b>`", "dough") == "The [dough] <b>"
    assert snippet("dough <img src=x onerror=alert(1)> rests", "dough") == "[dough] rests"
    assert written(mark("<b>dough</b>", read_query("dough b"))) == "<[b]>[dough]</[b]>"


def test_what_would_turn_the_direction_of_the_text_around_is_left_out() -> None:
    assert snippet("a \u202edough\u202c \u0007rises", "dough") == "a [dough] rises"
    assert written(mark("\u2067dough\u2069", read_query("dough"))) == "[dough]"

"""Slugs and excerpts, as tables of cases."""

from __future__ import annotations

import pytest

from dfworx.web.text import make_excerpt, make_slug, require_slug, storable

SLUGS = [
    ("How we bake", "how-we-bake"),
    ("  EIP-1559: Fee market!  ", "eip-1559-fee-market"),
    ("Café & Crème", "café-crème"),
    ("パンの焼き方", "パンの焼き方"),
    ("हिन्दी में लिखना", "हिन्दी-में-लिखना"),
    ("การเขียนโปรแกรม", "การเขียนโปรแกรม"),
    ("snake_case", "snake-case"),
    ("ＦＵＬＬ　width", "full-width"),
    ("🎉", "post"),
    ("---", "post"),
    ("", "post"),
]


@pytest.mark.parametrize(("title", "slug"), SLUGS)
def test_a_slug_is_readable_in_the_titles_own_script(title: str, slug: str) -> None:
    assert make_slug(title, 200, otherwise="post") == slug
    assert require_slug(slug) == slug


@pytest.mark.parametrize("title", ["word " * 100, "語" * 300, "हि" * 200])
def test_a_slug_has_at_most_so_many_characters(title: str) -> None:
    slug = make_slug(title, 50, otherwise="post")
    assert 0 < len(slug) <= 50
    assert require_slug(slug) == slug


@pytest.mark.parametrize(
    "text", ["", "A", "a b", "-a", "a-", "a--b", "a_b", "a/b", "a.b", "é" + "\u0301 ", "🎉"]
)
def test_what_no_title_gives_is_refused_as_a_slug(text: str) -> None:
    with pytest.raises(ValueError, match="hyphens"):
        require_slug(text)


def test_nul_is_refused() -> None:
    assert storable("fine\n\u202e") == "fine\n\u202e"
    with pytest.raises(ValueError, match="NUL"):
        storable("a\0")


EXCERPTS = [
    ("Plain words.", "Plain words."),
    ("# Title\n\nFirst *emphasis*, **strong** and `code`.", "First emphasis, strong and code."),
    ("Title\n=====\n\nText\nover lines.\n\n- one\n- two", "Text over lines. one two"),
    ("---\ntitle: x\n---\n\nBody.", "Body."),
    ("---\n\nA rule is no front matter.", "A rule is no front matter."),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n\nAfter the table.", "After the table."),
    ("```python\nprint()\n```\n\n    indented code\n\nAfter code.", "After code."),
    ("<div>raw</div>\n\nText <b>in</b> tags &amp; entities.", "Text in tags & entities."),
    ("![alt](a.png) A [link](b.md) and <https://c.d>.", "A link and https://c.d."),
    ("> Quoted ~~struck~~.", "Quoted struck."),
    ("日本語の文。", "日本語の文。"),
    ("# Only a title", ""),
    ("", ""),
    ("```\nnever closed", ""),
]


@pytest.mark.parametrize(("markdown", "excerpt"), EXCERPTS)
def test_an_excerpt_is_what_the_post_begins_to_say(markdown: str, excerpt: str) -> None:
    assert make_excerpt(markdown) == excerpt


def test_an_excerpt_ends_with_a_word() -> None:
    excerpt = make_excerpt("The dough rises slowly, all night. " * 50)
    assert len(excerpt) <= 300
    assert excerpt.endswith("…")
    assert excerpt[:-1].split()[-1] in ("The", "dough", "rises", "slowly", "all", "night.")


@pytest.mark.parametrize("text", ["東京天文台" * 200, "हिन्दी" * 200, "e\u0301" * 400])
def test_an_excerpt_of_a_script_without_spaces_is_cut_between_characters(text: str) -> None:
    excerpt = make_excerpt(text)
    assert 250 < len(excerpt) <= 300
    assert text.startswith(excerpt[:-1])
    assert not text[len(excerpt) - 1 :].startswith("\u0301")


def test_an_excerpt_is_found_behind_much_code_and_long_front_matter() -> None:
    assert make_excerpt("```\n" + "code\n" * 1000 + "```\n\nAt last.") == "At last."
    assert make_excerpt("---\n" + "key: value\n" * 500 + "---\n\nAt last.") == "At last."

"""The words of the benchmark's posts: the same at every making, of the length that was asked for, and varied enough
that search and compression meet something like real text."""

from __future__ import annotations

import random
from functools import cache
from typing import NamedTuple

from dfworx.web.text import make_excerpt, make_slug

CONTENT_LENGTH = 400
TEXTS = 1_000
_WORDS = 3_000
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo ka lin mar nes tor val den sil pra gen".split()


class Template(NamedTuple):
    """A post's text, before its number makes it one of its own."""

    title: str
    slug: str
    content: str
    excerpt: str


@cache
def make_templates() -> tuple[Template, ...]:
    chance = random.Random(3)  # noqa: S311 - the same texts at every making, no secret
    words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(_WORDS)})
    return tuple(_make_template(chance, words) for _ in range(TEXTS))


def _make_template(chance: random.Random, words: list[str]) -> Template:
    title = " ".join(chance.choices(words, k=chance.randint(3, 7))).capitalize()
    said: list[str] = []
    length = 0
    while length < CONTENT_LENGTH:
        sentence = " ".join(chance.choices(words, k=chance.randint(5, 12))).capitalize() + "."
        said.append(sentence)
        length += len(sentence) + 1
    content = " ".join(said)[:CONTENT_LENGTH].rstrip()
    return Template(title, make_slug(title, 100, otherwise="post"), content, make_excerpt(content))

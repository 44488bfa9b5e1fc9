"""What is made of the words that people write: text that PostgreSQL can keep, slugs, excerpts. Works for any
language: nothing here may assume spaces between words, Latin letters or an English dictionary."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Annotated

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import AfterValidator
from slugify import slugify

EXCERPT_LENGTH = 300
_PARSED = (2_000, 40_000)
"""How many characters of the Markdown an excerpt is taken from: at first, and when those say too little."""
_MOST_MARKS = 30
_SPACES = re.compile(r"\s+")


def storable(text: str) -> str:
    """Refuses what PostgreSQL can't keep: NUL, and halves of surrogate pairs, which JSON can say but UTF-8 can't."""
    if "\0" in text:
        raise ValueError("Leave out the NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Leave out half of a surrogate pair.") from None
    if not text.isascii() and _run_of_marks().search(text):
        raise ValueError(f"Leave out most of the marks on one letter; it may have {_MOST_MARKS}.")
    return text


@cache
def _run_of_marks() -> re.Pattern[str]:
    # UAX 15, section 13: no language has more on one letter, and normalizing takes quadratic time in them.
    # The planes beyond the first two hold none.
    marks = (chr(code) for code in range(0x20000) if _is_mark(chr(code)))
    return re.compile(f"[{''.join(marks)}]{{{_MOST_MARKS + 1}}}")


def _is_mark(letter: str) -> bool:
    """Also what becomes one (halfwidth voicing), and the joiner that folding takes from between two."""
    if unicodedata.decomposition(letter):
        letter = unicodedata.normalize("NFKD", letter)[0]
    return unicodedata.combining(letter) > 0 or letter == "\u034f"


Text = Annotated[str, AfterValidator(storable)]


def make_slug(text: str, longest: int, otherwise: str) -> str:
    """A readable address in the text's own script, at most `longest` characters; `otherwise` when nothing of
    the text can stand in one."""
    slug = slugify(
        text, allow_unicode=True, max_length=longest, word_boundary=True, regex_pattern=_between_words()
    )
    return slug[:longest].strip("-") or otherwise


def require_slug(text: str) -> str:
    """For validation: refuses what could not have come out of make_slug."""
    if not text or text != slugify(text, allow_unicode=True, regex_pattern=_between_words()):
        raise ValueError(
            "Write it in small letters and digits of any script, with single hyphens between words."
        )
    return text


@cache
def _between_words() -> str:
    # slugify's own pattern breaks words at vowel signs (Hindi, Thai, Tamil): combining marks are no letters to
    # \W. They belong to the word.
    marks = (chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    return rf"[^\w{''.join(marks)}]+|_+"


def make_excerpt(markdown: str, length: int = EXCERPT_LENGTH) -> str:
    """The beginning of what the Markdown says, as plain text on one line: its paragraphs, lists and quotes. No
    headings (the title says that), tables, code blocks, raw HTML, images or front matter."""
    text = ""
    # Most posts say enough at once, and parsing a long one takes long; front matter is only seen whole.
    for parsed in _PARSED[1:] if markdown.startswith("---") else _PARSED:
        text = _plain_text(markdown[:parsed], length)
        if len(text) > length or len(markdown) <= parsed:
            break
    return _shorten(text, length)


def make_plain(markdown: str) -> str:
    """All that the Markdown says, as plain text: headings, tables and code too. No raw HTML, images or front matter."""
    passages: list[str] = []
    for token in _parser().parse(markdown):
        if token.type == "inline":
            passages.append(_plain(token.children or []))
        elif token.type in ("fence", "code_block"):
            passages.append(token.content)
    return " ".join(passages)


def _plain_text(markdown: str, length: int) -> str:
    passages: list[str] = []
    said = skipping = 0
    for token in _parser().parse(markdown):
        if token.type in ("heading_open", "table_open"):
            skipping += 1
        elif token.type in ("heading_close", "table_close"):
            skipping -= 1
        elif token.type == "inline" and not skipping:
            passages.append(_plain(token.children or []))
            said += len(passages[-1])
            if said > 2 * length:
                break
    return _SPACES.sub(" ", " ".join(passages)).strip()


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(front_matter_plugin)


def _plain(tokens: list[Token]) -> str:
    return "".join(
        token.content if token.type in ("text", "code_inline", "text_special") else
        " " if token.type in ("softbreak", "hardbreak") else ""
        for token in tokens
    )  # fmt: skip


def _shorten(text: str, length: int) -> str:
    """Cut where a word ends; in a script without spaces, after any character but not before a mark of it."""
    if len(text) <= length:
        return text
    cut = text[:length]
    space = cut.rfind(" ")
    if space > length * 2 // 3:
        cut = cut[:space]
    else:
        end = length - 1
        while end > 0 and unicodedata.combining(text[end]):
            end -= 1
        cut = text[:end]
    return cut.rstrip(" ,;:-–—") + "…"

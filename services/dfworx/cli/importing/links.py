"""The links of a Markdown text with the place of each destination in it, so that a destination can be replaced
and every other character stays as it was. The parser decides what a link is: what looks like one in code is none.
Pure: text in, places out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token

_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//|#|\?|$)", re.IGNORECASE)
_HTML = re.compile(r"<(?P<tag>a|img)\b[^>]*?\s(?P<name>href|src)\s*=\s*(?P<quote>[\"'])(?P<target>.*?)(?P=quote)",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip
_WORTH_PARSING = re.compile(r"\]\(|<(?:a|img)\s", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image whose destination is no address of its own and no place in the same document."""

    target: str
    """The destination, escapes resolved."""
    is_image: bool
    start: int
    """Where the destination stands in the text, angle brackets included; -1 when that can't be told."""
    end: int
    in_html: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    heading: str
    """The text of the first heading; empty without one."""
    links: list[Link]
    """In no particular order."""


def read_outline(text: str) -> Outline:
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(text, environment)
    places = _Places(text)
    links = [*_links_in(tokens, places), *_definitions(environment, places)]
    return Outline(_first_heading(tokens), links)


def replace_targets(text: str, replacements: Iterable[tuple[Link, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for link_, target in sorted(replacements, key=lambda pair: pair[0].start):
        pieces += [text[done : link_.start], target]
        done = link_.end
    return "".join([*pieces, text[done:]])


# Parsing: the parser's own rules, each leaving on its token where in the inline text it was found. ----------------

_Rule = Callable[[StateInline, bool], bool]


def _noting(rule: _Rule, kind: str, place: Callable[[StateInline, int], tuple[int, int] | None]) -> _Rule:
    def noted(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            token = next(token for token in state.tokens[before:] if token.type == kind)
            token.meta["place"] = place(state, start)
        return found

    return noted


def _destination(state: StateInline, start: int) -> tuple[int, int] | None:
    """Of the link or image that began at `start` and has just ended at `state.pos`; None for one by reference."""
    if state.src[start] == "!":
        start += 1
    closing = parseLinkLabel(state, start, False)
    position = closing + 1
    if closing < 0 or position >= state.pos or state.src[position] != "(":
        return None
    position += 1
    while position < state.pos and state.src[position] in " \t\n":
        position += 1
    found = parseLinkDestination(state.src, position, state.pos)
    return (position, found.pos) if found.ok else None


def _parse_where_links_can_be(state: StateCore) -> None:
    """Inline parsing is most of the work, and most text has no link. Links by reference are read where they are
    defined, so an inline destination or a tag is all there is to find; headings are read for the title."""
    for before, token in pairwise([Token("", "", 0), *state.tokens]):
        if token.type == "inline" and (before.type == "heading_open" or _WORTH_PARSING.search(token.content)):
            token.children = token.children or []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.at("inline", _parse_where_links_can_be)
    parser.inline.ruler.at("link", _noting(link, "link_open", _destination))
    parser.inline.ruler.at("image", _noting(image, "image", _destination))
    parser.inline.ruler.at(
        "html_inline", _noting(html_inline, "html_inline", lambda state, start: (start, state.pos))
    )
    return parser


_PARSER = _parser()


# Places ---------------------------------------------------------------------------------------------------------


class _Places:
    """Finds inline text, which has lost indentation and quotation marks, in the lines it came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        # Cells of a table share a line: each is looked for behind the one before.
        self._passed: dict[int, int] = {}

    def start_of_line(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def lines(self, first: int, after: int) -> tuple[int, str]:
        start = self.start_of_line(first)
        return start, self.text[start : self.start_of_line(after)]

    def locate(self, inline: Token) -> Callable[[int], int]:
        """From a place in the inline token's text to one in the document, or -1."""
        first, after = inline.map or (0, 0)
        rows: list[tuple[int, int, str]] = []
        place = 0
        for row, content in enumerate(inline.content.split("\n")):
            rows.append((place, self._find_row(first + row, content, single=after - first == 1), content))
            place += len(content) + 1

        def to_document(position: int) -> int:
            start, found, content = next(row for row in reversed(rows) if row[0] <= position)
            if found < 0:
                return -1
            inside = position - start
            written = self.text[found : found + len(content)]
            if written != content:
                # In a table cell a bar is written with a backslash, which the parser has taken away.
                inside += content.count("|", 0, inside)
            return found + inside

        return to_document

    def _find_row(self, line: int, content: str, *, single: bool) -> int:
        start, written = self.lines(line, line + 1)
        passed = self._passed.get(line, 0)
        for wanted in (content, content.replace("|", "\\|")):
            column = written.find(wanted, passed)
            if column >= 0:
                if single:
                    self._passed[line] = column + len(wanted)
                return start + column
        return -1


def _links_in(tokens: list[Token], places: _Places) -> Iterator[Link]:
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type == "html_block" and token.map:
            start, written = places.lines(*token.map)
            yield from _html_links(written, start)
        elif token.type == "inline" and (token.children or before.type in ("th_open", "td_open")):
            to_document = places.locate(token)
            for child in token.children or []:
                place = child.meta.get("place")
                if place is None:
                    continue
                start, end = to_document(place[0]), to_document(place[1] - 1) + 1
                whole = start >= 0 and places.text[start:end] == token.content[place[0] : place[1]]
                if child.type == "html_inline":
                    if whole:
                        yield from _html_links(child.content, start)
                    continue
                target = parseLinkDestination(token.content, place[0], place[1]).str
                if not _ELSEWHERE.match(target):
                    is_image = child.type == "image"
                    yield Link(target, is_image, start, end) if whole else Link(target, is_image, -1, -1)


def _html_links(written: str, start: int) -> Iterator[Link]:
    for match in _HTML.finditer(written):
        target = unescape(match["target"].strip())
        if not _ELSEWHERE.match(target):
            is_image = match["tag"].lower() == "img"
            yield Link(
                target, is_image, start + match.start("target"), start + match.end("target"), in_html=True
            )


def _definitions(environment: dict[str, Any], places: _Places) -> Iterator[Link]:
    """Destinations of links by reference stand once, where the reference is defined."""
    for label, definition in environment.get("references", {}).items():
        if label.startswith("^") or _ELSEWHERE.match(definition["href"]):
            # A footnote is no link, but CommonMark doesn't know footnotes.
            continue
        start, written = places.lines(*definition["map"])
        opening = re.search(r"\]:\s*", written)
        found = parseLinkDestination(written, opening.end(), len(written)) if opening else None
        if opening is None or found is None or not found.ok:
            yield Link(definition["href"], bool(_IMAGE.search(definition["href"])), -1, -1)
        elif _PARSER.normalizeLink(found.str) == definition["href"]:
            yield Link(found.str, bool(_IMAGE.search(found.str)), start + opening.end(), start + found.pos)
        else:
            yield Link(definition["href"], bool(_IMAGE.search(definition["href"])), -1, -1)


def _first_heading(tokens: list[Token]) -> str:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            words = "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in inline.children or []
                if child.type in ("text", "code_inline", "text_special", "softbreak", "hardbreak", "image")
            )
            if words.strip():
                return words.strip()
    return ""

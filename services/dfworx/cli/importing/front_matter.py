"""The YAML block at the top of a Markdown file. It is read without ever making anything but strings, numbers,
lists and mappings; words stay as written beside their values, so a title `No` or `1.10` keeps its spelling. A
horizontal rule that opens a document is not mistaken for front matter, nor is any of its text lost.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

LONGEST = 64_000
MOST_VALUES = 5_000
DEEPEST = 20

_FENCE = re.compile(r"---[ \t]*")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^[\w\"'][^\n:]*:(?:[ \t]|$)", re.MULTILINE)
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class BadFrontMatter(Exception):
    """Why the block can't be read, as the end of a sentence about the file."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    values: dict[str, Any] = field(default_factory=dict)
    """By key, as JSON may hold them. Dates are strings, as written."""
    words: dict[str, Any] = field(default_factory=dict)
    """By key in lower case; every scalar is the string that was written."""


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the document below it; raises BadFrontMatter. Lines end in a line feed."""
    opening, _, rest = text.partition("\n")
    if not _FENCE.fullmatch(opening) or not rest or rest.startswith("\n"):
        return FrontMatter(), text
    closing = _CLOSING.search(rest)
    if closing is None:
        if _KEY.match(rest):
            raise BadFrontMatter("has front matter that isn't closed by a line ---")
        return FrontMatter(), text
    block, document = rest[: closing.start()], rest[closing.end() + 1 :]
    if len(block) > LONGEST:
        raise BadFrontMatter(f"has front matter of more than {LONGEST:,} characters")
    try:
        root = yaml.compose(_NOT_STORABLE.sub("�", block), Loader=yaml.SafeLoader)
    except RecursionError:
        raise BadFrontMatter("has front matter that is nested too deeply") from None
    except yaml.YAMLError as error:
        if _KEY.search(block):
            raise BadFrontMatter(f"has front matter that isn't valid YAML: {_reason(error)}") from None
        return FrontMatter(), text
    if root is None:
        return FrontMatter(), document
    if not isinstance(root, yaml.MappingNode):
        # Prose or a list between two horizontal rules.
        return FrontMatter(), text
    values: dict[str, Any] = _Walk(typed=True).convert(root)
    words: dict[str, Any] = _Walk(typed=False).convert(root)
    return FrontMatter(values, {key.lower(): word for key, word in reversed(words.items())}), document


class _Walk:
    """Counts as it goes: an alias may stand for a million values, or for itself."""

    def __init__(self, *, typed: bool) -> None:
        self._typed = typed
        self._left = MOST_VALUES

    def convert(self, node: yaml.Node, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise BadFrontMatter(
                f"has front matter of more than {MOST_VALUES:,} values, or nested too deeply"
            )
        if isinstance(node, yaml.MappingNode):
            return {_key(key): self.convert(value, depth + 1) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(each, depth + 1) for each in node.value]
        word = _NOT_STORABLE.sub("�", str(node.value))
        if node.tag.endswith(":null"):
            return None if self._typed else ""
        return _value(node.tag, word) if self._typed else word


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise BadFrontMatter("has front matter with a key that is no word")
    return _NOT_STORABLE.sub("�", str(node.value))


def _value(tag: str, word: str) -> Any:
    """What the word stands for where YAML and people agree; `0o17`, `1:30` and `.inf` stay words."""
    if tag.endswith(":bool"):
        return word.lower() in ("true", "yes", "on")
    if tag.endswith(":int") and re.fullmatch(r"-?(?:0|[1-9]\d{0,17})", word):
        return int(word)
    if tag.endswith(":float"):
        try:
            number = float(word)
        except ValueError:
            return word
        return number if math.isfinite(number) else word
    return word


def _reason(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        # Counted from 0, and below the opening line.
        return f"{error.problem} (line {error.problem_mark.line + 2})"
    return str(error).splitlines()[0]

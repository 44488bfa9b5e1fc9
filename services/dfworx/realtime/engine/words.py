"""The words of a text, as search indexes know them: runs of letters and digits in lower case. What is longer than 32
characters is no word that anybody searches for, and left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

LONGEST: Final = 32
MOST_TERMS: Final = 16
"""Of what is searched for. Those behind them are left out: people paste whole pages into a field."""
MOST_LOOKED_AT: Final = 10_000
"""Characters of what is searched for."""
# A sign that is written onto the one before it parts no word: many scripts write vowels so.
_MARKS: Final = "".join(
    sign for sign in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(sign).startswith("M")
)
_WORD: Final = re.compile(rf"(?:[^\W_]|[{re.escape(_MARKS)}])+")


def words_of(text: str) -> Iterator[str]:
    """In their order, each as often as it is there."""
    for found in _WORD.finditer(text):
        if found.end() - found.start() <= LONGEST:
            # A sigma is written otherwise at a word's end, which is no end while somebody types.
            yield found[0].lower().replace("ς", "σ")


def terms_of(asked: str) -> list[str]:
    """Of what somebody searches for, each once. The last may be the beginning of a word only."""
    terms = list(islice(words_of(asked[:MOST_LOOKED_AT]), MOST_TERMS))
    return [*dict.fromkeys(term for term in terms[:-1] if term != terms[-1]), *terms[-1:]]

"""A search as people expect it: when nothing has all the words, those that nothing at all has are taken for typing
mistakes, and what was meant is searched instead. Both questions are asked as the caller, so that nobody is led to a
word which only stands where they may not look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.pages import encode_cursor
from dfworx.web.items import MOST_SKIPPED
from dfworx.web.search import queries
from dfworx.web.search.schemas import Asked
from dfworx.web.snippets import make_snippet, mark
from dfworx.web.spelling import SHORTEST_OF_TWO, can_be_mistyped, one_mistake, two_mistakes
from dfworx.web.words import Query, fold, read_query

_LONGEST_TOLD = 200
_MOST_CORRECTED = 3
"""So many words of one query are looked up: each costs a question or two."""


async def search_organization(
    database: Database, caller: Caller, asked: Asked, tell_empty: Callable[[Caller, str], None]
) -> bytes:
    """`tell_empty` hears of words that nothing was found for."""
    found = await queries.search_everything(database, caller, asked)
    corrected = None
    if not any(found["counts"].values()):
        meant = await _correct(database, caller, asked)
        if meant is not None:
            instead = asked._replace(words=meant)
            found_instead = await queries.search_everything(database, caller, instead)
            if any(found_instead["counts"].values()):
                found, corrected, asked = found_instead, meant, instead
    if not asked.skip and asked.narrowed_by_nothing and not any(found["counts"].values()):
        tell_empty(caller, _as_told(asked.words))
    page = found["items"][: asked.limit]
    more = len(found["items"]) > asked.limit and asked.skip + asked.limit <= MOST_SKIPPED
    return await asyncio.to_thread(  # Markdown that was made to take long takes long
        _page_bytes,
        page,
        read_query(asked.words),
        encode_cursor(asked.skip + asked.limit) if more else None,
        found["counts"],
        corrected,
    )


def _as_told(words: str) -> str:
    """One search however it was written, and not too long to keep."""
    return " ".join(fold(words).split())[:_LONGEST_TOLD]


async def _correct(database: Database, caller: Caller, asked: Asked) -> str | None:
    """The query with the nearest word for each that isn't there; None when there is nothing to correct."""
    typed = asked.words.split()
    looked_up = 0
    changed = False
    for place, word in enumerate(typed):
        if not can_be_mistyped(word) or looked_up == _MOST_CORRECTED:
            continue
        looked_up += 1
        nearest = await _nearest(database, caller, asked, fold(word), last=place == len(typed) - 1)
        if nearest is not None:
            typed[place], changed = nearest, True
    return " ".join(typed) if changed else None


async def _nearest(database: Database, caller: Caller, asked: Asked, word: str, *, last: bool) -> str | None:
    """None also when the word is there as it was typed."""
    near = sorted(one_mistake(word))
    found = await queries.find_words(database, caller, [word, *near], word if last else None, asked.kinds)
    if word in found:
        return None
    if not found and len(word) >= SHORTEST_OF_TWO:
        near = sorted(await asyncio.to_thread(two_mistakes, word))
        found = await queries.find_words(database, caller, near, None, asked.kinds)
    # People seldom mistype how a word begins.
    return min(found, key=lambda each: (each[0] != word[0], -found[each], each), default=None)


def _page_bytes(
    items: list[dict[str, Any]],
    query: Query,
    next_cursor: str | None,
    counts: dict[str, int],
    corrected: str | None,
) -> bytes:
    return orjson.dumps(
        {
            "items": [_show(item, query) for item in items],
            "next_cursor": next_cursor,
            "counts": counts,
            "corrected": corrected,
        }
    )


def _show(found: dict[str, Any], query: Query) -> dict[str, Any]:
    kind, item = found["kind"], found["item"]
    if kind == "person":
        return {"kind": kind, **item, "name_parts": mark(item["name"], query)}
    passage = found["passage"]
    snippet = make_snippet(passage["text"], query, begins=passage["begins"], ends=passage["ends"])
    if kind == "post":
        return {"kind": kind, **item, "title_parts": mark(item["title"], query), "snippet": snippet}
    return {
        "kind": kind,
        **{name: item[name] for name in ("comment_id", "post_id", "author", "created_at")},
        "post_title": found["post"]["title"],
        "post_slug": found["post"]["slug"],
        "snippet": snippet,
    }

"""The statements of a search: what the caller may see comes out of SQL functions under the caller's own policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.web.search.schemas import Asked


async def search_everything(database: Database, caller: Caller, asked: Asked) -> dict[str, Any]:
    """One item more than the limit, when there are more."""
    found: dict[str, Any] = orjson.loads(
        await database.call(
            "select app_web.search_everything($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            *(database.seal(caller), asked.words, list(asked.kinds), asked.status, asked.category),
            *(asked.author, asked.after, asked.before, asked.skip, asked.limit + 1),
        )
    )
    return found


async def find_words(
    database: Database, caller: Caller, words: list[str], beginning: str | None, kinds: Sequence[str]
) -> dict[str, int]:
    """Those of the words that stand in something the caller may see, and in how much of it. `beginning`: the one that
    also counts as the beginning of another."""
    async with database.read(caller) as reader:
        rows = await reader.fetch(
            "select word, sum(found)::integer from app_web.find_words($1, $2, $3) group by word",
            *(words, beginning, list(kinds)),
        )
    return dict(map(tuple, rows))

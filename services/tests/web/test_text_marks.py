"""Marks heaped on one letter: normalizing them takes quadratic time, in PostgreSQL without an end."""

from __future__ import annotations

import asyncpg
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import POST

MARKS = {
    "latin": "\u0301\u0316",
    "hebrew": "\u05b0\u05bc",
    "arabic": "\u0651\u064b",
    # No marks by themselves, but made of nothing else.
    "tibetan": "\u0f73\u0f75",
    "halfwidth": "\u0301\uff9e",
    # A joiner that keeps marks apart only until folding takes it away.
    "joined": "\u05bc\u034f",
}


@pytest.mark.parametrize("marks", MARKS.values(), ids=list(MARKS))
async def test_a_letter_under_a_heap_of_marks_is_refused(
    make_person: MakePerson, client_as: ClientAs, marks: str
) -> None:
    """PostgreSQL would be normalizing them for minutes, and can't be told to stop."""
    client = client_as(await make_person())
    answer = await client.post("/api/web/posts", json={**POST, "content": "a" + marks * 16})
    assert answer.status_code == 422
    assert "content: Leave out most of the marks" in answer.json()["detail"]
    assert (
        await client.post("/api/web/posts", json={**POST, "content": "a" + marks * 15})
    ).status_code == 201


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Tiếng Việt", "tieng viet"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("Z" + "\u0334\u0489" * 14 + "algo", "z" + "\u0489" * 14 + "algo"),
    ],
    ids=["vietnamese", "hindi", "hebrew", "few"],
)
async def test_words_with_their_own_marks_are_kept(
    owner: asyncpg.Connection, written: str, folded: str
) -> None:
    found = await owner.fetchval("select app.fold_words($1)", written)
    assert found == await owner.fetchval("select normalize($1::text, NFKC)", folded)

"""Marks heaped on one letter: normalizing them takes quadratic time, in PostgreSQL without an end. The service refuses
them, and SQL that gets past the service finds them taken away."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import POST, publish

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
HEAPS = pytest.mark.parametrize("marks", MARKS.values(), ids=list(MARKS))


@HEAPS
async def test_a_letter_under_a_heap_of_marks_is_refused(
    make_person: MakePerson, client_as: ClientAs, marks: str
) -> None:
    """PostgreSQL would be normalizing them for minutes, and can't be told to stop."""
    client = client_as(await make_person())
    answer = await client.post("/api/web/posts", json={**POST, "content": "a" + marks * 16})
    assert answer.status_code == 422 and "marks" in answer.json()["detail"]
    assert (
        await client.post("/api/web/posts", json={**POST, "content": "a" + marks * 15})
    ).status_code == 201


@HEAPS
async def test_injected_sql_keeps_nothing_busy_with_a_heap_of_marks(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, marks: str
) -> None:
    """Forty thousand would take minutes each time, past every time-out."""
    ann = await make_person()
    post = await publish(client_as(ann))
    web = await inject("dfworx_web", ann)
    assert await web.fetchval("select app.fold_words($1)", f"a{marks * 16}b \u00e9") == "ab e"
    heap = f"a{marks * 20_000}b"
    assert await web.fetchval("select app.fold_words($1)", heap) == "ab"
    assert await web.fetchval("select app.search_words($1)", heap) == "ab"
    assert await web.fetchval("select app.search_query($1, true)::text", heap) == "'ab'"
    content = heap[:10_000]
    await web.execute(
        "insert into app_web.comments (organization_id, post_id, user_id, content) values ($1, $2, $3, $4)",
        *(ann.organization_id, UUID(post["post_id"]), ann.user_id, content),
    )
    await web.execute("update app_web.posts set content = $1 where post_id = $2", heap, UUID(post["post_id"]))


async def test_what_the_database_takes_for_a_mark_is_taken_away(owner: asyncpg.Connection) -> None:
    """Each that it moves before one of the highest class (U+0345), in the Unicode of this very server."""
    kept = await owner.fetch(
        """
        select to_hex(n) from generate_series(1, 1114111) as n
         where n not between 55296 and 57343
           and normalize(chr(837) || chr(n), NFKD) <> chr(837) || normalize(chr(n), NFKD)
           and app.fold_words(repeat(chr(n), 31) || 'b') <> 'b'
        """
    )
    assert [row[0] for row in kept] == []


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

"""Marks heaped on one letter: normalizing them takes quadratic time, in PostgreSQL without an end."""

from __future__ import annotations

import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import POST


@pytest.mark.parametrize(
    "marks", ["\u0301\u0316", "\u05b0\u05bc", "\u0651\u064b"], ids=["latin", "hebrew", "arabic"]
)
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

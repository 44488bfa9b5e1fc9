"""Ids: one text each, and no other text is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfworx.realtime.values import DocumentId, InvalidId, new_internal, parse_id

IDS = st.builds(DocumentId, st.integers(1, 2**32 - 1), st.binary(min_size=16, max_size=16))
# Of Convex Cloud deployments, from examples that people published: table's number, and day of writing.
KNOWN = [
    ("j57cvkhfqz7kxzjden4f3khpcn6y41jn", 10001, 19938),
    ("j57bynpqhgjdjcfm2dxpj3j7vx774s1h", 10001, 20082),
    ("j9714nhz4dxa1en0kvm8kfjs6d862a43", 10002, 20577),
    ("jh7f73nf801hf91bd3acp0bke972f7de", 10004, 20007),
    ("k17fbwa04m8xpwjvfc8ncx3g5h85v2b2", 10008, 20573),
]


@pytest.mark.parametrize(("text", "table", "day"), KNOWN)
def test_ids_of_other_deployments_are_read(text: str, table: int, day: int) -> None:
    found = parse_id(text)
    assert (found.table, int.from_bytes(found.internal[-2:], "big")) == (table, day)
    assert str(found) == text


@given(IDS)
def test_an_id_comes_back_from_its_text(made: DocumentId) -> None:
    assert parse_id(str(made)) == made
    assert 31 <= len(str(made)) <= 37


@given(IDS, st.integers(0, 36), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyzilou-A é"))
def test_a_text_with_another_sign_in_it_is_no_id_or_another_one(
    made: DocumentId, place: int, sign: str
) -> None:
    text = str(made)
    changed = text[: place % len(text)] + sign + text[place % len(text) + 1 :]
    try:
        found = parse_id(changed)
    except InvalidId:
        return
    assert str(found) == changed


@pytest.mark.parametrize(
    "text", ["", "a", "0" * 31, "0" * 37, "z" * 32, "J" * 32, "j57d3rhz8e1vyn6xg9ws0btq1d7k2k3m extra"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidId):
        parse_id(text)


def test_ids_of_a_day_end_alike() -> None:
    day = 20_000
    made = {new_internal(day * 86_400_000 + ms) for ms in (0, 1, 86_399_999)}
    assert len(made) == 3
    assert {internal[-2:] for internal in made} == {day.to_bytes(2, "big")}

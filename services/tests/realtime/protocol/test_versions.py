"""What a client has asked for and been told: the rules of versions, and the official client's own check of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfworx.realtime.protocol import (
    Add,
    Authenticate,
    BadRequest,
    ModifyQuerySet,
    QueryRemoved,
    QuerySet,
    QueryUpdated,
    Remove,
    Token,
    Version,
    transition,
)
from tests.realtime.oracle import ask

NOBODY = Token("none")


def add(query: int) -> Add:
    return Add(query, "messages:list", {}, None)


def asked_for(*queries: int) -> QuerySet:
    made = QuerySet()
    made.modify(ModifyQuerySet(0, 1, [add(query) for query in queries]))
    return made


def test_versions_move_only_with_the_transition_that_has_their_effect() -> None:
    queries = asked_for(1)
    queries.authenticate(Authenticate(0, NOBODY))
    queries.authenticate(Authenticate(1, NOBODY))
    queries.modify(ModifyQuerySet(1, 5, [add(2)]))
    assert queries.told == Version(0, 0, 0)
    assert queries.advance(9, {1, 2}) == (Version(0, 0, 0), Version(5, 2, 9), [])
    assert queries.advance(9, set()) == (Version(5, 2, 9), Version(5, 2, 9), [])


def test_who_asks_is_new_until_a_transition_has_told_so() -> None:
    queries = asked_for()
    changed = [queries.identity_changed]
    queries.authenticate(Authenticate(0, NOBODY))
    changed.append(queries.identity_changed)
    queries.advance(1, set())
    assert [*changed, queries.identity_changed] == [False, True, False]


def test_what_was_told_of_is_told_to_be_removed_once() -> None:
    queries = asked_for(1, 2)
    queries.modify(ModifyQuerySet(1, 2, [Remove(2)]))
    assert queries.advance(1, {1})[2] == [], "nobody was told of 2"
    queries.modify(ModifyQuerySet(2, 3, [Remove(1)]))
    queries.modify(ModifyQuerySet(3, 4, [add(1)]))
    assert queries.advance(2, {1})[2] == [1]
    assert queries.advance(3, set())[2] == []
    assert set(queries.queries) == {1}


BROKEN: list[tuple[ModifyQuerySet, str]] = [
    (ModifyQuerySet(0, 2, []), "BaseVersionMismatch: the query set is at version 1, not 0"),
    (ModifyQuerySet(2, 3, []), "BaseVersionMismatch"),
    (ModifyQuerySet(1, 1, []), "newVersion must be greater"),
    (ModifyQuerySet(1, 2, [add(3), add(1)]), "Query 1 is there already"),
    (ModifyQuerySet(1, 2, [add(3), add(3)]), "Query 3 is there already"),
    (ModifyQuerySet(1, 2, [Remove(1), Remove(1)]), "There is no query 1"),
    (ModifyQuerySet(1, 2, [add(3), Remove(9)]), "There is no query 9"),
]


@pytest.mark.parametrize(("message", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_a_broken_change_is_refused_and_changes_nothing(message: ModifyQuerySet, why: str) -> None:
    queries = asked_for(1, 2)
    with pytest.raises(BadRequest, match=why):
        queries.modify(message)
    assert set(queries.queries) == {1, 2}
    assert queries.asked == Version(1, 0, 0)


def test_an_authenticate_out_of_order_is_refused() -> None:
    queries = asked_for()
    with pytest.raises(BadRequest, match="the identity is at version 0, not 1"):
        queries.authenticate(Authenticate(1, NOBODY))
    assert queries.asked_identity == 0


def test_time_never_goes_back() -> None:
    queries = asked_for()
    queries.advance(5, set())
    with pytest.raises(ValueError, match="go back"):
        queries.advance(4, set())


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("toggle"), st.sets(st.integers(0, 4), min_size=1)),
        st.tuples(st.just("authenticate"), st.none()),
        st.tuples(st.just("tell"), st.integers(0, 3)),
    ),
    max_size=20,
)


def play(steps: list[tuple[str, Any]]) -> tuple[list[str], dict[int, int]]:
    """The frames of a session, and what its client must hold at its end: each query's number of tellings."""
    queries, values = QuerySet(), dict[int, int]()
    frames: list[str] = []
    for deed, what in [*steps, ("tell", 0)]:
        if deed == "toggle":
            changes = [Remove(query) if query in queries.queries else add(query) for query in sorted(what)]
            queries.modify(ModifyQuerySet(queries.asked_query_set, queries.asked_query_set + 1, changes))
        elif deed == "authenticate":
            queries.authenticate(Authenticate(queries.asked_identity, NOBODY))
        else:
            shown = set(queries.queries)
            start, end, removed = queries.advance(queries.told.ts + what, shown)
            updated = [QueryUpdated(query, str(len(frames))) for query in sorted(shown)]
            frames.append(transition(start, end, [*map(QueryRemoved, removed), *updated]))
            values = dict.fromkeys(sorted(shown), len(frames) - 1)
    return frames, values


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_the_official_client_follows_every_session(sessions: list[list[tuple[str, Any]]]) -> None:
    played = [play(steps) for steps in sessions]
    answers = ask(Path(__file__).with_name("client.mjs"), json.dumps([frames for frames, _ in played]))
    assert [dict(map(tuple, answer["results"])) for answer in answers] == [values for _, values in played]


def test_the_official_client_notices_a_wrong_start() -> None:
    frames = [transition(Version(), Version(1, 0, 5), []), transition(Version(1, 0, 4), Version(1, 0, 6), [])]
    [answer] = ask(Path(__file__).with_name("client.mjs"), json.dumps([frames]))
    assert "Invalid start version" in answer["refused"]

"""What clients say: the messages of the official ones, and everything else refused in words."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfworx.realtime.protocol import (
    Action,
    Add,
    Authenticate,
    BadRequest,
    Connect,
    Event,
    ModifyQuerySet,
    Mutation,
    Remove,
    Request,
    Token,
    parse_request,
)

SESSION = "0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001"
ADD = {"type": "Add", "queryId": 0, "udfPath": "messages:list", "args": [{"room": "a"}]}

UNDERSTOOD: list[tuple[dict[str, Any], Request]] = [
    (
        {
            "type": "Connect",
            "sessionId": SESSION,
            "connectionCount": 0,
            "lastCloseReason": "InitialConnect",
            "clientTs": 1.5e12,
        },
        Connect(UUID(SESSION), 0, "InitialConnect", None, 1.5e12),
    ),
    (
        {
            "type": "Connect",
            "sessionId": SESSION,
            "connectionCount": 3,
            "lastCloseReason": None,
            "maxObservedTimestamp": "AQAAAAAAAAA=",
        },
        Connect(UUID(SESSION), 3, None, 1, None),
    ),
    ({"type": "Authenticate", "baseVersion": 0, "tokenType": "None"}, Authenticate(0, Token("none"))),
    (
        {"type": "Authenticate", "baseVersion": 1, "tokenType": "User", "value": "jwt"},
        Authenticate(1, Token("user", "jwt")),
    ),
    (
        {
            "type": "Authenticate",
            "baseVersion": 2,
            "tokenType": "Admin",
            "value": "key",
            "impersonating": {"a": 1},
        },
        Authenticate(2, Token("admin", "key", {"a": 1.0})),
    ),
    (
        {"type": "Authenticate", "baseVersion": 2, "tokenType": "Admin", "value": "key", "acting_as": {}},
        Authenticate(2, Token("admin", "key", {})),
    ),
    (
        {
            "type": "ModifyQuerySet",
            "baseVersion": 0,
            "newVersion": 1,
            "modifications": [ADD | {"journal": "here"}, {"type": "Remove", "queryId": 4}],
        },
        ModifyQuerySet(0, 1, [Add(0, "messages:list", {"room": "a"}, "here"), Remove(4)]),
    ),
    (
        {
            "type": "Mutation",
            "requestId": 7,
            "udfPath": "messages:send",
            "args": [{"n": {"$integer": "AQAAAAAAAAA="}}],
        },
        Mutation(7, "messages:send", {"n": 1}),
    ),
    ({"type": "Mutation", "requestId": 7, "udfPath": "a", "args": {"n": 1}}, Mutation(7, "a", {"n": 1.0})),
    ({"type": "Action", "requestId": 8, "udfPath": "a:b", "args": [{}]}, Action(8, "a:b", {})),
    ({"type": "Event", "eventType": "ClientConnect", "event": [1, 2]}, Event("ClientConnect")),
]


@pytest.mark.parametrize(("said", "understood"), UNDERSTOOD, ids=[said["type"] for said, _ in UNDERSTOOD])
def test_a_message_is_understood(said: dict[str, Any], understood: Request) -> None:
    assert parse_request(json.dumps(said)) == understood


REFUSED: list[tuple[Any, str]] = [
    ([], "A message is an object"),
    ({}, "type must be a string"),
    ({"type": "Transition"}, "no message of type Transition"),
    ({"type": "Connect", "sessionId": "me", "connectionCount": 0}, "Connect: badly formed"),
    (
        {"type": "Connect", "sessionId": SESSION, "connectionCount": -1},
        "connectionCount must be a whole number",
    ),
    (
        {"type": "Connect", "sessionId": SESSION, "connectionCount": 0, "maxObservedTimestamp": "AA=="},
        "base64 of eight bytes",
    ),
    (
        {
            "type": "Connect",
            "sessionId": SESSION,
            "connectionCount": 0,
            "maxObservedTimestamp": "AAAAAAAAAIA=",
        },
        r"less than 2\*\*63",
    ),
    (
        {"type": "Connect", "sessionId": SESSION, "connectionCount": 0, "clientTs": "now"},
        "clientTs must be a number",
    ),
    ({"type": "Authenticate", "baseVersion": 0, "tokenType": "Root"}, "User, Admin or None"),
    ({"type": "Authenticate", "baseVersion": 0, "tokenType": "User"}, "value must be a string"),
    ({"type": "Authenticate", "baseVersion": 0.5, "tokenType": "None"}, "baseVersion must be a whole number"),
    (
        {"type": "Authenticate", "baseVersion": True, "tokenType": "None"},
        "baseVersion must be a whole number",
    ),
    (
        {
            "type": "Authenticate",
            "baseVersion": 0,
            "tokenType": "Admin",
            "value": "key",
            "impersonating": "me",
        },
        "impersonating must be an object",
    ),
    ({"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": {}}, "must be a list"),
    (
        {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": [{"type": "Set"}]},
        "Add or Rem",
    ),
    ({"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 2**32, "modifications": []}, "whole number"),
    ({"type": "Mutation", "requestId": 1, "udfPath": "a", "args": []}, "a list with one object"),
    ({"type": "Mutation", "requestId": 1, "udfPath": "a", "args": [{}, {}]}, "a list with one object"),
    ({"type": "Mutation", "requestId": 1, "udfPath": "a", "args": [{"$a": 1}]}, "reserved"),
    ({"type": "Mutation", "requestId": 1, "udfPath": 1, "args": [{}]}, "udfPath must be a string"),
]


@pytest.mark.parametrize(("said", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_other_messages_are_refused_in_words(said: Any, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        parse_request(json.dumps(said))


@given(st.one_of(st.text(), st.binary()))
def test_noise_is_refused(frame: str | bytes) -> None:
    with pytest.raises(BadRequest):
        parse_request(frame)


def test_a_message_of_too_many_queries_is_refused_before_it_is_read() -> None:
    add = '{"type":"Add","queryId":1,"udfPath":"messages:list","args":[{}]},'
    with pytest.raises(BadRequest, match="at most 2000 modifications"):
        parse_request(('{"type":"ModifyQuerySet","modifications":[' + 2001 * add + "and no JSON").encode())
    with pytest.raises(BadRequest, match="no JSON"):
        parse_request(('{"type":"ModifyQuerySet","modifications":[' + 2000 * add + "and no JSON").encode())


WORDS = st.sampled_from(
    [*(word for said, _ in UNDERSTOOD for word in said), "queryId", "Add", "None", SESSION]
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)


@given(st.sampled_from([said for said, _ in UNDERSTOOD]), st.dictionaries(WORDS, ANYTHING, max_size=2))
def test_a_spoiled_message_is_understood_or_refused_and_nothing_else(said: Any, spoiled: Any) -> None:
    try:
        parse_request(json.dumps(said | spoiled))
    except BadRequest as refused:
        assert str(refused)

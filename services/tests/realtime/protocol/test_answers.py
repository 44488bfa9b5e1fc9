"""What clients are told: frames that are JSON, whatever people write, and that the official client understands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dfworx.realtime.protocol import (
    Failure,
    QueryFailed,
    QueryRemoved,
    QueryUpdated,
    Version,
    action_done,
    action_failed,
    auth_error,
    chunks_of,
    fatal_error,
    mutation_done,
    mutation_failed,
    ping,
    read_timestamp,
    transition,
    write_timestamp,
)
from dfworx.realtime.protocol.answers import CHUNK_BYTES
from tests.realtime.oracle import ask

ODD = 'a "quote" \\ \n\u2028 </script> 😀'
PLAIN, THROWN = Failure(ODD), Failure("Uncaught ConvexError", "null")

TABLE: list[tuple[str, dict[str, Any]]] = [
    (
        mutation_done(3, '{"a":[1]}', 1, ["[LOG] 'x'"]),
        {
            "type": "MutationResponse",
            "requestId": 3,
            "success": True,
            "result": {"a": [1]},
            "ts": "AQAAAAAAAAA=",
            "logLines": ["[LOG] 'x'"],
        },
    ),
    (
        mutation_failed(3, PLAIN),
        {
            "type": "MutationResponse",
            "requestId": 3,
            "success": False,
            "result": ODD,
            "ts": None,
            "logLines": [],
        },
    ),
    (
        mutation_failed(3, THROWN),
        {
            "type": "MutationResponse",
            "requestId": 3,
            "success": False,
            "result": "Uncaught ConvexError",
            "ts": None,
            "logLines": [],
            "errorData": None,
        },
    ),
    (
        action_done(4, "null", [ODD]),
        {"type": "ActionResponse", "requestId": 4, "success": True, "result": None, "logLines": [ODD]},
    ),
    (
        action_failed(4, Failure("no", '"data"')),
        {
            "type": "ActionResponse",
            "requestId": 4,
            "success": False,
            "result": "no",
            "logLines": [],
            "errorData": "data",
        },
    ),
    (
        auth_error("expired", 2, attempted=False),
        {"type": "AuthError", "error": "expired", "baseVersion": 2, "authUpdateAttempted": False},
    ),
    (fatal_error(ODD), {"type": "FatalError", "error": ODD}),
    (ping(), {"type": "Ping"}),
    (
        transition(Version(1, 2, 3), Version(4, 5, 6), [QueryRemoved(1)]),
        {
            "type": "Transition",
            "startVersion": {"querySet": 1, "identity": 2, "ts": "AwAAAAAAAAA="},
            "endVersion": {"querySet": 4, "identity": 5, "ts": "BgAAAAAAAAA="},
            "modifications": [{"type": "QueryRemoved", "queryId": 1}],
        },
    ),
]


@pytest.mark.parametrize(("frame", "meant"), TABLE, ids=[frame[:60] for frame, _ in TABLE])
def test_a_frame_says_what_is_meant(frame: str, meant: dict[str, Any]) -> None:
    assert json.loads(frame) == meant


def test_the_official_client_understands_all_that_a_transition_says() -> None:
    changes: list[QueryUpdated | QueryFailed | QueryRemoved] = [
        QueryUpdated(1, '{"n":{"$integer":"AQAAAAAAAAA="}}', [ODD], "cursor"),
        QueryFailed(2, PLAIN, ["[ERROR] x"]),
        QueryFailed(3, Failure("no", '{"code":1}'), journal="cursor"),
        QueryUpdated(4, "1"),
        QueryRemoved(4),
    ]
    frames = [transition(Version(), Version(1, 0, 2**62), changes), *(frame for frame, _ in TABLE[:8])]
    [answer] = ask(Path(__file__).with_name("client.mjs"), json.dumps([frames]))
    assert answer["heard"] == [json.loads(frame)["type"] for frame in frames]
    assert answer["results"] == [
        [1, {"n": {"$integer": "AQAAAAAAAAA="}}],
        [2, {"failed": ODD}],
        [3, {"failed": "no"}],
    ]


def test_only_a_large_transition_goes_in_parts_and_no_character_is_cut() -> None:
    small = transition(Version(), Version(1, 0, 1), [])
    assert list(chunks_of(small)) == [small]
    large = transition(Version(), Version(1, 0, 1), [QueryUpdated(1, json.dumps("a" + "é€😀" * 900_000))])
    large = large.replace("\\u20ac", "€").replace("\\u00e9", "é").replace("\\ud83d\\ude00", "😀")
    parts = [json.loads(part) for part in chunks_of(large)]
    assert "".join(part["chunk"] for part in parts) == large
    assert [part["partNumber"] for part in parts] == list(range(len(parts)))
    assert {part["totalParts"] for part in parts} == {len(parts)} != {1}
    assert len({part["transitionId"] for part in parts}) == 1
    assert all(len(part["chunk"].encode()) <= CHUNK_BYTES for part in parts)


@pytest.mark.parametrize("ts", [0, 1, 2**32, 2**63 - 1])
def test_a_timestamp_comes_back(ts: int) -> None:
    assert read_timestamp(write_timestamp(ts)) == ts

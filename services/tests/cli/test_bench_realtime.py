"""`dfworx bench realtime`: what its load reads of frames and counts, against a relay; nothing here is timed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfworx.cli.bench import choose_benches, choose_figures
from dfworx.cli.benches.realtime_clients import read_sample
from dfworx.cli.benches.realtime_documents import write_documents
from dfworx.cli.benches.realtime_load import FIRST, IN_FLIGHT, Load
from dfworx.cli.benches.realtime_serving import Served, serve_relay
from dfworx.cli.benches.realtime_speeches import Convex, SocketIo, Ws, watch
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.realtime.protocol import (
    QueryRemoved,
    QueryUpdated,
    Version,
    mutation_done,
    parse_request,
    transition,
)

FRAME_BYTES = 600


@pytest.fixture(params=["ws", "socketio"])
def relay(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Served]]:
    home = Home(tmp_path)
    home.prepare()
    with serve_relay(home, request.param, core=0) as served:
        yield request.param, served


def test_every_subscriber_of_a_relay_gets_every_write_in_frames_of_the_size_of_ours(
    relay: tuple[str, Served],
) -> None:
    name, served = relay
    load = Load(served.port, Ws(FRAME_BYTES) if name == "ws" else SocketIo(FRAME_BYTES), subscribers=20)
    try:
        load.write_once()
        sample = load.measure(0.2)
    finally:
        load.close()
    assert load.frame_bytes == FRAME_BYTES
    assert len(sample.latencies) >= IN_FLIGHT
    assert sample.requests == 20 * len(sample.latencies)


def test_of_our_frames_those_count_that_bring_a_value() -> None:
    speech = Convex("room")
    start, end = Version(1, 0, 5), Version(1, 0, 6)
    value = f'{{"body":"x","number":{FIRST + 3}.0,"room":"room"}}'
    assert speech.number(transition(start, end, [QueryUpdated(0, value)]).encode()) == FIRST + 3
    assert speech.number(transition(start, end, [QueryUpdated(0, "null")]).encode()) == 0
    assert speech.number(transition(start, end, [QueryRemoved(0)]).encode()) == 0
    assert speech.number(mutation_done(1, "1", 6).encode()) == 0
    with pytest.raises(Failure, match="Nothing could be measured"):
        speech.number(b'{"type":"FatalError","error":"no"}')


def test_what_it_says_is_the_sync_protocol() -> None:
    for said in (*Convex("room").opening(publishes=False), Convex("room").write(3), watch()):
        parse_request(said)


def test_documents_are_whole_and_indexed(tmp_path: Path) -> None:
    write_documents(tmp_path / "documents.sqlite3", 100)
    connection = sqlite3.connect(tmp_path / "documents.sqlite3")
    assert connection.execute("select count(*) from documents").fetchone() == (100,)
    # By id, by time, by author.
    assert connection.execute("select count(*) from entries").fetchone() == (300,)
    connection.close()


def test_figures_can_be_asked_for_alone() -> None:
    [bench] = choose_benches("realtime")
    assert len(choose_figures(bench, [])) == 11
    assert choose_figures(bench, ["memory_per_idle_client_kb"]) == ["memory_per_idle_client_kb"]


def test_a_sample_is_in_the_unit_that_clients_tell() -> None:
    assert read_sample("[1, 2, 3, 10]").percentile(50) == 2

"""The load that benchmarks put on a service, against a server that answers what each test wants. A measurement of no
seconds asks once on each connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from dfworx.cli.benches.load import Client, prepare_request
from dfworx.cli.failure import Failure

Answers = Callable[[int], list[bytes]]
"""The pieces in which a connection's n-th answer is sent; none closes the connection."""

REQUEST = prepare_request("/api/web/posts", "TOKEN")


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@asynccontextmanager
async def connected(answers: Answers, connections: int = 1) -> AsyncIterator[Client]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = 0
        while await reader.read(len(REQUEST)) == REQUEST:
            number += 1
            pieces = answers(number)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            if not pieces:
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = await Client.connect(server.sockets[0].getsockname()[1], [REQUEST] * connections)
    try:
        yield client
    finally:
        client.close()
        server.close()


def test_a_request_carries_the_token() -> None:
    head = REQUEST.decode().split("\r\n")
    assert head[0] == "GET /api/web/posts HTTP/1.1"
    assert "Authorization: Bearer TOKEN" in head
    assert head[-2:] == ["", ""]


async def test_the_first_answer_is_read_whole_also_in_pieces() -> None:
    whole = ok(b"a page")
    async with connected(lambda _: [whole[:9], whole[9:-3], whole[-3:]], connections=3) as client:
        answers = await client.ask_once()
    assert [answer.body for answer in answers] == [b"a page"] * 3
    assert answers[0].head.startswith(b"HTTP/1.1 200 OK")


async def test_every_connection_asks_and_is_timed() -> None:
    async with connected(lambda _: [ok(b"a page")], connections=4) as client:
        await client.ask_once()
        sample = await client.measure(0, {"server": lambda: {1: 2.5}})
        longer = await client.measure(0.05)
    assert sample.requests == len(sample.latencies) == 4
    assert all(latency > 0 for latency in sample.latencies)
    assert sample.cpu.keys() == {"server", "client"}
    assert sample.cpu["server"] == 0
    assert longer.requests >= 4


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ([ok(b"a much longer page")], "gave an answer of another length than the first"),
        ([b"HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nbroken"], "answered b'HTTP/1.1 500 Oh"),
        ([], "closed the connection"),
    ],
    ids=["longer", "refused", "closed"],
)
async def test_an_answer_unlike_the_first_ends_the_measurement(second: list[bytes], sentence: str) -> None:
    async with connected(lambda number: [ok(b"a page")] if number == 1 else second) as client:
        await client.ask_once()
        with pytest.raises(Failure) as failure:
            await client.measure(0)
    assert str(failure.value).startswith(f"Nothing could be measured: the server {sentence}")


async def test_a_first_answer_that_is_no_200_is_told() -> None:
    refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"
    async with connected(lambda _: [refusal]) as client:
        with pytest.raises(Failure, match=r"answered b'HTTP/1\.1 401"):
            await client.ask_once()

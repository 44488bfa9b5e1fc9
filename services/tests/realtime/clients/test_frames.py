"""What no client would send: whoever does is told so or closed, and nobody else notices."""

from __future__ import annotations

import random
from urllib.parse import urlsplit

import pytest

from tests.realtime.clients.npm_and_pypi import Clients
from tests.realtime.clients.served import Served
from tests.realtime.clients.sockets import BINARY, CONTINUATION, PING, frame, message, raw_socket

SESSION = "00000000-0000-4000-8000-000000000000"
CONNECT = message(
    type="Connect", sessionId=SESSION, connectionCount=0, lastCloseReason="InitialConnect", clientTs=0
)
WATCH = message(
    type="ModifyQuerySet",
    baseVersion=0,
    newVersion=1,
    modifications=[{"type": "Add", "queryId": 0, "udfPath": "messages:list", "args": [{"room": "attic"}]}],
)
WRITE = message(type="Mutation", requestId=0, udfPath="messages:send", args=[{"room": "attic", "body": "x"}])
LARGE = 30 << 20


def text(told: str) -> bytes:
    return frame(told.encode())


WRONG = {
    "no frames at all": b"\xff" * 64 + b"GET / HTTP/1.1\r\n\r\n",
    "an unmasked frame": frame(b'{"type": "Event"}', masked=False),
    "bits that mean nothing": b"\xf1\x80" + bytes(4),
    "a kind that means nothing": frame(b"{}", kind=5),
    "a long ping": frame(bytes(200), kind=PING),
    "a ping in parts": frame(b"a", kind=PING, fin=False),
    "bytes that are no text": frame(b'{"type": "\xff\xfe"}'),
    "binary rubbish": frame(bytes(range(256)), kind=BINARY),
    "nothing": text(""),
    "no JSON": text('{"type": "Connect", '),
    "JSON that isn't": text('{"type": NaN}'),
    "a list": text("[]"),
    "a number": text("1"),
    "null": text("null"),
    "no type": text("{}"),
    "an unknown type": text('{"type": "Become"}'),
    "a type that is none": text('{"type": {"type": "Connect"}}'),
    "a second connect": CONNECT,
    "a large number": text(
        '{"type": "Mutation", "requestId": ' + "9" * 5000 + ', "udfPath": "a:b", "args": [{}]}'
    ),
    "a number beyond all": text('{"type": "Mutation", "requestId": 1e999, "udfPath": "a:b", "args": [{}]}'),
    "half a request": text('{"type": "Mutation", "requestId": 0.5, "udfPath": "a:b", "args": [{}]}'),
    "a request before the first": text(
        '{"type": "Mutation", "requestId": -1, "udfPath": "a:b", "args": [{}]}'
    ),
    "arguments that are none": text('{"type": "Mutation", "requestId": 1, "udfPath": "a:b", "args": 7}'),
    "a version from nowhere": message(type="ModifyQuerySet", baseVersion=7, newVersion=8, modifications=[]),
    "a version that goes back": message(type="ModifyQuerySet", baseVersion=0, newVersion=0, modifications=[]),
    "an identity from nowhere": message(type="Authenticate", baseVersion=3, tokenType="None"),
    "a query that isn't there": message(
        type="ModifyQuerySet", baseVersion=0, newVersion=1, modifications=[{"type": "Remove", "queryId": 4}]
    ),
    "a query twice": WATCH + WATCH,
    "depth": text('{"type": "Mutation", "requestId": 1, "udfPath": "a:b", "args": [' + "[" * 200_000),
    "a part of nothing": frame(b"{}", kind=CONTINUATION) + text("{"),
    "a large frame": frame(b"x" * LARGE),
    "a large frame that never comes": frame(b"x" * 1000, length=1 << 62),
    "a large message in parts": frame(b"x", fin=False)
    + b"".join(frame(b"x" * (1 << 20), kind=CONTINUATION, fin=False) for _ in range(LARGE >> 20)),
}


def port_of(served: Served) -> int:
    port = urlsplit(served.url).port
    assert port
    return port


async def test_who_breaks_the_protocol_is_closed_and_nobody_else_notices(
    clients: Clients, served: Served
) -> None:
    await clients.watch("ann", "hall", "messages:list", room="hall")
    for name, wrong in WRONG.items():
        async with raw_socket(port_of(served)) as socket:
            await socket.send(CONNECT + wrong)
            heard = await socket.ends()
        assert "Transition" not in heard or name == "a query twice", name
    for number in range(3):
        await clients.mutate("bob", "messages:send", room="hall", body=str(number))
    await clients.sees("hall", ["0", "1", "2"])
    for name in ("ann", "bob"):
        assert (await clients.do("connection", client=name))["connectionCount"] == 1
    assert "Traceback" not in served.log()


@pytest.mark.parametrize(
    "name",
    ["no JSON", "an unknown type", "a version from nowhere", "a large number", "a second connect", "depth"],
)
async def test_whose_words_cannot_be_understood_is_told_so(served: Served, name: str) -> None:
    async with raw_socket(port_of(served)) as socket:
        await socket.send(CONNECT + WRONG[name])
        assert await socket.ends() == ["FatalError"]


async def test_a_message_in_many_parts_is_one_message(served: Served) -> None:
    whole = CONNECT[CONNECT.index(b"{") :]
    parts = [frame(whole[:1], fin=False)]
    for place in range(1, len(whole)):
        parts.append(frame(b"", kind=PING))
        last = place == len(whole) - 1
        parts.append(frame(whole[place : place + 1], kind=CONTINUATION, fin=last))
    async with raw_socket(port_of(served)) as socket:
        await socket.send(b"".join(parts) + WATCH)
        told = await socket.receive()
    assert told["type"] == "Transition"
    assert told["modifications"][0]["value"] == []


async def test_frames_with_some_bytes_changed_hurt_nobody(clients: Clients, served: Served) -> None:
    chance = random.Random(3)
    await clients.watch("ann", "hall", "messages:list", room="hall")
    for _ in range(300):
        data = bytearray(CONNECT + WATCH + WRITE)
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        async with raw_socket(port_of(served)) as socket:
            # What may still be understood is followed by what can't, so that each is closed.
            await socket.send(bytes(data) + text("{"))
            await socket.send(b"\xff" * 4096)
    await clients.mutate("bob", "messages:send", room="hall", body="still here")
    await clients.sees("hall", ["still here"])
    assert "Traceback" not in served.log()

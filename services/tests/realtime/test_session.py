"""What clients are told, at which moment and in which order, and how often functions run for it."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

import pytest

from dfworx.realtime.cohorts import Cohorts
from dfworx.realtime.protocol import CHUNK_BYTES, read_timestamp, write_timestamp
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.session import MOST_QUERIES
from tests.realtime.client import SESSION, Client

A, B = {"room": "a"}, {"room": "b"}


def said(body: str, room: str = "a") -> tuple[str, dict[str, str]]:
    return "messages:send", {"room": room, "body": body}


async def test_a_client_is_told_of_what_another_one_writes(at_work: Deployment) -> None:
    one, other = Client(at_work).connect(), Client(at_work).connect(session=SESSION.replace("0", "1"))
    one.watch(("messages:count", A))
    await one.up_to_date()
    assert one.values == {0: 0.0}
    answer = await other.mutated(*said("hi"))
    assert answer["success"]
    await one.until(lambda: one.values == {0: 1.0})
    assert one.ts >= read_timestamp(answer["ts"])


async def test_whoever_is_not_concerned_is_told_nothing(at_work: Deployment) -> None:
    one, other = Client(at_work).connect(), Client(at_work).connect()
    one.watch(("messages:count", B))
    other.watch(("messages:count", A))
    await one.up_to_date()
    await other.up_to_date()
    before = len(one.frames)
    await Client(at_work).connect().mutated(*said("hi"))
    await other.until(lambda: other.values == {0: 1.0})
    assert len(one.frames) == before


async def test_a_mutation_is_answered_before_the_transition_that_has_it_even_an_empty_one(
    at_work: Deployment,
) -> None:
    client = Client(at_work).connect()
    answer = await client.mutated(*said("hi"))
    await client.until(lambda: client.ts >= read_timestamp(answer["ts"]))
    assert [each["type"] for each in client.frames] == ["MutationResponse", "Transition"]
    assert client.frames[1]["modifications"] == []


async def test_mutations_of_a_client_are_done_in_their_order(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("messages:list", A))
    for number in range(20):
        client.mutate(*said(str(number)))
    await client.until(lambda: len(client.answers) == 20 and len(client.values.get(0, ())) == 20)
    assert [each["body"] for each in client.values[0]] == [str(number) for number in range(20)]
    assert list(client.answers) == list(range(20))


async def test_what_failed_is_told_with_its_reason_and_its_data(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("world:boom", {}), ("messages:nothing", {}), ("messages:list", {"room": 5.0}))
    failed = await client.mutated("messages:sendBad", {})
    await client.up_to_date()
    assert (
        not failed["success"]
        and "does not match the schema" in failed["result"]
        and "errorData" not in failed
    )
    messages = [client.errors[number]["errorMessage"] for number in range(3)]
    for message, told in zip(
        messages, ("TypeError: boom", "Could not find", "ArgumentValidation"), strict=True
    ):
        assert message.startswith("[Request ID: ") and told in message
    client.authenticate("Admin", value="tests|0123456789abcdef")
    refused = await client.mutated("messages:hidden", {"room": "a", "body": "x"})
    assert refused["errorData"] == {"body": "x", "code": "refused"}


async def test_what_is_internal_is_not_there_for_clients(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    hidden = await client.mutated("messages:hidden", {"room": "a", "body": "x"})
    absent = await client.mutated("messages:absent", {})
    told = [
        each["result"].split("\n")[1].replace(name, "")
        for each, name in ((hidden, "hidden"), (absent, "absent"))
    ]
    assert told[0] == told[1]


async def test_one_run_and_one_text_serve_all_who_would_see_the_same(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    clients = [Client(at_work, cohorts).connect() for _ in range(50)]
    for each in clients:
        each.watch(("messages:count", A))
    for each in clients:
        await each.up_to_date()
    assert at_work.queries.runs == 1
    writer = Client(at_work).connect()
    await writer.mutated(*said("hi"))
    for each in clients:
        await each.until(lambda each=each: each.values == {0: 1.0})  # type: ignore[misc]
    assert at_work.queries.runs == 2
    assert len({id(each.raw[-1]) for each in clients}) == 1


async def test_who_is_told_apart_by_a_function_is_told_apart(at_work: Deployment) -> None:
    people = [("ann", "lumen"), ("bo", "lumen"), ("cy", "umbra"), None]
    clients = []
    for person in people:
        client = Client(at_work).connect()
        if person:
            client.act_as(subject=person[0], org_id=person[1])
        client.watch(("world:claim", {}))
        await client.up_to_date()
        clients.append(client)
    assert [each.values[0] for each in clients] == ["lumen", "lumen", "umbra", None]
    assert at_work.queries.runs == 3, "two of them see the same"


async def test_a_new_token_shows_what_it_may_see(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("world:claim", {}), ("messages:count", A))
    await client.up_to_date()
    client.act_as(org_id="lumen")
    await client.up_to_date()
    assert client.values == {0: "lumen", 1: 0.0}
    client.authenticate("None")
    await client.up_to_date()
    assert client.values == {0: None, 1: 0.0}
    last = client.transitions()[-1]
    assert [each["queryId"] for each in last["modifications"]] == [0], "what is the same isn't told again"


async def test_a_token_that_is_none_ends_the_socket(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.authenticate("User", value="nonsense")
    client.watch(("messages:count", A))
    await client.until(lambda: client.closed is not None)
    assert client.frames == [
        {
            "type": "AuthError",
            "error": client.frames[0]["error"],
            "baseVersion": 0,
            "authUpdateAttempted": True,
        }
    ]


async def test_a_token_that_has_run_out_ends_the_socket_when_it_matters(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.act_as(org_id="lumen")
    client.watch(("world:claim", {}))
    await client.up_to_date()
    client.session.caller = type(client.session.caller)(client.session.caller.identity, time.time() - 1)
    client.mutate(*said("too late"))
    assert client.closed is not None
    assert client.frames[-1] == {
        "type": "AuthError",
        "error": "TokenExpired",
        "baseVersion": 1,
        "authUpdateAttempted": False,
    }


async def test_all_queries_of_a_client_are_as_of_one_moment(at_work: Deployment) -> None:
    client, writer = Client(at_work).connect(), Client(at_work).connect()
    client.watch(("messages:count", A), ("messages:count", B))
    await client.up_to_date()
    for number in range(60):
        writer.mutate("messages:sendBoth", {"body": str(number)})
    seen: list[tuple[Any, Any]] = []
    take = client._take

    def record(told: dict[str, Any]) -> None:
        take(told)
        seen.append((client.values.get(0), client.values.get(1)))

    client._take = record  # type: ignore[method-assign]
    await client.until(lambda: client.values == {0: 60.0, 1: 60.0})
    assert all(one == other for one, other in seen)


async def test_a_page_stays_where_it_began_and_ended(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    for number in range(4):
        await client.mutated(*said(str(number)))
    client.watch(("messages:page", {"paginationOpts": {"numItems": 2.0, "cursor": None, "id": 1.0}}))
    await client.until(lambda: 0 in client.values)
    assert [each["body"] for each in client.values[0]["page"]] == ["3", "2"]
    for number in (4, 5):
        await client.mutated(*said(str(number)))
    await client.until(lambda: len(client.values[0]["page"]) == 4)
    assert [each["body"] for each in client.values[0]["page"]] == ["5", "4", "3", "2"]
    journal = client.transitions()[-1]["modifications"][0]["journal"]
    again = Client(at_work).connect()
    again.modify(
        [
            {
                "type": "Add",
                "queryId": 7,
                "udfPath": "messages:page",
                "args": [{"paginationOpts": {"numItems": 2, "cursor": None, "id": 2}}],
                "journal": journal,
            }
        ]
    )
    await again.up_to_date()
    assert len(again.values[7]["page"]) == 4, "who comes back gets the page that it had"


async def test_what_is_asked_no_more_is_kept_no_more(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("messages:count", A), ("messages:count", B))
    await client.up_to_date()
    client.forget(0)
    await client.up_to_date()
    assert client.values == {1: 0.0}
    client.session.close()
    assert at_work.queries.kept == 0


async def test_nothing_is_kept_of_what_nobody_waits_for_any_more(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("messages:count", A), ("no:function", {}))
    await asyncio.sleep(0)
    assert at_work.queries._tasks, "a run has begun"
    client.session.close()
    while running := list(at_work.queries._tasks):
        await asyncio.gather(*running)
    assert at_work.queries.kept == 0
    assert not at_work.queries._looks


async def test_a_client_that_does_not_read_is_told_once_it_does(at_work: Deployment) -> None:
    client, writer = Client(at_work).connect(), Client(at_work).connect()
    client.watch(("messages:count", A))
    await client.up_to_date()
    client.paused = True
    before = len(client.frames)
    for number in range(10):
        await writer.mutated(*said(str(number)))
    assert len(client.frames) == before
    client.paused = False
    client.session.resume()
    await client.until(lambda: client.values == {0: 10.0})
    assert len(client.frames) == before + 1


async def test_a_mutation_that_is_sent_again_is_answered_and_not_done_again(at_work: Deployment) -> None:
    first = Client(at_work).connect()
    answer = await first.mutated(*said("once"))
    first.session.close()
    second = Client(at_work).connect()
    again = await second.mutated(*said("once"))
    assert (again["ts"], again["result"]) == (answer["ts"], answer["result"])
    await second.until(lambda: second.ts >= read_timestamp(answer["ts"]))
    second.watch(("messages:count", A))
    await second.up_to_date()
    assert second.values == {0: 1.0}


async def test_who_is_back_is_answered_what_it_did_before_it_is_shown(at_work: Deployment) -> None:
    """The client itself holds to it that an answer comes before its commit's Transition."""
    first, other = (
        Client(at_work).connect(),
        Client(at_work).connect(session="0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c002"),
    )
    await first.mutated(*said("once"))
    first.session.close()
    other.watch(("messages:count", A))
    await other.up_to_date()
    second = Client(at_work).connect(count=1)
    second.watch(("messages:count", A))
    again = await second.mutated(*said("once"))
    await second.up_to_date()
    assert second.frames[0]["type"] == "MutationResponse"
    assert again["success"] and second.values == {0: 1.0}


async def test_a_function_that_never_ends_ends_alone(at_work: Deployment) -> None:
    endless, other = Client(at_work).connect(), Client(at_work).connect()
    endless.watch(("world:endless", {}))
    endless.mutate("world:endlessWrite", {})
    other.watch(("messages:first", B))
    await other.up_to_date()
    assert 0 not in endless.errors, "others don't wait for it"
    await endless.until(lambda: 0 in endless.errors and 0 in endless.answers)
    assert "timed out" in endless.errors[0]["errorMessage"] and "timed out" in endless.answers[0]["result"]
    await other.mutated(*said("on", "b"))
    await other.until(lambda: other.values == {0: "on"})


async def test_a_large_transition_comes_in_parts_to_who_knows_of_parts(at_work: Deployment) -> None:
    body = "ü" * 400_000
    writer = Client(at_work).connect()
    for _ in range(8):
        assert (await writer.mutated(*said(body)))["success"]
    for takes_chunks in (True, False):
        client = Client(at_work, takes_chunks=takes_chunks).connect()
        client.watch(("messages:list", A))
        await client.up_to_date()
        assert [each["body"] for each in client.values[0]] == [body] * 8
        assert (max(map(len, client.raw)) <= CHUNK_BYTES + 1000) is takes_chunks


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"type": "Mutation", "requestId": 0, "udfPath": "messages:send", "args": [{}]}, "must be Connect"),
        ({"type": "Nonsense"}, "no message of type"),
        ({"type": "Connect", "sessionId": "x", "connectionCount": 0}, "Connect"),
    ],
    ids=["too early", "no such message", "no session"],
)
async def test_who_breaks_the_protocol_is_told_so_and_let_go(
    at_work: Deployment, message: dict[str, Any], told: str
) -> None:
    client = Client(at_work)
    client.say(**message)
    assert client.frames[0]["type"] == "FatalError" and told in client.frames[0]["error"]
    assert client.closed is not None
    client.say(type="Connect", sessionId=SESSION, connectionCount=0)
    assert len(client.frames) == 1


async def test_versions_that_do_not_fit_are_the_clients_fault(at_work: Deployment) -> None:
    for message in (
        {"type": "ModifyQuerySet", "baseVersion": 1, "newVersion": 2, "modifications": []},
        {"type": "Authenticate", "baseVersion": 1, "tokenType": "None"},
        {"type": "Connect", "sessionId": SESSION, "connectionCount": 0, "lastCloseReason": None},
    ):
        client = Client(at_work).connect()
        client.say(**message)
        assert client.frames[-1]["type"] == "FatalError" and client.closed is not None


async def test_a_client_watches_only_so_many_queries(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(*((("messages:count", {"room": str(number)})) for number in range(MOST_QUERIES + 1)))
    assert client.frames[-1]["type"] == "FatalError" and str(MOST_QUERIES) in client.frames[-1]["error"]
    assert at_work.queries.kept == 0


async def test_a_client_that_is_ahead_is_asked_to_come_again(at_work: Deployment) -> None:
    client = Client(at_work).connect(maxObservedTimestamp=write_timestamp(2**62))
    assert client.closed is not None and client.closed[0] == 1013


async def test_every_watcher_ends_with_what_is_true(at_work: Deployment) -> None:
    chance = random.Random(5)
    rooms = ["a", "b", "c"]
    clients = []
    for room in rooms:
        for other in rooms:
            client = Client(at_work).connect()
            client.watch(("messages:list", {"room": room}), ("messages:count", {"room": other}))
            clients.append(client)

    async def write(number: int) -> int:
        writer = Client(at_work).connect(session=SESSION[:-1] + str(number))
        for _ in range(40):
            room = chance.choice(rooms)
            if chance.random() < 0.15:
                answer = await writer.mutated("messages:empty", {"room": room})
            else:
                answer = await writer.mutated(*said(str(chance.random()), room))
        return read_timestamp(answer["ts"])

    stamps = await asyncio.gather(*map(write, range(5)))
    for client in clients:
        room, other = (json.loads(each.asked.args) for each in client.session._watched.values())
        fresh = Client(at_work).connect()
        fresh.watch(("messages:list", room), ("messages:count", other))
        await fresh.up_to_date()
        await client.until(lambda client=client, fresh=fresh: client.values == fresh.values)  # type: ignore[misc]
    assert at_work.ts == max(stamps)

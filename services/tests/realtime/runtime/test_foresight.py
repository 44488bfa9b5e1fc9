"""What is told later or known before is what it would have been at its time; and it saves the asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dfworx.realtime.engine.transaction import Transaction, fits_everywhere
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import make_identity
from dfworx.realtime.runtime.channel import Channel, Message
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.foresight import Foreseen, Foresight, Texts
from dfworx.realtime.runtime.functions import Spoiled
from dfworx.realtime.values import Value, load
from tests.realtime.conftest import ENV
from tests.realtime.runtime.conftest import NOW_NS, Runner

CASES: list[tuple[str, dict[str, Value]]] = [
    ("many", {"count": 100.0}),
    ("catches", {}),
    ("failsLate", {}),
    ("atOnce", {}),
    ("insertsWhileItReads", {}),
    ("inside", {}),
]


def outcome(result: Any) -> Any:
    """Without the id that an error names."""
    return result.message.splitlines()[0].split(" ID ")[0] if result.value is None else load(result.value)


@pytest.mark.parametrize(("name", "args"), CASES, ids=[name for name, _ in CASES])
async def test_writes_that_are_told_later_come_to_the_same(
    runner: Runner, name: str, args: dict[str, Value]
) -> None:
    async def run(room: str, *, later: bool) -> Any:
        # There is a table, and something to read.
        await runner.run("messages:send", {"room": room, "body": "there"})
        try:
            return outcome(await runner.run(f"later:{name}", {**args, "room": room}, later=later))
        except Spoiled:
            assert later
            return outcome(await runner.run(f"later:{name}", {**args, "room": room}, later=False))

    async def rows(room: str) -> Any:
        return [
            {field: value for field, value in each.items() if field in ("body", "n")}
            for each in outcome(await runner.run("messages:list", {"room": room}))
        ]

    told = await run("at once", later=False)
    for room in ("learning", "learned", "learned again"):
        assert await run(room, later=True) == told
        assert await rows(room) == await rows("at once")


async def test_what_a_refused_write_had_been_caught_for_is_done(at_work: Deployment) -> None:
    for room in ("a", "b", "c"):
        written = await at_work.mutate("later:catches", {"room": room})
        caught, there = outcome(written.result)
        assert len(caught) == 3 and there == ["kept", "after 1", "after 2", "after 3"]
        failed = await at_work.mutate("later:failsLate", {"room": room})
        assert "Delete on nonexistent document ID" in failed.result.message


async def test_what_is_known_is_not_asked(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Message] = []
    send = Channel.send

    async def count(channel: Channel, message: Message) -> None:
        sent.append(message)
        await send(channel, message)

    monkeypatch.setattr(Channel, "send", count)

    async def trips(path: str, **args: Value) -> int:
        sent.clear()
        await runner.run(path, args, later=True)
        return len(sent)

    await runner.run("messages:send", {"room": "a", "body": "there"})
    assert [await trips("messages:sendBoth", body=body) for body in "xyz"] == [3, 1, 1]
    assert await trips("messages:count", room="a") == 2
    assert await trips("messages:count", room="b") == 1
    for room in "ab":
        await runner.run("messages:send", {"room": room, "body": f"last of {room}"})
    # The second of its queries hangs on what is found: it is known for who asked the same before.
    assert [await trips("later:newest", room=room) for room in "abab"] == [3, 2, 1, 1]
    assert await trips("later:many", room="c", count=64.0) < 8


ROOMS = ("a room of its own", "some other room")


async def sent(runner: Runner, room: str, body: str) -> str:
    result = await runner.run("messages:send", {"room": room, "body": body})
    assert result.value is not None, result.message
    return str(load(result.value))


@contextmanager
def written(runner: Runner) -> Iterator[Transaction]:
    with runner.committer.mutation(NOW_NS, fits_everywhere) as (transaction, _):
        yield transaction
    runner.committer.flush()


async def test_what_stands_in_a_row_is_foreseen_as_it_stands_there_now(runner: Runner) -> None:
    for room in ROOMS:
        await sent(runner, room, f"in {room}")
    first, second = [await sent(runner, "leads", room) for room in ROOMS]
    for known, message, place in [(False, first, 0), (True, second, 1), (True, first, 0)]:
        foretold = dict(runner.foresight.foretell("later:follows", None, Texts({"id": message}, None)))
        assert (-1 in foretold) is known
        seen = outcome(await runner.run("later:follows", {"id": message}, later=True))
        assert seen == [[f"in {ROOMS[place]}"], 1.0]
    runner.foresight = Foresight()
    cold = outcome(await runner.run("later:follows", {"id": first}, later=True))
    read = runner.last.reads.intervals
    assert outcome(await runner.run("later:follows", {"id": first}, later=True)) == cold
    assert runner.last.reads.intervals == read, "what was known counts as read as what was asked"
    with written(runner) as transaction:
        transaction.patch(first, {"body": ROOMS[1]})
    seen = outcome(await runner.run("later:follows", {"id": first}, later=True))
    assert seen == [[f"in {ROOMS[1]}"], 1.0]
    with written(runner) as transaction:
        transaction.remove(first)
    assert outcome(await runner.run("later:follows", {"id": first}, later=True)) is None


async def test_rows_of_one_who_asked_before_are_not_given_to_another(runner: Runner) -> None:
    for subject in ("ann", "zoe"):
        await runner.run("messages:send", {"room": subject, "body": f"of {subject}"})
    for subject in ("ann", "zoe", "ann", "nobody"):
        identity = make_identity("https://i.example", subject, {})
        seen = outcome(await runner.run("later:mine", identity=identity))
        assert seen == ([] if subject == "nobody" else [f"of {subject}"])


def asking(room: str, rows: int = 64) -> Foreseen:
    query = {
        "source": {"type": "IndexRange", "range": [{"type": "Eq", "fieldPath": "room", "value": room}]},
        "operators": [],
    }
    return Foreseen(query, rows)


def foretold(foresight: Foresight, path: str, texts: Texts, args: str | None = None) -> dict[int, Foreseen]:
    return dict(foresight.foretell(path, args, texts))


def test_as_many_rows_are_foreseen_as_were_taken_at_most() -> None:
    foresight, texts = Foresight(), Texts({}, None)
    for taken, most in [(3, 3), (20, 20), (1, 20)]:
        foresight.learn("m:f", None, texts, {0: asking("a", taken)}, {})
        assert foretold(foresight, "m:f", texts) == {0: asking("a", most)}


async def test_rows_behind_those_that_were_foreseen_are_asked_for(runner: Runner) -> None:
    for n in range(100):
        await runner.run("messages:send", {"room": "a", "body": str(n)})
    for wanted in (1.0, 1.0, 90.0, 3.0):
        seen = outcome(await runner.run("messages:some", {"room": "a", "count": wanted}))
        assert isinstance(seen, list) and len(seen) == wanted


def test_a_query_is_known_by_arguments_and_claims() -> None:
    foresight = Foresight()
    ann = Texts({"room": "a", "n": 1.0}, {"subject": "ann"})
    zoe = Texts({"room": "b", "n": 2.0}, {"subject": "zoe"})
    assert foretold(foresight, "m:f", ann) == {}
    foresight.learn(
        "m:f", None, ann, {0: asking("a"), 1: asking("ann"), 2: asking("fixed")}, {"messages": 100}
    )
    assert foretold(foresight, "m:f", zoe) == {0: asking("b"), 1: asking("zoe"), 2: asking("fixed")}
    assert foresight.inserts("m:f") == {"messages": 32}
    assert foretold(foresight, "m:g", zoe) == {}
    assert foretold(foresight, "m:f", Texts({}, None)) == {2: asking("fixed")}


def test_what_a_query_reads_is_known_apart_for_its_arguments() -> None:
    foresight = Foresight()
    for args, room in [("1", "a"), ("2", "b")] * 2:
        texts = Texts({}, None)
        foresight.learn("m:f", args, texts, {0: asking(room)}, {})
    assert [foretold(foresight, "m:f", Texts({}, None), args) for args in ("1", "2")] == [
        {0: asking("a")},
        {0: asking("b")},
    ]
    assert foretold(foresight, "m:f", Texts({}, None), "3") == {}


def test_a_query_that_was_wrong_is_not_foretold_until_it_would_have_been_right() -> None:
    foresight, texts = Foresight(), Texts({}, None)
    for wanted, known in [("a", False), ("b", True), ("c", False), ("c", False), ("c", True), ("c", True)]:
        assert (0 in foretold(foresight, "m:f", texts)) is known, wanted
        foresight.learn("m:f", None, texts, {0: asking(wanted)}, {})
    foresight.learn("m:f", None, texts, {}, {})
    assert foretold(foresight, "m:f", texts) == {}


async def test_other_functions_begin_anew(path: str, node: Path, code: Bundle) -> None:
    deployment = await open_deployment(path, node, code, ENV)
    try:
        for _ in range(2):
            await deployment.mutate("messages:send", {"room": "a", "body": "x"})
        assert deployment.program.foresight.inserts("messages:send")
        await deployment.replace(code)
        assert not deployment.program.foresight.inserts("messages:send")
    finally:
        await deployment.close()

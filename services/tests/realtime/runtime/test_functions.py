"""Real functions in a real Node process: what they read and write, how they fail, what they may look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.engine.subscriptions import Subscriptions
from dfworx.realtime.runtime.bundle import bundle
from dfworx.realtime.runtime.functions import Refused, canonical, find_function
from dfworx.realtime.runtime.worker import Worker, WorkerDied
from dfworx.realtime.values import Value, load
from tests.realtime.runtime.conftest import NOW_NS, Runner


async def value(runner: Runner, path: str, args: Value = None, **about: Any) -> Any:
    result = await runner.run(path, args, **about)
    assert result.value is not None, result.message
    return load(result.value)


async def bodies(runner: Runner, room: str = "a") -> list[str]:
    return [each["body"] for each in await value(runner, "messages:list", {"room": room})]


async def send(runner: Runner, body: str, room: str = "a", n: float = 0.0) -> str:
    made: str = await value(runner, "messages:send", {"room": room, "body": body, "n": n})
    return made


async def test_what_a_mutation_writes_a_query_finds(runner: Runner) -> None:
    made = await send(runner, "hi")
    await send(runner, "elsewhere", "b")
    assert await bodies(runner) == ["hi"]
    found = await value(runner, "messages:get", {"id": made})
    assert found["_id"] == made and NOW_NS / 1e6 < found["_creationTime"] < NOW_NS / 1e6 + 1


async def test_a_patch_is_seen_by_the_function_that_makes_it(runner: Runner) -> None:
    made = await send(runner, "hi", n=4.0)
    found = await value(runner, "messages:shout", {"id": made})
    assert (found["body"], "n" in found) == ("HI", False)


async def test_rows_that_a_loop_removes_come_once_each(runner: Runner) -> None:
    for number in range(150):
        await send(runner, str(number), n=float(number))
    assert await value(runner, "messages:empty", {"room": "a"}) == 150.0
    assert await bodies(runner) == []


async def test_a_failed_function_leaves_nothing_and_one_inside_it_only_its_own(
    runner: Runner,
) -> None:
    result = await runner.run("messages:sendBad")
    assert result.value is None
    assert "does not match the schema: Object is missing the required field `body`" in result.message
    assert await value(runner, "messages:callHidden") == {"code": "refused", "body": "inner"}
    assert await bodies(runner) == ["outer"]


async def test_a_function_that_fails_tells_where_in_its_own_file(runner: Runner) -> None:
    result = await runner.run("world:boom")
    assert result.message.startswith("Uncaught TypeError: boom\n    at handler (../convex/world.ts:")
    assert (
        "worker.mjs" not in result.message and "node:" not in result.message and "realm" not in result.message
    )
    assert result.data is None


async def test_arguments_and_what_is_returned_are_held_against_validators(runner: Runner) -> None:
    result = await runner.run("messages:list", {"room": 1.0})
    assert result.message.startswith("ArgumentValidationError: Value does not match validator.\nPath: .room")
    result = await runner.run("messages:wrongReturn")
    assert result.message.startswith("ReturnsValidationError: Value does not match validator.\nValue: 1.0")


async def test_a_query_counts_as_read_what_it_consumed(runner: Runner) -> None:
    for number in (1.0, 2.0, 3.0):
        await send(runner, str(number), n=number)
    subscriptions = Subscriptions[str]()
    for path, args in (
        ("messages:first", {"room": "a"}),
        ("messages:list", {"room": "a"}),
        ("messages:counted", {}),
    ):
        await value(runner, path, args)
        subscriptions.watch(path, runner.last.reads)

    async def told_by(room: str, n: float) -> set[str]:
        await send(runner, "new", room, n)
        return subscriptions.concerned(runner.last.touched)

    assert await told_by("b", 0.0) == set()
    assert await told_by("a", 4.0) == {"messages:list", "messages:counted"}
    assert await told_by("a", 0.0) == {"messages:list", "messages:counted", "messages:first"}


async def test_pages_keep_their_ends_by_their_journals(runner: Runner) -> None:
    for number in range(5):
        await send(runner, str(number))

    async def page(cursor: str | None, journal: str | None = None) -> tuple[list[str], str | None, bool]:
        options = {"numItems": 2.0, "cursor": cursor}
        result = await runner.run("messages:page", {"paginationOpts": options}, journal=journal)
        assert result.value is not None, result.message
        told: Any = load(result.value)
        assert told["continueCursor"] == result.journal
        return [each["body"] for each in told["page"]], result.journal, told["isDone"]

    first, end, done = await page(None)
    assert (first, done) == (["4", "3"], False)
    second, _, _ = await page(end)
    assert second == ["2", "1"]
    await send(runner, "5")
    assert (await page(None, end))[0] == ["5", "4", "3"]
    broken = await runner.run("messages:page", {"paginationOpts": {"numItems": 2.0, "cursor": "nonsense"}})
    assert "InvalidCursor" in broken.message
    assert broken.data is not None and load(broken.data) == {
        "isConvexSystemError": True,
        "paginationError": "InvalidCursor",
    }


async def test_chance_and_time_are_the_same_when_a_function_runs_again(runner: Runner) -> None:
    once = await value(runner, "world:chance", seed=7)
    assert await value(runner, "world:chance", seed=7) == once
    assert await value(runner, "world:chance", seed=8) != once
    assert 0 <= once[0] < 1 and once[0] != once[1]
    assert await value(runner, "world:clock") == [
        *[float(NOW_NS // 1_000_000)] * 2,
        5.0,
        0.0,
    ]


async def test_what_is_looked_at_is_told(runner: Runner) -> None:
    me = {"tokenIdentifier": "i|s", "issuer": "i", "subject": "s", "org_id": "lumen"}
    looks: list[tuple[str, dict[str, Any]]] = [
        ("world:claim", {"identity": True, "claims": ["org_id"]}),
        ("world:wholeIdentity", {"identity": True, "allClaims": True}),
        ("world:clock", {"time": True}),
        ("world:chance", {"random": True}),
        ("messages:counted", {}),
    ]
    for path, looked in looks:
        result = await runner.run(path, identity=me)
        told = {name: seen for name, seen in result.observed.items() if seen}
        assert told.items() >= looked.items()
        assert told.keys() - looked.keys() <= {"claims"}
    assert await value(runner, "world:claim", identity=me) == "lumen"
    assert await value(runner, "world:claim") is None
    assert await value(runner, "world:wholeIdentity", identity=me) == me


async def test_what_is_said_is_kept_up_to_a_limit(runner: Runner) -> None:
    lines = (await runner.run("world:speak")).log_lines
    assert lines[0] == "[LOG] 'plain' { list: [ 1, 2n, null ], deep: { text: 'x' } }"
    assert lines[1] == "[ERROR] 'told'"
    assert len(lines) == 256


async def test_functions_find_convex_around_them_and_not_node(runner: Runner) -> None:
    assert await value(runner, "world:outside") == ["undefined", "undefined", "green"]
    assert await value(runner, "world:bytes") == ["é".encode(), "é", "hi"]
    assert await value(runner, "world") == "the default one"


async def test_modules_find_their_environment_when_they_are_read(node: Path, tmp_path: Path) -> None:
    (tmp_path / "some.ts").write_text("export const some = 1;")
    (tmp_path / "auth.config.ts").write_text(
        "export default { providers: [{ domain: process.env.DOMAIN }] };"
    )
    code = bundle(tmp_path, node, CHECKOUT / "node_modules").code
    for env, domain in (({"DOMAIN": "issuer.example"}, "issuer.example"), ({}, None)):
        worker, described = await Worker.start(node, code, "convex.js", env)
        await worker.kill()
        assert json.loads(described["auth"]) == {"providers": [{"domain": domain}]}


FAILURES = [
    ("world:fetching", "Can't use fetch() in queries and mutations"),
    ("world:later", "Can't use setTimeout() in queries and mutations"),
    ("world:never", "Returned promise will never resolve"),
    ("world:stray", "Uncaught Error: stray"),
    ("world:manyRanges", "Too many reads in a single function execution (limit: 4096)"),
]


@pytest.mark.parametrize(("path", "why"), FAILURES)
async def test_what_a_function_may_not_do_is_its_failure(runner: Runner, path: str, why: str) -> None:
    result = await runner.run(path)
    assert result.value is None
    assert why in result.message
    assert await value(runner, "world") == "the default one", "the worker goes on"


@pytest.mark.parametrize("path", ["world:endless", "world:endlessMicrotasks"])
async def test_a_function_that_never_ends_is_ended(runner: Runner, path: str) -> None:
    with pytest.raises(WorkerDied, match="timed out"):
        await runner.run(path)


UNFINDABLE = [
    ("messages:nothing", "query", "Could not find public function for 'messages:nothing'"),
    ("messages:hidden", "mutation", "Could not find public function for 'messages:hidden'"),
    ("nowhere", "query", "Could not find public function for 'nowhere'"),
    ("messages:send", "query", "Trying to execute messages:send as Query, but it is defined as Mutation."),
]


@pytest.mark.parametrize(("path", "kind", "why"), UNFINDABLE)
async def test_what_is_not_public_is_not_there(runner: Runner, path: str, kind: Any, why: str) -> None:
    with pytest.raises(Refused, match=why):
        find_function(runner.functions, path, kind)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("a:b", "a:b"), ("a.js:b", "a:b"), ("dir/a", "dir/a:default"), ("dir/a.js", "dir/a:default")],
)
def test_a_path_has_one_form(written: str, meant: str) -> None:
    assert canonical(written) == meant

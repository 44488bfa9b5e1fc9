"""Actions call queries, mutations and actions, as whoever called them; what they throw, log and return is told."""

from __future__ import annotations

import asyncio

import pytest

from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from tests.realtime.actions.conftest import act, failed, notes, person


async def test_an_action_writes_and_reads_what_it_wrote(at_work: Deployment) -> None:
    assert await act(at_work, "calls:addAndList", body="a") == ["a"]
    assert await act(at_work, "calls:addAndList", body="b") == ["a", "b"]


async def test_each_mutation_of_an_action_is_a_transaction_of_its_own(at_work: Deployment) -> None:
    result = await failed(at_work, "calls:addTwiceAndFail", body="kept")
    assert result.data is not None and "refused" in result.data
    assert await notes(at_work) == ["kept"]


async def test_data_of_an_error_comes_through_to_the_action_that_catches_it(at_work: Deployment) -> None:
    assert await act(at_work, "calls:catches", body="a") == {"code": "refused", "body": "a"}


async def test_errors_are_told_with_frames_of_the_functions_file(at_work: Deployment) -> None:
    message = (await failed(at_work, "calls:throwsError")).message
    first, *frames = message.splitlines()
    assert first == "Uncaught TypeError: boom"
    assert frames and all("(../convex/" in each or "../node_modules/" in each for each in frames)
    assert "calls.ts:" in frames[0]


async def test_data_of_a_convex_error_is_told(at_work: Deployment) -> None:
    result = await failed(at_work, "calls:throwsData")
    assert result.data == '{"code":"own","count":{"$integer":"BQAAAAAAAAA="}}'
    assert result.message.startswith("Uncaught ConvexError: ")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("wrongKind", "Trying to execute notes:list as Mutation, but it is defined as Query."),
        ("wrongArgs", "ArgumentValidationError"),
        ("nothingThere", "Could not find function for 'notes:missing'"),
        ("component", "components.presence.public.list can't be called: this deployment has no components"),
    ],
)
async def test_mistakes_of_an_action_are_told_in_a_sentence(
    at_work: Deployment, action: str, words: str
) -> None:
    assert words in (await failed(at_work, f"calls:{action}")).message


async def test_arguments_and_values_are_held_against_their_validators(at_work: Deployment) -> None:
    assert "ArgumentValidationError" in (await failed(at_work, "calls:addAndList", body=5.0)).message
    assert await notes(at_work) == []
    assert "half of a surrogate pair" in (await failed(at_work, "world:halfCharacter")).message
    assert "too large" in (await failed(at_work, "world:large", size=17.0 * 2**20)).message


async def test_lines_of_the_console_are_told_with_the_action_they_belong_to(at_work: Deployment) -> None:
    results = await asyncio.gather(*(at_work.act("calls:speaks", {}) for _ in range(5)))
    for result in results:
        assert result.log_lines == ["[LOG] 'plain' { list: [ 1, 2n, null ] }", "[ERROR] 'later'"]


# ------------------------------------------------------------------------------------------------------ who may what


async def test_internal_actions_are_not_for_clients(at_work: Deployment) -> None:
    for path in ("calls:inside", "node:reads"):
        message = (await failed(at_work, path, depth=0.0)).message
        assert message.startswith(f"Could not find public function for '{path}'")
    assert await act(at_work, "calls:deep", depth=3.0) == 3.0


async def test_queries_and_mutations_are_no_actions(at_work: Deployment) -> None:
    message = (await failed(at_work, "notes:list")).message
    assert message == "Trying to execute notes:list as Action, but it is defined as Query."


async def test_actions_at_once_each_have_their_own_caller(at_work: Deployment) -> None:
    callers = [person(f"p{n}") for n in range(20)] + [NOBODY]
    told = await asyncio.gather(*(act(at_work, "calls:who", each, ms=20.0) for each in callers))
    assert told == [[f"p{n}"] * 3 for n in range(20)] + [[None] * 3]


async def test_actions_at_once_share_no_variables_of_a_module(at_work: Deployment) -> None:
    assert await asyncio.gather(*(act(at_work, "world:counts", ms=30.0) for _ in range(8))) == [1.0] * 8


async def test_actions_that_call_one_another_without_end_are_refused(at_work: Deployment) -> None:
    assert "more than 8 deep" in (await failed(at_work, "calls:deep", depth=100.0)).message

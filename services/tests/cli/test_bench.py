"""`dfworx bench`: how figures are computed and told; nothing here is timed."""

from __future__ import annotations

import json
import platform

import pytest
from rich.console import Console

from dfworx.cli.bench import BENCHES, choose_benches, choose_figures, describe, print_figures
from dfworx.cli.benches.figures import (
    CLIENT_SHARE,
    Figure,
    Goal,
    Ratio,
    Sample,
    compare,
    count,
    explain,
    interleave,
    p99,
)
from dfworx.cli.benches.machine import describe_machine
from dfworx.cli.failure import Failure


def sample(requests: int, latencies: list[float] | None = None, **cpu: float) -> Sample:
    return Sample(requests, 2.0, latencies or [0.001], cpu)


@pytest.mark.parametrize(
    ("goal", "held", "missed"),
    [(Goal(">=", 0.6), 0.6, 0.5999), (Goal("<=", 3), 3, 3.001), (Goal("=", 1), 1, 2)],
    ids=str,
)
def test_a_goal_is_held_at_its_own_value_and_missed_beside_it(goal: Goal, held: float, missed: float) -> None:
    assert goal.holds(held)
    assert not goal.holds(missed)


def test_a_ratio_is_taken_within_its_round_and_the_median_of_the_rounds_counts() -> None:
    # The machine was ten times slower in the second round: the ratio doesn't care.
    samples = {
        "ours": [sample(500), sample(50), sample(900)],
        "theirs": [sample(1000), sample(100), sample(1000)],
    }
    figure = compare("ours_vs_theirs", Ratio(Goal(">=", 0.5), "ours", "theirs"), samples)
    assert figure.rounds == [0.5, 0.5, 0.9]
    assert figure.value == 0.5
    assert figure.holds


def test_latencies_are_compared_by_the_one_that_99_of_100_do_not_exceed() -> None:
    ours, theirs = sample(100, [n / 1000 for n in range(1, 101)]), sample(100, [0.033] * 100)
    assert p99(ours) == 0.099
    figure = compare("p99", Ratio(Goal("<=", 3), "a", "b", p99), {"a": [ours], "b": [theirs]})
    assert figure.value == pytest.approx(3)


def test_of_what_must_be_so_every_time_the_worst_round_counts() -> None:
    assert count("queries", Goal("=", 1), "queries", [1, 2, 1]).describe() == {
        "name": "queries", "value": 2, "unit": "queries", "goal": "= 1", "holds": False, "rounds": [1, 2, 1],
    }  # fmt: skip


async def test_rounds_take_the_variants_in_turn() -> None:
    taken: list[str] = []

    async def measure(name: str) -> Sample:
        taken.append(name)
        return sample(len(taken))

    samples = await interleave({"a": lambda: measure("a"), "b": lambda: measure("b")}, rounds=2)
    assert taken == ["a", "b", "a", "b"]
    assert [each.requests for each in samples["b"]] == [2, 4]


def test_what_explains_a_figure_has_no_goal_and_tells_whose_time_it_took() -> None:
    told = {each.name: each for each in explain({"list": [sample(1000, [0.002], server=0.5, client=0.25)]})}
    assert {name: each.value for name, each in told.items()} == {
        "list_rate": 500, "list_p99": 2, "list_server_cpu": 500, "list_client_cpu": 250, "list_client_share": 0.125,
    }  # fmt: skip
    assert all(each.holds is None and each.goal is None for each in told.values())


def test_json_has_the_form_that_programs_rely_on() -> None:
    figures = [
        Figure("kept", 0.75123, "ratio", [0.7, 0.8], Goal(">=", 0.6)),
        Figure("rate", 1200, "requests/s", [1200]),
    ]
    told = json.loads(json.dumps(describe("posts", describe_machine("18.6"), figures)))
    assert told["bench"] == "posts"
    assert told["machine"].keys() == {"cores", "memory_mb", "python", "kernel", "architecture", "postgresql"}
    assert told["figures"] == [
        {
            "name": "kept",
            "value": 0.7512,
            "unit": "ratio",
            "goal": ">= 0.6",
            "holds": True,
            "rounds": [0.7, 0.8],
        },
        {"name": "rate", "value": 1200, "unit": "requests/s", "goal": None, "holds": None, "rounds": [1200]},
    ]


def test_the_machine_is_described_without_its_name() -> None:
    assert platform.node() not in " ".join(str(value) for value in describe_machine().values()).split()


def test_people_see_what_is_missed_and_when_the_load_was_the_limit() -> None:
    console = Console(width=120)
    figures = [
        Figure("sealed_list_vs_no_rls", 0.5, "ratio", [0.4, 0.6], Goal(">=", 0.6)),
        Figure(f"bare{CLIENT_SHARE}", 0.97, "of one core", [0.97]),
    ]
    with console.capture() as captured:
        print_figures(console, "posts", describe_machine(), figures)
    told = captured.get()
    assert "sealed_list_vs_no_rls    0.5  >= 0.6  no     0.4 to 0.6" in told
    assert "The load itself was the limit for bare" in told


def test_without_a_name_all_are_run() -> None:
    assert choose_benches(None) == list(BENCHES)


def test_an_unknown_benchmark_or_figure_is_one_sentence() -> None:
    with pytest.raises(
        Failure,
        match=r"^There is no benchmark named fast; choose from: "
        r"posts, realtime, chat, collab, frames, analytics, pages\.$",
    ):
        choose_benches("fast")
    [posts] = choose_benches("posts")
    with pytest.raises(
        Failure, match=r"^The benchmark posts has no figure fast; choose from: sealed_list_vs"
    ):
        choose_figures(posts, ["fast"])
    assert choose_figures(posts, ["growth_1m_vs_1k"]) == ["growth_1m_vs_1k"]
    assert len(choose_figures(posts, [])) == 8

"""What a benchmark answers: figures, most of them ratios of what was measured side by side. Every round measures all
variants one after the other, a ratio is taken within its round, and the median of the rounds is reported: what the
machine does besides then meets both sides alike."""

from __future__ import annotations

import math
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

CLIENT_SHARE = "_client_share"
"""Ends the name of a figure that says how much of one core the load itself took."""


@dataclass(frozen=True)
class Goal:
    sense: Literal[">=", "<=", "="]
    value: float

    def holds(self, measured: float) -> bool:
        if self.sense == ">=":
            return measured >= self.value
        return measured <= self.value if self.sense == "<=" else measured == self.value

    def __str__(self) -> str:
        return f"{self.sense} {self.value:g}"


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    rounds: Sequence[float]
    goal: Goal | None = None
    """None for what only explains the others."""

    @property
    def holds(self) -> bool | None:
        return None if self.goal is None else self.goal.holds(self.value)

    def describe(self) -> dict[str, Any]:
        """As it travels. The whole value is compared with the goal, so rounding never decides."""
        return {
            "name": self.name,
            "value": _readable(self.value),
            "unit": self.unit,
            "goal": str(self.goal) if self.goal else None,
            "holds": self.holds,
            "rounds": [_readable(each) for each in self.rounds],
        }


@dataclass(frozen=True)
class Sample:
    """One variant in one round."""

    requests: int
    seconds: float
    latencies: Sequence[float]
    """Of each request, in seconds."""
    cpu: Mapping[str, float] = field(default_factory=dict)
    """Processor seconds that were spent meanwhile, by who spent them."""

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, percent: float) -> float:
        """The latency that so many of a hundred requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def rate(sample: Sample) -> float:
    return sample.rate


def p99(sample: Sample) -> float:
    return sample.percentile(99)


@dataclass(frozen=True)
class Ratio:
    """A figure that says how one variant compares with another."""

    goal: Goal | None
    ours: str
    theirs: str
    measure: Callable[[Sample], float] = rate


Variant = Callable[[], Awaitable[Sample]]
Samples = Mapping[str, Sequence[Sample]]
"""By variant, one for each round."""


async def interleave(variants: Mapping[str, Variant], rounds: int) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, measure in variants.items():
            samples[name].append(await measure())
    return samples


def compare(name: str, ratio: Ratio, samples: Samples) -> Figure:
    """The ratio of each round, and their median."""
    ours, theirs = samples[ratio.ours], samples[ratio.theirs]
    rounds = [ratio.measure(one) / ratio.measure(other) for one, other in zip(ours, theirs, strict=True)]
    return median(name, "ratio", ratio.goal, rounds)


def explain(samples: Samples) -> list[Figure]:
    """What each variant did by itself: requests per second, latency, and whose processor time it took."""
    figures = []
    for name, rounds in samples.items():
        figures.append(median(f"{name}_rate", "requests/s", None, [rate(each) for each in rounds]))
        figures.append(median(f"{name}_p99", "ms", None, [p99(each) * 1000 for each in rounds]))
        for who in rounds[0].cpu:
            spent = [each.cpu[who] * 1e6 / each.requests for each in rounds]
            figures.append(median(f"{name}_{who}_cpu", "us/request", None, spent))
        if "client" in rounds[0].cpu:
            busy = [each.cpu["client"] / each.seconds for each in rounds]
            figures.append(median(f"{name}{CLIENT_SHARE}", "of one core", None, busy))
    return figures


def count(name: str, goal: Goal, unit: str, rounds: Sequence[float]) -> Figure:
    """For what must be so every time: the worst round counts, not the median."""
    return Figure(name, max(rounds), unit, rounds, goal)


def median(name: str, unit: str, goal: Goal | None, rounds: Sequence[float]) -> Figure:
    return Figure(name, statistics.median(rounds), unit, rounds, goal)


def _readable(value: float) -> float | int:
    """Four digits are more than any machine repeats."""
    return int(value) if float(value).is_integer() else float(f"{value:.4g}")

"""`bench chat`: a message to two hundred members of an organization who have its thread open, by the chat's own
functions and Convex's own clients with tokens, against a relay by socket.io that stores nothing and asks nobody
who they are."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, median
from dfworx.cli.benches.realtime_people import Signer
from dfworx.cli.benches.realtime_serving import measuring, on_core, run_program, serve_deployment, serve_relay
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home
from dfworx.cli.progress import Progress

CHAT = "chat_200_members_p95_vs_socketio"
FIGURES = (CHAT,)
MEMBERS = 200
ROUNDS = 7
MESSAGES = 30
"""A round."""
WARM_UP_MESSAGES = 40
SERVER_CORE, LOAD_CORE = 0, 1


def measure(folder: Path, only: Collection[str], progress: Progress) -> tuple[None, list[Figure]]:
    """No version of PostgreSQL: it isn't what is measured."""
    del only
    with (
        measuring(folder, progress) as home,
        progress.step(f"Measuring a message to {MEMBERS} members"),
    ):
        return None, measure_chat(home)


def measure_chat(
    home: Home, *, members: int = MEMBERS, rounds: int = ROUNDS, messages: int = MESSAGES
) -> list[Figure]:
    signer, organization_id = Signer(), str(uuid4())
    tokens = [signer.token(organization_id, "member") for _ in range(members)]
    samples: dict[str, list[Sample]] = {"convex": [], "socketio": []}
    with ExitStack() as stack:
        ours = stack.enter_context(
            serve_deployment(
                home, "chat", core=SERVER_CORE, functions=CHECKOUT / "convex", variables=signer.variables
            )
        )
        theirs = stack.enter_context(serve_relay(home, "socketio", core=SERVER_CORE))
        stack.enter_context(on_core(LOAD_CORE))
        asked = {
            name: stack.enter_context(run_program(home, "chat_members", name, served.url))
            for name, served in (("convex", ours), ("socketio", theirs))
        }
        for ask in asked.values():
            ask(json.dumps(tokens))
        _run_round(asked, WARM_UP_MESSAGES)
        rounds_bytes = []
        for _ in range(rounds):
            both, frames = _run_round(asked, messages)
            for name, sample in both.items():
                samples[name].append(sample)
            rounds_bytes.append(statistics.mean(frames))
    figures = [compare(CHAT, Ratio(Goal("<=", 2), "convex", "socketio", p95), samples)]
    for name, each in samples.items():
        for percent in (50, 95):
            taken = [sample.percentile(percent) for sample in each]
            figures.append(median(f"chat_{name}_p{percent}", "ms", None, taken))
    return [*figures, median("chat_frame", "bytes", None, rounds_bytes)]


def p95(sample: Sample) -> float:
    return sample.percentile(95)


def _run_round(
    asked: Mapping[str, Callable[[str], str]], messages: int
) -> tuple[dict[str, Sample], list[int]]:
    """What the relay hands on is what our frames told, in as many bytes; says how many."""
    frames: list[str | None] = [None] * messages
    samples = {}
    for name, ask in asked.items():
        told: dict[str, Any] = json.loads(ask(json.dumps(frames)))
        # In milliseconds, of each message to each member.
        taken: list[float] = [each for message in told["taken"] for each in message]
        samples[name] = Sample(len(taken), sum(map(max, told["taken"])) / 1000, taken)
        if frames[0] is None:
            frames = told["frames"]
        elif _lengths(told["frames"]) != _lengths(frames):
            raise Failure(
                f"{name} sent frames of {_lengths(told['frames'])} bytes, and we of {_lengths(frames)}."
            )
    return samples, _lengths(frames)


def _lengths(frames: Sequence[str | None]) -> list[int]:
    return [len(frame or "") for frame in frames]

"""`bench collab`: several people write one text. From a key to where the others see it, through our deployment, which
has written it to disk by then, and through Hocuspocus, which keeps it in memory; each with the client that apps use."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, median
from dfworx.cli.benches.load import spent
from dfworx.cli.benches.realtime_clients import read_sample
from dfworx.cli.benches.realtime_people import Signer
from dfworx.cli.benches.realtime_serving import (
    ADMIN_KEY,
    Served,
    bundle,
    measuring,
    on_core,
    run_program,
    serve_deployment,
    serve_relay,
)
from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.home import CHECKOUT, Home
from dfworx.cli.progress import Progress

LATENCY = "collab_p95_vs_hocuspocus"
FIGURES = (LATENCY,)
DOCUMENTS, PEOPLE = 50, 3
KEY_MS = 300
"""Between two keys of one person: 40 words a minute, without a pause."""
ROUNDS = 5
SECONDS = 4
WARM_UP_SECONDS = 2
SERVER_CORE, LOAD_CORE = 0, 1


def measure(folder: Path, only: Collection[str], progress: Progress) -> tuple[None, list[Figure]]:
    """No version of PostgreSQL: it isn't what is measured."""
    with (
        measuring(folder, progress) as home,
        progress.step("Measuring from a key to where others see it"),
    ):
        return None, measure_collab(home)


def measure_collab(home: Home, rounds: int = ROUNDS) -> list[Figure]:
    program = bundle(home, "editors.ts")
    signer = Signer()
    samples: dict[str, list[Sample]] = {"convex": [], "hocuspocus": []}
    with ExitStack() as stack:
        ours = stack.enter_context(
            serve_deployment(
                home,
                f"collab-{uuid4().hex}",
                core=SERVER_CORE,
                functions=CHECKOUT / "convex",
                variables=signer.variables,
            )
        )
        theirs = stack.enter_context(serve_relay(home, "hocuspocus", core=SERVER_CORE))
        stack.enter_context(on_core(LOAD_CORE))
        people = _people(ours, signer)
        asked: dict[str, tuple[Served, Callable[[str], str]]] = {}
        for name, served, url in (
            ("convex", ours, ours.url),
            ("hocuspocus", theirs, f"ws://127.0.0.1:{theirs.port}"),
        ):
            ask = stack.enter_context(run_program(home, str(program), name, url))
            ask(json.dumps({"documents": people}))
            ask(json.dumps({"seconds": WARM_UP_SECONDS, "every": KEY_MS}))
            asked[name] = (served, ask)
        for _ in range(rounds):
            for name, (served, ask) in asked.items():
                samples[name].append(_type(served, ask))
    figures = [
        compare(
            LATENCY, Ratio(Goal("<=", 2), "convex", "hocuspocus", lambda each: each.percentile(95)), samples
        )
    ]
    for name, measured in samples.items():
        for percent in (50, 95):
            taken = [each.percentile(percent) for each in measured]
            figures.append(median(f"collab_{name}_p{percent}", "ms", None, taken))
        busy = [each.cpu["server"] / SECONDS for each in measured]
        figures.append(median(f"collab_{name}_server_share", "of one core", None, busy))
        keys = [each.requests / (PEOPLE - 1) / SECONDS for each in measured]
        figures.append(median(f"collab_{name}_keys", "keys/s", None, keys))
    return figures


def _type(served: Served, ask: Callable[[str], str]) -> Sample:
    before = served.clock()
    sample = read_sample(ask(json.dumps({"seconds": SECONDS, "every": KEY_MS})))
    return Sample(sample.requests, SECONDS, sample.latencies, {"server": spent(before, served.clock())})


def _people(served: Served, signer: Signer) -> list[dict[str, Any]]:
    """Who writes what: moderators of one organization, whose texts are there and empty."""
    organization_id, author_id = str(uuid4()), str(uuid4())
    names = [str(uuid4()) for _ in range(DOCUMENTS)]
    rows: list[dict[str, Any]] = [
        {
            **{"id": name, "user_id": author_id, "title": "Plans", "slug": name, "status": "published"},
            **{
                "trashed_from": None,
                "visibility": "organization",
                "readers": [],
                "editors": [],
                "version": 1,
            },
        }
        for name in names
    ]
    into = {"organization_id": organization_id}
    with Asking(Running(served.url, ADMIN_KEY)) as asking:
        asking.call("mirror:posts", {**into, "event": 1, "gone": [], "rows": rows}, kind="mutation")
        for name in names:
            made = {**into, "post_id": name, "version": 1, "snapshot": []}
            asking.call("saving:make", made, kind="mutation")
    tokens = [[signer.token(organization_id, "moderator") for _ in range(PEOPLE)] for _ in names]
    return [{"name": name, "tokens": each} for name, each in zip(names, tokens, strict=True)]

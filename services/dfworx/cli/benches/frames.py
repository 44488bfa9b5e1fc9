"""`bench frames`: what a frame costs Chromium's main thread, in time of the processor, while somebody scrolls a thread
of fifty thousand messages, and while they type in the editor beside the carets of five others. In an install of its
own."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from dfworx.cli.benches.figures import Figure, Goal, Sample, median
from dfworx.cli.benches.pages import (
    ORGANIZATION,
    call_live,
    cookies_of,
    enter,
    find_chromium,
    install_lighthouse,
    run_command,
    running,
    sentences,
)
from dfworx.cli.benches.realtime_serving import bundle
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.parts import node
from dfworx.cli.progress import Progress

SCROLLING = "scrolling_frame_ms_p95"
TYPING = "typing_frame_ms_p95"
FIGURES = (SCROLLING, TYPING)
GOAL = Goal("<=", 16)
"""A frame at 60 a second."""
MESSAGES = 50_000
THREAD = "fifty-thousand"
OTHERS = 5
"""Whose carets are shown."""
ROUNDS = 3
SECONDS = 8


def measure(folder: Path, only: Collection[str], progress: Progress) -> tuple[None, list[Figure]]:
    """No version of PostgreSQL: it isn't what is measured."""
    chromium = find_chromium()
    home = Home(folder / "home")
    home.prepare()
    with progress.step("Installing Lighthouse (first time only)"):
        tools = install_lighthouse(home, folder / "lighthouse")
    rounds: dict[str, list[dict[str, Any]]] = {"scrolling": [], "typing": []}
    with running(home, progress) as origin, httpx.Client(base_url=origin, timeout=60) as client:
        enter(client)
        asked: dict[str, Any] = {"chromium": chromium, "origin": origin, "seconds": SECONDS}
        if SCROLLING in only:
            with progress.step(f"Importing {MESSAGES:,} messages"):
                asked["thread"] = f"/chat/{_fill_thread(home, client, folder / 'messages.jsonl')}"
        post = _write_post(client)
        if TYPING in only:
            asked["editor"] = f"/posts/{post['slug']}/edit"
        with _others(home, client, post["post_id"]) if TYPING in only else _nobody():
            for number in range(ROUNDS):
                with progress.step(f"Measuring, round {number + 1} of {ROUNDS}"):
                    enter(client)
                    for each in _ask(home, tools, asked | {"cookies": cookies_of(client, origin)}):
                        rounds[each["name"]].append(each)
    return None, figures_of(rounds)


def figures_of(rounds: dict[str, list[dict[str, Any]]]) -> list[Figure]:
    """The goals first, then what explains them."""
    goals, reasons = [], []
    for name, measured in rounds.items():
        if not measured:
            continue
        samples = [Sample(len(each["frames"]), SECONDS, each["frames"]) for each in measured]
        if not all(sample.requests for sample in samples):
            raise Failure(f"Chromium's trace shows no frame while {name}.")
        goals.append(median(f"{name}_frame_ms_p95", "ms", GOAL, [each.percentile(95) for each in samples]))
        elapsed = [Sample(len(each["elapsed"]), SECONDS, each["elapsed"]) for each in measured]
        reasons.append(median(f"{name}_frame_ms_p50", "ms", None, [each.percentile(50) for each in samples]))
        reasons.append(
            median(f"{name}_elapsed_ms_p95", "ms", None, [each.percentile(95) for each in elapsed])
        )
        reasons.append(median(f"{name}_frame_ms_max", "ms", None, [max(each.latencies) for each in samples]))
        reasons.append(median(f"{name}_frames", "frames", None, [each.requests for each in samples]))
        if name == "typing":
            reasons.append(median("typing_carets", "carets", None, [each["noted"] for each in measured]))
    return goals + reasons


def _fill_thread(home: Home, client: httpx.Client, file: Path) -> str:
    begun = datetime(2024, 1, 1, tzinfo=UTC)
    with file.open("w") as out:
        for number, text in enumerate(itertools.islice(itertools.cycle(sentences()), MESSAGES)):
            at = begun + timedelta(minutes=2 * number)
            message = {"id": f"m{number}", "at": at.isoformat(), "author": f"person-{number // 3 % 40}"}
            out.write(json.dumps({**message, "text": text}) + "\n")
    run_command(home, "import", "chat", str(file), "--organization", ORGANIZATION, "--thread", THREAD)
    threads = call_live(client, "query", "threads:list")
    return str(next(each["thread_id"] for each in threads if each["name"] == THREAD))


def _write_post(client: httpx.Client) -> dict[str, Any]:
    content = "\n\n".join(sentences()[:200])
    post = client.post("/api/web/posts", json={"title": "Written together", "content": content})
    written: dict[str, Any] = post.raise_for_status().json()
    client.post(f"/api/web/posts/{written['post_id']}/publish").raise_for_status()
    return written


@contextmanager
def _nobody() -> Iterator[None]:
    yield


@contextmanager
def _others(home: Home, client: httpx.Client, post_id: str) -> Iterator[None]:
    """Who write in the post as well, as long as this lasts."""
    program = bundle(home, "carets.ts")
    tokens = [_join(client, post_id, number) for number in range(OTHERS)]
    started = subprocess.Popen(
        [str(node.node_executable(home.path)), str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdin is not None
    assert started.stdout is not None
    try:
        said = {"url": str(client.base_url.join("/convex")), "post_id": post_id, "tokens": tokens}
        started.stdin.write(json.dumps(said) + "\n")
        started.stdin.flush()
        if not started.stdout.readline():
            raise Failure("Those who write in the post as well could not open it.")
        yield
    finally:
        started.kill()
        started.wait()


def _join(client: httpx.Client, post_id: str, number: int) -> str:
    """A token of somebody new, a moderator: they write what the organization has been shown."""
    email = f"writer-{number}-{post_id}@lighthouse.example"
    invited = client.post("/api/auth/invitations", json={"email": email, "role": "moderator"})
    accepted = client.post(
        f"/api/auth/invitations/{invited.raise_for_status().json()['token']}/accept",
        json={"name": f"Writer {number}", "password": "of nobody but this benchmark"},
    )
    bearer = {"Authorization": f"Bearer {accepted.raise_for_status().json()['access_token']}"}
    # Without the cookies of whoever invited them.
    token = httpx.post(client.base_url.join("/api/auth/realtime-token"), headers=bearer, timeout=60)
    return str(token.raise_for_status().json()["token"])


def _ask(home: Home, tools: Path, asked: dict[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(node.node_executable(home.path)), "frames.mjs"],
        cwd=tools,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"Chromium couldn't be measured:\n{done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]

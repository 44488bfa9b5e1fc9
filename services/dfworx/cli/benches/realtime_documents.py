"""An indexed page of 20 from a table of a million documents and from one of a thousand, each in a file of its own: in
one file the smaller table would stand in the larger one's trees. Documents are written by the engine in this process,
once; the deployment holds them against its schema when it first sees them."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Any

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, median
from dfworx.cli.benches.realtime_serving import FUNCTIONS, Served, serve_deployment
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, write_private
from dfworx.cli.progress import Progress
from dfworx.realtime.engine.catalog import create_index
from dfworx.realtime.engine.store import Writer, open_connection
from dfworx.realtime.engine.transaction import Transaction

LATENCY = "latency_1m_docs_vs_1k"
SIZES: Mapping[str, int] = {"small": 1_000, "large": 1_000_000}
PAGE = 20
"""So many documents has each author, none beside another one of the same."""
ROUNDS = 7
QUESTIONS = 400
WARM_UP_QUESTIONS = 300
BYTES_A_DOCUMENT = 1_500
AT_ONCE = 10_000
CHECKED_WITHIN = 600.0


def require_documents(home: Home, progress: Progress, sizes: Mapping[str, int] = SIZES) -> None:
    """Whole files; a file beside them, written last, says what they were made with."""
    wanted = {"maker": _fingerprint(), "sizes": dict(sizes)}
    told = home.path / "documents.json"
    if told.is_file() and json.loads(told.read_text()) == wanted:
        return
    home.require_space(sum(sizes.values()) * BYTES_A_DOCUMENT)
    told.unlink(missing_ok=True)
    for name, documents in sizes.items():
        with progress.step(f"Writing {documents:,} documents (first time only)"):
            for suffix in ("", "-wal", "-shm"):
                (home.path / f"{name}.sqlite3{suffix}").unlink(missing_ok=True)
            write_documents(home.path / f"{name}.sqlite3", documents)
        with (
            progress.step(f"Checking {documents:,} documents (first time only)"),
            serve_deployment(home, name, within=CHECKED_WITHIN),
        ):
            pass
    write_private(told, json.dumps(wanted) + "\n")


def write_documents(path: Path, documents: int) -> None:
    # Not durable: what isn't whole is made anew.
    writer = Writer(open_connection(str(path), durable=False))
    writer.create()
    writer.begin()
    writer.require_table("posts")
    create_index(writer.connection, "posts", "by_author", ("author",))
    writer.commit(time.time_ns())
    fill_table(
        writer,
        "posts",
        (
            {"author": float(number % (documents // PAGE)), "title": f"Post {number}", "body": "x" * 200}
            for number in range(documents)
        ),
    )
    writer.close()


def fill_table(writer: Writer, table: str, documents: Iterator[dict[str, Any]]) -> None:
    created = 0.0
    while batch := list(islice(documents, AT_ONCE)):
        writer.begin()
        now = time.time_ns()
        for document in batch:
            transaction = Transaction(writer, now / 1e6, created=created)
            transaction.insert(table, document)
            created = transaction.created
        writer.commit(now)


def measure_documents(home: Home, rounds: int = ROUNDS) -> list[Figure]:
    samples: dict[str, list[Sample]] = {name: [] for name in SIZES}
    with ExitStack() as stack:
        askers = {}
        for name, documents in SIZES.items():
            served = stack.enter_context(serve_deployment(home, name))
            asker = stack.enter_context(Asker(served, documents))
            asker.ask(WARM_UP_QUESTIONS)
            askers[name] = asker
        for _ in range(rounds):
            for name, asker in askers.items():
                samples[name].append(asker.ask(QUESTIONS))
    figures = [compare(LATENCY, Ratio(Goal("<=", 1.2), "large", "small", _p50), samples)]
    for name, taken in samples.items():
        figures.append(median(f"latency_{name}_p50", "ms", None, [_p50(each) * 1000 for each in taken]))
        figures.append(
            median(f"latency_{name}_p95", "ms", None, [each.percentile(95) * 1000 for each in taken])
        )
    return figures


class Asker:
    """Asks one question after the other over one connection, each about another author."""

    def __init__(self, served: Served, documents: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        self._authors = documents // PAGE
        self._asked = count()
        self._chance = random.Random(documents)  # noqa: S311  # whom it asks about is no secret

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, questions: int) -> Sample:
        latencies = [self._ask() for _ in range(questions)]
        return Sample(questions, sum(latencies), latencies)

    def _ask(self) -> float:
        args = {"author": self._chance.randrange(self._authors), "asked": next(self._asked)}
        body = json.dumps({"path": "posts:page", "args": [args], "format": "convex_encoded_json"})
        began = time.perf_counter()
        self._connection.request("POST", "/api/query", body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse().read()
        took = time.perf_counter() - began
        told = json.loads(answer)
        if told.get("status") != "success" or len(told["value"]) != PAGE:
            raise Failure(f"A deployment to measure didn't answer with a whole page: {answer[:300]!r}")
        return took


def _p50(sample: Sample) -> float:
    return sample.percentile(50)


def _fingerprint() -> str:
    """Of what decides what is in the files."""
    made_by = [Path(__file__), FUNCTIONS / "schema.ts", *_engine()]
    return hashlib.sha256(b"".join(each.read_bytes() for each in made_by)).hexdigest()


def _engine() -> Iterator[Path]:
    """The modules that say how documents lie in their file."""
    engine = Path(__file__).parents[2] / "realtime" / "engine"
    return (engine / name for name in ("catalog.py", "ranges.py", "store.py"))

"""A search of one to three words in a hundred thousand documents, and a read of as many documents of the same table by
an ordinary index, by Convex's own client. The documents' words are as unevenly common as those of real text; what is
searched for is common and rare words alike, one time in four the last one not written out."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, median
from dfworx.cli.benches.realtime_documents import CHECKED_WITHIN, fill_table
from dfworx.cli.benches.realtime_serving import FUNCTIONS, run_program, serve_deployment
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, write_private
from dfworx.cli.progress import Progress
from dfworx.realtime.engine.store import Writer, open_connection

SEARCH = "search_100k_vs_indexed_read_p95"
ARTICLES = 100_000
FOUND = 20
"""So many documents has each author, and so many are asked for."""
ROUNDS = 7
QUESTIONS = 200
BYTES_AN_ARTICLE = 2_000
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo ka lin mar nes tor val den sil pra gen".split()
_WORDS = 20_000
_SEARCHED = 1_500
"""Of these, the most common words, there are more than are asked for."""


def require_articles(home: Home, progress: Progress, articles: int = ARTICLES) -> None:
    """A whole file; a file beside it, written last, says what it was made with."""
    wanted = {"maker": _fingerprint(), "articles": articles}
    told = home.path / "articles.json"
    if told.is_file() and json.loads(told.read_text()) == wanted:
        return
    home.require_space(articles * BYTES_AN_ARTICLE)
    told.unlink(missing_ok=True)
    for suffix in ("", "-wal", "-shm"):
        (home.path / f"articles.sqlite3{suffix}").unlink(missing_ok=True)
    with progress.step(f"Writing {articles:,} articles (first time only)"):
        write_articles(home.path / "articles.sqlite3", articles)
    with (
        progress.step(f"Indexing {articles:,} articles (first time only)"),
        serve_deployment(home, "articles", within=CHECKED_WITHIN),
    ):
        pass
    write_private(told, json.dumps(wanted) + "\n")


def write_articles(path: Path, articles: int) -> None:
    """Without indexes: the deployment fills them when it first sees the documents."""
    chance = random.Random(11)  # noqa: S311  # the same texts at every making, no secret
    words = make_words()
    # The second most common word is there half as often as the first one, and so on.
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    # Not durable: what isn't whole is made anew.
    writer = Writer(open_connection(str(path), durable=False))
    writer.create()
    fill_table(
        writer,
        "articles",
        (
            {
                "author": float(number % (articles // FOUND)),
                "body": " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(5, 40))),
            }
            for number in range(articles)
        ),
    )
    writer.close()


def make_words() -> list[str]:
    """The most common first; those are short, as they are in languages."""
    chance = random.Random(12)  # noqa: S311  # the same words at every making, no secret
    words = dict.fromkeys(_SYLLABLES)
    while len(words) < _WORDS:
        words["".join(chance.choices(_SYLLABLES, k=min(2 + len(words) // 200, chance.randint(2, 5))))] = None
    return list(words)


def make_searches() -> Iterator[str]:
    chance = random.Random(13)  # noqa: S311  # what is searched for is no secret
    words = make_words()
    while True:
        # As many of the ten most common words as of those from the tenth to the hundredth, and so on.
        chosen = [words[int(_SEARCHED ** chance.random()) - 1] for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.25:
            chosen[-1] = chosen[-1][: max(2, len(chosen[-1]) // 2)]
        yield " ".join(chosen)


def measure_search(home: Home, rounds: int = ROUNDS) -> list[Figure]:
    samples: dict[str, list[Sample]] = {"search": [], "read": []}
    asked, searches = count(), make_searches()
    chance = random.Random(14)  # noqa: S311  # whom it asks about is no secret
    with (
        serve_deployment(home, "articles") as served,
        run_program(home, "questions", served.url) as ask,
    ):

        def search() -> dict[str, Any]:
            return {"text": next(searches), "asked": next(asked)}

        def read() -> dict[str, Any]:
            return {"author": chance.randrange(ARTICLES // FOUND), "asked": next(asked)}

        for round_ in range(1 + rounds):
            for name, path, question in (
                ("search", "articles:search", search),
                ("read", "articles:page", read),
            ):
                sample = _ask(ask, path, [question() for _ in range(QUESTIONS)])
                # The first round warms up what is measured.
                if round_:
                    samples[name].append(sample)
    figures = [compare(SEARCH, Ratio(Goal("<=", 3), "search", "read", _p95), samples)]
    for name, taken in samples.items():
        figures.append(median(f"{name}_100k_p50", "ms", None, [each.percentile(50) for each in taken]))
        figures.append(median(f"{name}_100k_p95", "ms", None, [_p95(each) for each in taken]))
    return figures


def _ask(ask: Callable[[str], str], path: str, questions: list[dict[str, Any]]) -> Sample:
    told = json.loads(ask(json.dumps({"path": path, "questions": questions})))
    if told["fewest"] != FOUND:
        raise Failure(
            f"A deployment to measure answered {path} with {told['fewest']} documents, not {FOUND}."
        )
    return Sample(len(questions), sum(told["taken"]) / 1000, told["taken"])


def _p95(sample: Sample) -> float:
    return sample.percentile(95)


def _fingerprint() -> str:
    """Of what decides what is in the file."""
    engine = Path(__file__).parents[2] / "realtime" / "engine"
    of_engine = ("catalog.py", "postings.py", "ranges.py", "store.py", "words.py")
    made_by = [Path(__file__), FUNCTIONS / "schema.ts", *(engine / name for name in of_engine)]
    return hashlib.sha256(b"".join(each.read_bytes() for each in made_by)).hexdigest()

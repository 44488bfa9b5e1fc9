"""`bench pages`: Lighthouse, as on a desktop, on the sign-in page, the list, a post to read and a thread. An install of
its own holds a folder of Markdown; a signed-in person's Chromium looks at it. Lighthouse's packages are none of the
product's: they have a lock file of their own and are installed at the first run."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from dfworx.cli.benches.figures import Figure, Goal, median
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home, choose_port
from dfworx.cli.parts import node
from dfworx.cli.parts.processes import MARK
from dfworx.cli.progress import Progress

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
CORPUS = CHECKOUT / "docs"
"""What is read when no folder is given: every checkout has it, with tables and code."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGES = ("sign_in", "list", "reading", "chat")
SCORES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best_practices"}
GOAL = Goal(">=", 0.95)
FIGURES = tuple(f"{page}_{score}" for page in PAGES for score in SCORES.values())
EXPLAINED = {"lcp": ("ms", 1.0), "cls": ("shift", 1.0), "tbt": ("ms", 1.0), "bytes": ("kB", 1000.0)}
"""By the name in a measurement: its unit here, and how much of a measured one makes one of it."""
ROUNDS = 3
ORGANIZATION = "lighthouse"
TALK = "workbench"
"""The thread that is looked at."""
SAID = 80
PERSON = {"name": "Ann", "email": "ann@lighthouse.example", "password": "of nobody but this benchmark"}

Measured = Mapping[str, Any]


def measure(
    folder: Path, only: Collection[str], progress: Progress, corpus: Path | None = None
) -> tuple[None, list[Figure]]:
    """The figures of `only` with what explains them. No version of PostgreSQL: it isn't what is measured."""
    chromium = find_chromium()
    home = Home(folder / "home")
    home.prepare()
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    with progress.step("Installing Lighthouse (first time only)"):
        tools = install_lighthouse(home, folder / "lighthouse")
    measured: list[Measured] = []
    with running(home, progress) as origin, httpx.Client(base_url=origin, timeout=60) as client:
        with progress.step("Importing the posts"):
            enter(client)
            import_posts(home, corpus or CORPUS)
            talk = {"name": "chat", "path": f"/chat/{_talk(client)}", "heading": TALK}
            pages = [
                each
                for each in (*list_pages(client), talk)
                if any(name.startswith(each["name"]) for name in only)
            ]
        asked = {"chromium": chromium, "origin": origin, "pages": pages, "reports": str(reports)}
        for number in range(ROUNDS):
            with progress.step(f"Measuring, round {number + 1} of {ROUNDS}"):
                # Anew each time: an access token lasts ten minutes.
                enter(client)
                measured += ask_lighthouse(home, tools, asked | {"cookies": cookies_of(client, origin)})
    for name, audits in failures(measured).items():
        progress.report(f"Not passed by {name}: {', '.join(audits)}")
    progress.report(f"The whole reports are in {reports}")
    return None, figures_of(measured, only)


def find_chromium() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise Failure(
        "Lighthouse needs Chromium, and this machine has none; install it: apt-get install chromium"
    )


def install_lighthouse(home: Home, folder: Path) -> Path:
    """A folder with the packages of the lock file and what measures; made anew when either changes."""
    digest = hashlib.sha256()
    for source in sorted(LIGHTHOUSE.iterdir()):
        digest.update(source.read_bytes())
    stamp = folder / "installed"
    if not stamp.is_file() or stamp.read_text() != digest.hexdigest():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(LIGHTHOUSE, folder)
        node.install_locked(home.path, folder)
        stamp.write_text(digest.hexdigest())
    return folder


@contextmanager
def running(home: Home, progress: Progress) -> Iterator[str]:
    """An install as people start it, by itself in its home; its origin."""
    port = choose_port()
    with progress.step("Starting an install"):
        run_command(home, "up", "--detach", "--port", str(port))
    try:
        yield f"http://localhost:{port}"
    finally:
        run_command(home, "down")


def run_command(home: Home, *words: str) -> None:
    # What this shell says about another install (its database, its settings) isn't for this one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DFWORX_")}
    for name in ("DATABASE_URL", "REDIS_URL", MARK):
        kept.pop(name, None)
    done = subprocess.run(
        [str(CHECKOUT / "dfworx"), *words],
        env=kept | {"DFWORX_HOME": str(home.path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"./dfworx {words[0]} failed:\n{done.stderr.strip()}")


def enter(client: httpx.Client) -> None:
    """A session of the one person there is, who is made with an organization at the first run."""
    client.cookies.clear()
    login = {"email": PERSON["email"], "password": PERSON["password"], "session": "cookie"}
    if client.post("/api/auth/login", json=login).is_success:
        return
    organization = {"name": ORGANIZATION.title(), "slug": ORGANIZATION}
    registration = {"organization": organization, "user": PERSON, "session": "cookie"}
    client.post("/api/auth/register", json=registration).raise_for_status()


def cookies_of(client: httpx.Client, origin: str) -> list[dict[str, Any]]:
    held = [{"name": each.name, "value": each.value, "path": each.path} for each in client.cookies.jar]
    # What the sign-in page leaves for the page's server: docs/decisions/web-app.md.
    held.append({"name": "dfworx_signed_in", "value": "1", "path": "/"})
    return [each | {"domain": httpx.URL(origin).host} for each in held]


def import_posts(home: Home, corpus: Path) -> None:
    run_command(home, "import", "markdown", str(corpus.resolve()), "--organization", ORGANIZATION)


def list_pages(client: httpx.Client) -> list[dict[str, Any]]:
    """Where they are and the heading that they must have. To read there is the first post of the list that shows no
    picture: those of the folder aren't imported with it."""
    listed = client.get("/api/web/posts", params={"limit": 30}).raise_for_status().json()["items"]
    posts = (client.get(f"/api/web/posts/{each['post_id']}").raise_for_status().json() for each in listed)
    post = next((each for each in posts if "![" not in each["content"]), None)
    if post is None:
        raise Failure("The folder made no post without pictures; give another by --corpus.")
    return [
        {"name": "sign_in", "path": "/sign-in", "heading": "Sign in", "isOpenToAll": True},
        {"name": "list", "path": "/posts", "heading": "Posts"},
        {"name": "reading", "path": f"/posts/{post['slug']}", "heading": post["title"]},
    ]


def call_live(client: httpx.Client, kind: str, path: str, **arguments: Any) -> Any:
    """A function of Convex, as the person of the client. Raises what httpx does."""
    token = client.post("/api/auth/realtime-token").raise_for_status().json()["token"]
    answer = client.post(
        f"/convex/api/{kind}",
        json={"path": path, "args": arguments, "format": "json"},
        headers={"Authorization": f"Bearer {token}"},
    )
    told = answer.raise_for_status().json()
    if told["status"] != "success":
        raise Failure(f"{path} was refused: {told['errorMessage']}")
    return told["value"]


def _talk(client: httpx.Client) -> str:
    """A thread of what our own documents say, and whoever looks at it has said all of it."""
    threads = call_live(client, "query", "threads:list")
    for each in threads:
        if each["name"] == TALK:
            return str(each["thread_id"])
    thread_id = str(call_live(client, "mutation", "threads:create", name=TALK))
    for text in itertools.islice(itertools.cycle(sentences()), SAID):
        call_live(client, "mutation", "messages:send", thread_id=thread_id, text=text)
    return thread_id


def sentences() -> Sequence[str]:
    """Of our own documents, with their code and links."""
    texts = (file.read_text() for file in sorted(CORPUS.rglob("*.md")))
    found = [each.strip() for text in texts for each in re.split(r"(?<=[.:])\s+", text)]
    return [each for each in found if 10 < len(each) < 600 and "```" not in each]


def ask_lighthouse(home: Home, tools: Path, asked: Mapping[str, Any]) -> list[Measured]:
    load = os.getloadavg()[0]
    done = subprocess.run(
        [str(node.node_executable(home.path)), "measure.mjs"],
        cwd=tools,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"Lighthouse couldn't measure:\n{done.stderr.strip()}")
    return [json.loads(line) | {"load": load} for line in done.stdout.splitlines()]


def failures(measured: Collection[Measured]) -> dict[str, list[str]]:
    """The audits that a page didn't pass in any round, by page."""
    told: dict[str, set[str]] = {}
    for each in measured:
        told.setdefault(each["name"], set()).update(each["failed"])
    return {name: sorted(audits) for name, audits in told.items() if audits}


def figures_of(measured: Collection[Measured], only: Collection[str]) -> list[Figure]:
    """Scores first, which have a goal; then what explains them."""
    scores, reasons = [], []
    for page in PAGES:
        rounds = [each for each in measured if each["name"] == page]
        if not rounds:
            continue
        for category, score in SCORES.items():
            if (name := f"{page}_{score}") in only:
                scores.append(median(name, "score", GOAL, [each["scores"][category] for each in rounds]))
        for key, (unit, of) in EXPLAINED.items():
            values = [each["figures"][key] / of for each in rounds]
            reasons.append(median(f"{page}_{key}", unit, None, values))
    reasons.append(median("load", "processes", None, [each["load"] for each in measured]))
    return scores + reasons

"""A whole install, started and driven by `./dfworx` as people do, on its own home and port."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest

from dfworx.cli.home import CHECKOUT, Home, choose_port
from dfworx.cli.parts.processes import MARK, find_processes, read_words


@dataclass
class Stack:
    """An install under test, and the posts that it has acknowledged."""

    home: Home
    port: int
    token: str = ""
    acknowledged: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CHECKOUT / "dfworx"), *arguments],
            env=self.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", MARK)
        }
        return {**kept, "DFWORX_HOME": str(self.home.path)}

    def register(self, slug: str = "lighthouse") -> str:
        """A new organization with one admin; returns the admin's access token."""
        body = {
            "organization": {"name": slug.title(), "slug": slug},
            "user": {"name": "Ann", "email": f"ann@{slug}.example.com", "password": "correct horse battery"},
        }
        answer = httpx.post(f"{self.origin}/api/auth/register", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["access_token"]
        return token

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return httpx.Client(base_url=self.origin, headers=headers, timeout=30)

    def write_post(self) -> bool:
        """Whether it was acknowledged; then it must never be lost."""
        try:
            answer = self.client().post("/api/web/posts", json={"title": "Log", "content": "All is well."})
        except httpx.TransportError:
            return False
        if answer.status_code == 201:
            self.acknowledged.append(answer.json()["post_id"])
        return answer.status_code == 201

    def lost_posts(self) -> list[str]:
        client = self.client()
        return [post for post in self.acknowledged if client.get(f"/api/web/posts/{post}").status_code != 200]

    def story(self) -> str:
        """For whoever reads a failure."""
        told = [self.run("status"), self.run("logs", "--lines", "15")]
        return "".join(done.stdout + done.stderr for done in told)

    def processes(self, words: str) -> list[psutil.Process]:
        return [each for each in find_processes(self.home.path) if words in " ".join(read_words(each))]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with TemporaryDirectory(prefix="dfworx-flows-") as folder:
        yield from running_stack(Home(Path(folder) / "a home"))


def running_stack(home: Home) -> Iterator[Stack]:
    made = Stack(home, choose_port())
    try:
        done = made.run("up", "--detach", "--port", str(made.port))
        assert done.returncode == 0, done.stderr
        assert made.origin in done.stdout
        made.token = made.register()
        yield made
    finally:
        made.run("down")
        assert find_processes(made.home.path) == []

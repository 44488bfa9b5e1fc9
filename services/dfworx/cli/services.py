"""THE registry of our own services. Adding one is one line in `SERVICES`: its port, its process, its address at
the gateway, its database login and its place in `status` follow from it. What runs without a socket is a line in
`BACKGROUND`; what browsers load is a line in `APPS`.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass

from dfworx.cli.home import CHECKOUT

SOURCE = CHECKOUT / "services" / "dfworx"
"""What `up --dev` watches."""


@dataclass(frozen=True)
class Service:
    """One of our own services: a FastAPI app behind the gateway at /api/{name}."""

    name: str
    factory: str
    """What uvicorn calls to make the app."""
    role: str
    """Its database login, which is also the owner of its seal key."""

    @property
    def health(self) -> str:
        return f"/api/{self.name}/health"

    def command(self, *, reload: bool = False) -> list[str]:
        """The app on the listening socket it is handed; `reload` restarts it when its source changes."""
        command = [
            *(sys.executable, "-m", "uvicorn", "--factory", self.factory, "--fd", "0"),
            *("--no-server-header", "--no-access-log", "--log-level", "info"),
            # The gateway is the only one that reaches this socket; it says whom it speaks for.
            *("--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"),
            # Longer than the gateway keeps its connections, so that only the gateway closes an idle one.
            *("--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "5"),
        ]
        if reload:
            command += ["--reload", "--reload-dir", str(SOURCE)]
        return command


@dataclass(frozen=True)
class Background:
    """One of our own programs that nobody speaks to: it shows by a file that it lives."""

    name: str
    module: str
    role: str
    """Its database login, which is also the owner of its seal key."""
    pulse: str
    """The file below the home: it holds the process id, and is as old as the last sign of life."""

    def command(self, *, reload: bool = False) -> list[str]:
        """`reload` starts it anew when its source changes."""
        command = [sys.executable, "-m", self.module]
        return start_anew(command) if reload else command


def start_anew(command: list[str]) -> list[str]:
    """The same program, started anew when our source changes."""
    watcher = [sys.executable, "-m", "watchfiles", "--filter", "python", "--target-type", "command"]
    return [*watcher, shlex.join(command), str(SOURCE)]


SERVICES = (
    Service("auth", "dfworx.auth.app:create", "dfworx_auth"),
    Service("web", "dfworx.web.app:create", "dfworx_web"),
    Service("admin", "dfworx.admin.app:create", "dfworx_admin"),
)


@dataclass(frozen=True)
class App:
    """One of our browser apps: pages and scripts from a Node server behind the gateway."""

    name: str
    """Of its program, and of its port."""
    folder: str
    """Below the checkout."""
    title: str
    """For the person who waits for it to be built."""
    base: str = ""
    """What its addresses begin with."""

    @property
    def health(self) -> str:
        return f"{self.base}/health"


BACKGROUND = (Background("worker", "dfworx.worker", "dfworx_worker", "run/worker.pulse"),)

APPS = (
    App("web-app", "apps/web", "web app"),
    App("admin-app", "apps/admin", "admin dashboard", base="/admin"),
)

"""What the supervisor runs for an install: each program with its command, its environment and its place in the
order of starting and stopping.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dfworx.cli.database_roles import role_url
from dfworx.cli.install import Install, convex_from_here
from dfworx.cli.parts import apps, gateway
from dfworx.cli.parts.postgres import server_environment
from dfworx.cli.services import BACKGROUND, SERVICES, Background, Service

BACKUPS = Path(__file__).parent / "parts" / "backups.sh"
WITH_FILES = ("web", "worker")
"""The services that read and write the storage for files."""


@dataclass(frozen=True)
class Program:
    """A process for the supervisor to keep alive."""

    name: str
    command: list[str]
    order: int
    """Started from low to high, stopped from high to low."""
    environment: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    """Lines of sh to run before the command."""
    user: str | None = None
    socket: int | None = None
    """A port whose listening socket the supervisor holds and hands over as file descriptor 0."""
    stop_signal: str = "TERM"
    stop_seconds: int = 10


def programs(
    install: Install, *, reload: bool = False, built: Mapping[str, Path] | None = None
) -> list[Program]:
    """What the supervisor runs for this install; `reload` restarts a service when its source changes. `built` has the
    apps' builds by name: one that has none is served from its sources."""
    wanted: list[Program] = []
    if install.cluster:
        wanted.append(
            Program(
                "postgres",
                install.cluster.command(),
                order=10,
                environment=server_environment(),
                first=install.cluster.clear_the_way(),
                user=install.cluster.user,
                # Fast shutdown: open transactions are rolled back, the checkpoint is written.
                stop_signal="INT",
                stop_seconds=30,
            )
        )
    if install.valkey:
        wanted.append(Program("valkey", install.valkey.command(), order=20))
    for service in SERVICES:
        wanted.append(
            Program(
                service.name,
                service.command(reload=reload),
                order=30,
                environment=service_environment(install, service),
                socket=install.ports[service.name],
            )
        )
    for background in BACKGROUND:
        wanted.append(
            Program(
                background.name,
                background.command(reload=reload),
                order=40,
                environment=service_environment(install, background),
            )
        )
    if install.realtime:
        wanted.append(
            Program(
                "realtime",
                install.realtime.command(reload=reload),
                order=40,
                environment=install.realtime.environment(functions_environment(install), watch=reload),
                socket=install.realtime.port,
            )
        )
    if install.backup_settings:
        # Stopped first of all that works with the database, since a backup would be broken off by its end.
        wanted.append(
            Program(
                "backups",
                ["/bin/sh", str(BACKUPS), sys.executable],
                order=60,
                environment={**install.backup_settings, "DFWORX_HOME": str(install.home.path)},
            )
        )
    for app in install.apps:
        folder = (built or {}).get(app.name)
        wanted.append(
            Program(
                app.name,
                apps.command(install, app, folder),
                order=50,
                environment=apps.environment(install, app, folder),
                first=apps.first(app, folder),
            )
        )
    served = [*(service.name for service in SERVICES), *(app.name for app in install.apps)]
    if install.realtime:
        served.append("realtime")
    upstreams = {name: install.ports[name] for name in served}
    port = install.ports["gateway"]
    wanted.append(
        Program(
            "gateway",
            gateway.command(),
            order=90,
            environment=gateway.environment(
                install.home,
                install.origin,
                port,
                upstreams,
                install.file_megabytes,
                {app.name: apps.static(app, built[app.name]) for app in install.apps if built},
            ),
            socket=port if gateway.is_local(install.origin, port) else None,
        )
    )
    return wanted


def service_environment(install: Install, service: Service | Background) -> dict[str, str]:
    """All that a service learns from the outside. It is handed its own keys and no others."""
    environment = dict(install.passed_on)
    environment |= {
        "DFWORX_ENV": "development" if install.development else "production",
        "DFWORX_HOME": str(install.home.path),
        "DFWORX_ORIGIN": install.origin,
        "DFWORX_DATABASE_URL": role_url(install.database_url, service.role, install.secrets),
        "DFWORX_SEAL_KEY_FILE": str(install.home.seal_keys / service.role),
        "DFWORX_JWKS_URL": jwks_url(install),
        "REDIS_URL": install.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    if service.name == "auth":
        environment["DFWORX_JWT_KEYS"] = str(install.home.jwt_keys)
        environment["DFWORX_PASSWORD_KEY"] = install.password_key or install.secrets.password_key().hex()
    if service.name == "web":
        environment["DFWORX_FILE_KEY"] = install.file_key or install.secrets.file_key().hex()
        environment["DFWORX_INTERNAL_KEY"] = install.internal_key
    if service.name in WITH_FILES:
        environment |= install.bucket
    if service.name == "admin":
        for name in ("auth", "web"):
            environment[f"DFWORX_{name.upper()}_URL"] = f"http://127.0.0.1:{install.ports[name]}"
        environment["DFWORX_CONVEX_URL"] = convex_from_here(install)
    if service.name == "worker":
        environment |= install.worker_settings
        environment["DFWORX_CONVEX_URL"] = convex_from_here(install)
        if install.convex_admin_key:
            environment["CONVEX_ADMIN_KEY"] = install.convex_admin_key
    return environment


def functions_environment(install: Install) -> dict[str, str]:
    """What functions of the embedded deployment find in process.env; a deployment outside is told the same by hand."""
    return {
        "DFWORX_ORIGIN": install.origin,
        "DFWORX_JWKS_URL": jwks_url(install),
        "DFWORX_WEB_URL": f"http://127.0.0.1:{install.ports['web']}",
        "DFWORX_INTERNAL_KEY": install.internal_key,
    }


def jwks_url(install: Install) -> str:
    """Of the auth service itself, so that who verifies tokens needs no gateway."""
    return f"http://127.0.0.1:{install.ports['auth']}/.well-known/jwks.json"

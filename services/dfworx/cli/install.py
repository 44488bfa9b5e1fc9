"""One install as a whole: what follows from its home, its secrets and the environment it is started with.

While an install runs, the addresses it was started with stay written in its home, so that `status` or `db url`
in another terminal speak of the running install and not of what that terminal happens to have set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, Secrets, is_development, write_private
from dfworx.cli.parts import gateway, realtime, valkey
from dfworx.cli.parts.postgres import OWNER, SUPERUSER, Cluster, server_user
from dfworx.cli.services import APPS, SERVICES, App

DEFAULT_PORT = 3000
WITHOUT_APPS = {"DFWORX_APPS": "none"}
"""How an install that was started with --no-apps is remembered."""
_REMEMBERED = ("DATABASE_URL", "REDIS_URL", "CONVEX_URL", "DFWORX_ORIGIN", "DFWORX_ENV", *WITHOUT_APPS)
# The master secret opens everything, the password key and the file key are one service's each; the others are the
# launcher's and the supervisor's own business.
_NOT_PASSED_ON = (
    "DFWORX_SECRET",
    "DFWORX_PYTHON",
    "DFWORX_SUPERVISED",
    "DFWORX_PASSWORD_KEY",
    "DFWORX_FILE_KEY",
    "DFWORX_INTERNAL_KEY",
    "DFWORX_SEAL_KID",
    "DFWORX_SEAL_KEY",
    "DFWORX_JWT_KEYS",
    *WITHOUT_APPS,
)
_FOR_BACKUPS = (
    *("DFWORX_BACKUP_EVERY", "DFWORX_BACKUP_KEEP", "DFWORX_BACKUP_FOLDER", "DFWORX_BACKUP_PASSPHRASE"),
    # Not to copy them: to know the install, and to say what it was given.
    *("DFWORX_SECRET", "DFWORX_PASSWORD_KEY", "DFWORX_FILE_KEY", "DFWORX_INTERNAL_KEY", "DFWORX_FILES_URL"),
    *_REMEMBERED,
)
_FOR_THE_WORKER = ("DFWORX_SMTP_URL", "DFWORX_MAIL_FROM", "DFWORX_WEBHOOK_URL", "DFWORX_WEBHOOK_SECRET")


@dataclass(frozen=True)
class Install:
    home: Home
    secrets: Secrets
    development: bool
    origin: str
    ports: Mapping[str, int]
    """By name: gateway, postgres, valkey, realtime, each service and each app."""
    database_url: str
    """The owner's."""
    redis_url: str
    convex_url: str
    """Where clients reach the Convex deployment."""
    cluster: Cluster | None
    """None when DATABASE_URL names a database outside."""
    valkey: valkey.Server | None
    """None when REDIS_URL names a server outside."""
    realtime: realtime.Deployment | None
    """None when CONVEX_URL names a deployment outside."""
    passed_on: Mapping[str, str]
    """Optional settings of the services, as the person has set them."""
    password_key: str
    """DFWORX_PASSWORD_KEY as the person has set it, for the auth service alone; empty: the derived one."""
    file_key: str
    """DFWORX_FILE_KEY likewise, for the web service alone."""
    internal_key: str
    """DFWORX_INTERNAL_KEY likewise, for the web service and the deployment's functions."""
    convex_admin_key: str
    """Of the deployment, embedded or outside; empty when the one outside was given without."""
    file_megabytes: int
    """The largest file that is taken."""
    bucket: Mapping[str, str]
    """How to reach the bucket of DFWORX_FILES_URL, as the person has set it: what begins with AWS_."""
    worker_settings: Mapping[str, str]
    """Optional settings of the worker alone: they hold the mail server's password."""
    backup_settings: Mapping[str, str]
    """What taking backups by themselves needs to know; empty when none are taken."""
    apps: tuple[App, ...]
    """The browser apps it serves: all, or none."""


def assemble_install(
    home: Home,
    environ: Mapping[str, str],
    *,
    gateway_port: int | None = None,
    choose_free_ports: bool = False,
) -> Install:
    """`choose_free_ports` gives up remembered ports that others have taken: only while nothing of it runs."""
    environ = {**started_with(home), **environ}
    secrets = home.secrets(environ)
    names = ["postgres", "valkey", "realtime", *(each.name for each in (*SERVICES, *APPS))]
    ports = {name: home.free_port_for(name) if choose_free_ports else home.port(name) for name in names}
    origin = environ.get("DFWORX_ORIGIN") or ""
    if origin:
        origin = origin.rstrip("/")
        port = _port_of(origin)
        ports["gateway"] = gateway_port or port
    else:
        ports["gateway"] = gateway_port or home.ports().get("gateway", DEFAULT_PORT)
        origin = f"http://localhost:{ports['gateway']}"
    database_url, redis_url = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    convex_url = _convex_url(environ)
    cluster = server = deployment = None
    if not database_url:
        cluster = Cluster(
            data=home.path / "postgres" / "data",
            port=ports["postgres"],
            password=secrets.password(SUPERUSER),
            user=server_user(),
        )
        database_url = cluster.url(OWNER, secrets.password(OWNER))
    if not redis_url:
        configuration = home.run / "valkey.conf"
        server = valkey.Server(
            home.path / "valkey", ports["valkey"], secrets.password("redis"), configuration
        )
        redis_url = server.url
    if not convex_url:
        convex_url = f"{origin}{gateway.CONVEX}"
        deployment = realtime.Deployment(home, ports["realtime"], convex_url, secrets.convex_admin_key())
    return Install(
        home=home,
        secrets=secrets,
        development=is_development(environ),
        origin=origin,
        ports=ports,
        database_url=database_url,
        redis_url=redis_url,
        convex_url=convex_url,
        cluster=cluster,
        valkey=server,
        realtime=deployment,
        passed_on={
            name: value
            for name, value in environ.items()
            if name.startswith("DFWORX_")
            and not name.startswith("DFWORX_BACKUP_")
            and name not in (*_NOT_PASSED_ON, *_FOR_THE_WORKER)
        },
        password_key=environ.get("DFWORX_PASSWORD_KEY", ""),
        file_key=environ.get("DFWORX_FILE_KEY", ""),
        internal_key=environ.get("DFWORX_INTERNAL_KEY") or secrets.internal_key().hex(),
        convex_admin_key=deployment.admin_key if deployment else environ.get("CONVEX_ADMIN_KEY", ""),
        file_megabytes=_file_megabytes(environ),
        bucket={name: value for name, value in environ.items() if name.startswith("AWS_")},
        worker_settings={name: environ[name] for name in _FOR_THE_WORKER if environ.get(name)},
        backup_settings=_backup_settings(environ),
        apps=() if environ.items() >= WITHOUT_APPS.items() else APPS,
    )


def convex_from_here(install: Install) -> str:
    """Where parts of the install reach the deployment: the embedded one without the gateway."""
    return f"http://127.0.0.1:{install.realtime.port}" if install.realtime else install.convex_url


def remember_start(home: Home, environ: Mapping[str, str]) -> None:
    kept = {name: environ[name] for name in _REMEMBERED if environ.get(name)}
    write_private(home.run / "started.json", json.dumps(kept))


def forget_start(home: Home) -> None:
    (home.run / "started.json").unlink(missing_ok=True)


def started_with(home: Home) -> dict[str, str]:
    """What the running install was started with; empty when it is down."""
    try:
        kept = json.loads((home.run / "started.json").read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in kept.items()}


def _backup_settings(environ: Mapping[str, str]) -> dict[str, str]:
    if environ.get("DFWORX_BACKUP_EVERY", "0") in ("", "0"):
        return {}
    return {name: environ[name] for name in _FOR_BACKUPS if environ.get(name)}


def _file_megabytes(environ: Mapping[str, str]) -> int:
    given = environ.get("DFWORX_FILE_MEGABYTES") or "50"
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= 5000):
        raise Failure(f"DFWORX_FILE_MEGABYTES is {given!r}; set it to a number from 1 to 5000.")
    return int(given)


def _convex_url(environ: Mapping[str, str]) -> str:
    """Empty: the embedded deployment is the one."""
    given = (environ.get("CONVEX_URL") or "").rstrip("/")
    parts = urlsplit(given)
    if given and not (parts.scheme in ("http", "https") and parts.hostname):
        raise Failure(
            f"CONVEX_URL is {given!r}; set it to a deployment's address: https://happy-animal-123.convex.cloud"
        )
    return given


def _port_of(origin: str) -> int:
    parts = re.fullmatch(r"(https?)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?", origin)
    port = int(parts[2] or (443 if parts[1] == "https" else 80)) if parts else 0
    if not 0 < port < 65536:
        raise Failure(
            f"DFWORX_ORIGIN is {origin!r}; set it to scheme, host and, if needed, port, without a path: "
            "https://example.org"
        )
    return port

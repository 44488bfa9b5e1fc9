"""Asking each part of an install how it is: the answer is None when well, else the reason in a few words.

Light on imports, since `status` asks often and should answer at once.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from dfworx.cli.install import Install
from dfworx.cli.parts import gateway, realtime
from dfworx.cli.services import BACKGROUND, SERVICES

Ask = Callable[[], str | None]
PULSE_SECONDS = 15
"""How old the last sign of life of a program without a socket may be."""


def part_checks(install: Install) -> dict[str, Ask]:
    """By program name, in the order in which they become ready."""
    from dfworx.cli.parts import valkey

    checks: dict[str, Ask] = {}
    if install.cluster:
        checks["postgres"] = lambda: _database(install.database_url)
    if install.valkey:
        checks["valkey"] = lambda: valkey.answers(install.redis_url)
    return checks | service_checks(install)


def service_checks(install: Install) -> dict[str, Ask]:
    urls = {each.name: f"http://127.0.0.1:{install.ports[each.name]}{each.health}" for each in SERVICES}
    checks = {name: _http_check(url) for name, url in urls.items()}
    for each in BACKGROUND:
        checks[each.name] = pulse_check(install.home.path / each.pulse)
    if install.realtime:
        checks["realtime"] = _http_check(f"http://127.0.0.1:{install.realtime.port}{realtime.HEALTH}")
    for app in install.apps:
        checks[app.name] = _http_check(f"http://127.0.0.1:{install.ports[app.name]}{app.health}")
    port = install.ports["gateway"]
    if gateway.is_local(install.origin, port):
        return checks | {"gateway": _http_check(f"http://127.0.0.1:{port}{gateway.HEALTH}")}
    return checks | {"gateway": lambda: _connection_problem(port)}


def service_urls(install: Install) -> dict[str, str]:
    """Where each service is reached from outside; empty for one that isn't."""
    urls = {each.name: f"{install.origin}/api/{each.name}" for each in SERVICES}
    urls |= {each.name: "" for each in BACKGROUND}
    if install.realtime:
        urls["realtime"] = install.convex_url
    return (
        urls | {each.name: install.origin + each.base for each in install.apps} | {"gateway": install.origin}
    )


def ask_all(checks: dict[str, Ask]) -> dict[str, str | None]:
    with ThreadPoolExecutor(max_workers=len(checks) or 1) as pool:
        return dict(zip(checks, pool.map(lambda check: check(), checks.values()), strict=True))


def http_problem(url: str, timeout: float = 3.0) -> str | None:
    """None for any answer below 400."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read(2000)
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return None if answer.status < 400 else _told(answer.status, body)


def _connection_problem(port: int, timeout: float = 3.0) -> str | None:
    """For a gateway with a domain: its certificate is not for this machine's own address."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout).close()
    except OSError as error:
        return str(error)
    return None


def _http_check(url: str) -> Ask:
    return lambda: http_problem(url)


def pulse_check(file: Path) -> Ask:
    def check() -> str | None:
        try:
            age = time.time() - file.stat().st_mtime
            os.kill(int(file.read_text()), 0)
        except PermissionError:
            pass  # it lives, as another user's process
        except (OSError, ValueError):
            return "it has given no sign of life"
        return None if age < PULSE_SECONDS else f"its last sign of life is {age:.0f} s old"

    return check


def _told(status: int, body: bytes) -> str:
    try:
        detail = json.loads(body).get("detail")
    except (ValueError, AttributeError):
        detail = None
    return str(detail) if detail else f"it answers {status}"


def _database(url: str) -> str | None:
    import asyncio

    import asyncpg

    async def ask() -> str | None:
        try:
            connection = await asyncpg.connect(url, timeout=3)
            await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return str(error) or type(error).__name__
        return None

    return asyncio.run(ask())

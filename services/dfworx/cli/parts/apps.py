"""The browser apps: built once per version, and served by Node.

What must stay true: a build knows no address and no secret, so that all installs of a checkout share it; it is named
by what it was made of, so that an old one is never served; it appears whole or not at all; and an app is told where
the services are and nothing that opens them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT
from dfworx.cli.install import Install
from dfworx.cli.parts import node
from dfworx.cli.progress import Progress
from dfworx.cli.services import SERVICES, App

BUILDS = CHECKOUT / "build"
MEGABYTES = 160
"""Of JavaScript objects; Node itself takes some 60 MB more."""
KEPT_HOURS = 24
"""An unused build stays as long: going back to yesterday's version needs no build."""
_SHARED_SOURCES = ("packages", "package.json", "package-lock.json", "tsconfig.base.json")
_NOT_SOURCES = {"node_modules", ".next"}
_NOT_SOURCE_NAMES = (".tsbuildinfo", "next-env.d.ts", ".test.ts", ".test.tsx")


def command(install: Install, app: App, built: Path | None) -> list[str]:
    executable = str(node.node_executable(install.home.path))
    if built:
        return [executable, f"--max-old-space-size={MEGABYTES}", str(built / app.folder / "server.js")]
    development = CHECKOUT / "node_modules" / "next" / "dist" / "bin" / "next"
    port = str(install.ports[app.name])
    return [executable, str(development), "dev", "--hostname", "127.0.0.1", "--port", port]


def first(app: App, built: Path | None) -> str:
    """The development server looks for its sources where it is started."""
    return "" if built else f"cd {shlex.quote(str(CHECKOUT / app.folder))}"


def static(app: App, built: Path) -> Path:
    return built / app.folder / ".next" / "static"


def environment(install: Install, app: App, built: Path | None) -> dict[str, str]:
    """Neither keys nor the database's address: what a page shows is read by its reader's own token."""
    addresses = {
        f"DFWORX_{each.name.upper()}_URL": f"http://127.0.0.1:{install.ports[each.name]}" for each in SERVICES
    }
    return addresses | {
        # Of a deployment outside; the install's own is below the page's origin.
        "DFWORX_CONVEX_URL": "" if install.realtime else install.convex_url,
        "NODE_ENV": "production" if built else "development",
        "HOSTNAME": "127.0.0.1",
        "PORT": str(install.ports[app.name]),
        # Longer than the gateway keeps its connections, so that only the gateway closes an idle one.
        "KEEP_ALIVE_TIMEOUT": "75000",
        "NEXT_TELEMETRY_DISABLED": "1",
        "HOME": str(install.home.path / "node"),
    }


def build_apps(install: Install, progress: Progress) -> dict[str, Path]:
    """The builds of this version by the app's name; those that are missing are made."""
    return {app.name: _built(install, app, progress) for app in install.apps}


def _built(install: Install, app: App, progress: Progress) -> Path:
    folder = BUILDS / f"{_prefix(app)}{fingerprint(app)}"
    if folder.is_dir():
        return folder
    node.install_packages(install.home.path, progress.report)
    try:
        BUILDS.mkdir(exist_ok=True)
        lock = (BUILDS / ".lock").open("w")
    except OSError as error:
        raise Failure(
            f"The {app.title} can't be built: {BUILDS} can't be written ({error.strerror}); use a clone of your own, "
            "or let its owner run `./dfworx up` once."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.report(f"Waiting for another start that is building the {app.title}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            with progress.step(f"Building the {app.title} (once per version)"):
                _build(install, app, folder)
        _sweep(app, folder)
    return folder


def fingerprint(app: App) -> str:
    """Of all that a build is made of: sources, packages, and the kind of machine."""
    digest = hashlib.sha256(f"{platform.system()} {platform.machine()}".encode())
    for name in (app.folder, *_SHARED_SOURCES):
        for file in _sources(CHECKOUT / name):
            digest.update(f"\0{file.relative_to(CHECKOUT)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _sources(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(set(folders) - _NOT_SOURCES)
        yield from (Path(folder) / name for name in sorted(names) if not name.endswith(_NOT_SOURCE_NAMES))


def _build(install: Install, app: App, folder: Path) -> None:
    place = CHECKOUT / app.folder
    log = install.home.log(f"build-{app.name}")
    with log.open("w") as told:
        done = subprocess.run(
            ["npm", "run", "build"],
            cwd=place,
            env=node.npm_environment(install.home.path) | {"NODE_ENV": "production"},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        last = "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-12:])
        raise Failure(f"The {app.title} could not be built; the whole story is in {log}\n{last}")
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(place / ".next" / "standalone", draft, symlinks=True)
    # The gateway serves what browsers fetch; Node's server does it as well, when it lies here.
    shutil.copytree(place / ".next" / "static", static(app, draft))
    draft.rename(folder)


def _sweep(app: App, current: Path) -> None:
    """Builds of other versions that no process serves, a day after they were made. Next's server hides its command
    line behind a title, and works in the folder that it serves."""
    used = "\n".join(str(each.info["cwd"]) for each in psutil.process_iter(["cwd"]))
    for folder in BUILDS.glob(f"{_prefix(app)}*"):
        old = time.time() - folder.stat().st_mtime > KEPT_HOURS * 3600
        if folder != current and old and str(folder) not in used:
            shutil.rmtree(folder, ignore_errors=True)


def _prefix(app: App) -> str:
    return f"{Path(app.folder).name}-"

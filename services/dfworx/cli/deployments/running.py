"""Which deployments are served from this state folder, and which of them a command means.

Whoever serves one keeps its address and admin key in a file that only its owner reads, and holds a lock on it: a file
without one was left behind, and says nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, locate_home
from dfworx.cli.install import assemble_install
from dfworx.cli.parts import supervision
from dfworx.cli.parts.realtime import FUNCTIONS, data_folder, install_data

Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="The folder of functions that is served.")
]
Url = Annotated[
    str | None,
    typer.Option("--url", envvar="CONVEX_SELF_HOSTED_URL", help="Of a deployment that runs elsewhere."),
]
Key = Annotated[
    str | None,
    typer.Option("--admin-key", envvar="CONVEX_SELF_HOSTED_ADMIN_KEY", help="The key of that deployment."),
]


@dataclass(frozen=True)
class Running:
    url: str
    admin_key: str = field(repr=False)
    folder: Path | None = None
    """Of its functions; None: it was named by its address."""
    data: Path | None = None


def find_running(folder: Path | None, url: str | None, admin_key: str | None) -> Running:
    """The one that is meant. Without anything it is the only one."""
    if folder is None and (url or admin_key):
        if not (url and admin_key):
            raise Failure("A deployment elsewhere is named by both --url and --admin-key.")
        return Running(url.rstrip("/"), admin_key)
    found = list_running(locate_home(os.environ))
    if folder is not None:
        found = [each for each in found if each.folder and each.folder.resolve() == folder.resolve()]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "".join(f"\n  {each.folder} at {each.url}" for each in found)
        raise Failure(
            f"Several deployments run; name one with --folder, or with --url and --admin-key:{listed}"
        )
    what = f"of {folder} " if folder else ""
    raise Failure(
        f"No deployment {what}runs here. Start one with: ./dfworx realtime serve {folder or 'DIR'}\n"
        "One that runs elsewhere is named with --url and --admin-key."
    )


def list_running(home: Home) -> list[Running]:
    """Those of `realtime serve`, and the one of `up`."""
    found = []
    for file in sorted(_place(home).glob("*.json")):
        # What somebody else has written there, or what has just ended.
        with suppress(OSError, ValueError, KeyError), file.open() as handle:
            if _is_locked(handle.fileno()):
                told = json.load(handle)
                found.append(
                    Running(told["url"], told["admin_key"], Path(told["folder"]), Path(told["data"]))
                )
    if supervision.is_running(home):
        part = assemble_install(home, os.environ).realtime
        if part:
            address = f"http://127.0.0.1:{part.port}"
            found.append(Running(address, part.admin_key, FUNCTIONS, install_data(home)))
    return found


@contextmanager
def announced(home: Home, running: Running) -> Iterator[None]:
    """So that commands find it, as long as this lasts."""
    place = _place(home)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"{hashlib.sha256(os.fsencode(str(running.data))).hexdigest()[:16]}.json"
    # Locked before it has its name, and readable by its owner alone.
    descriptor, draft = tempfile.mkstemp(dir=place, suffix=".draft")
    with os.fdopen(descriptor, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        told = {"url": running.url, "admin_key": running.admin_key}
        json.dump(told | {"folder": str(running.folder), "data": str(running.data)}, handle)
        handle.flush()
        Path(draft).replace(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def _place(home: Home) -> Path:
    return data_folder(home) / "serving"


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False

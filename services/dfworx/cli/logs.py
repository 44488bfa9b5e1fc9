"""`dfworx logs`, and the foreground of `up`: what the parts write, line by line, with the part's name in front."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, TextIO

import typer

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, locate_home

_PAUSE = 0.3


def logs(
    part: Annotated[
        str | None, typer.Argument(help="auth, web, gateway, postgres, ...; all when none is named.")
    ] = None,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="How many past lines of each part.")
    ] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Show what the parts have written."""
    home = locate_home(os.environ)
    known = sorted(file.stem for file in home.logs.glob("*.log"))
    if not known:
        raise Failure(f"There are no logs in {home.logs}; start the install with: ./dfworx up")
    if part is not None and part not in known:
        raise Failure(f"There is no log of {part} in {home.logs}; there are: {', '.join(known)}.")
    names = [part] if part else known
    for name in names:
        text = home.log(name).read_text(errors="replace").splitlines()
        for line in text[len(text) - lines :] if lines else []:
            typer.echo(f"{name:>10} | {readable(line)}")
    if follow:
        follower = Follower(home, names)
        try:
            while True:
                follower.print_new(sys.stdout)
                threading.Event().wait(_PAUSE)
        except KeyboardInterrupt:
            return


def readable(line: str) -> str:
    """A service's line of JSON as one for people: when, how bad, what, and the rest by name. Others stay as they are;
    programs read the files themselves, in the home's folder logs."""
    try:
        told = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return line
    if not isinstance(told, dict) or "event" not in told or "time" not in told:
        return line
    at, level, event = (str(told.pop(name, "")) for name in ("time", "level", "event"))
    failure = told.pop("failure", None)
    for name in ("service", "logger"):
        told.pop(name, None)
    rest = [f"{name}={value}" for name, value in told.items()]
    first = " ".join([at[:19].replace("T", " "), level, event, *rest])
    return first if failure is None else "\n".join([first, *str(failure).splitlines()])


class Follower:
    """Prints what is added to the logs from now on; a log that is rotated or appears later is followed too."""

    def __init__(self, home: Home, names: list[str] | None = None) -> None:
        self._home = home
        self._names = names
        self._places: dict[Path, tuple[int, int]] = {}
        """Per file: its inode and how far it has been read."""
        for file in self._files():
            status = file.stat()
            self._places[file] = (status.st_ino, status.st_size)

    def print_new(self, to: TextIO) -> None:
        for file in self._files():
            inode, place = self._places.get(file, (0, 0))
            try:
                with file.open(errors="replace") as handle:
                    status = os.fstat(handle.fileno())
                    if status.st_ino != inode or status.st_size < place:
                        place = 0
                    handle.seek(place)
                    for line in handle:
                        print(f"{file.stem:>10} | {readable(line.rstrip())}", file=to, flush=True)
                    self._places[file] = (status.st_ino, handle.tell())
            except OSError:
                continue

    def _files(self) -> list[Path]:
        files = sorted(self._home.logs.glob("*.log"))
        return [file for file in files if self._names is None or file.stem in self._names]


def follow_until_stopped(home: Home) -> None:
    """The foreground of `up`: shows the logs until Ctrl-C, a signal or a closed terminal, then stops the install.

    Returns also when the install was stopped from elsewhere."""
    from dfworx.cli.down import stop
    from dfworx.cli.parts.supervision import is_running

    wanted = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        wanted.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    typer.echo("Stop it with Ctrl-C.\n")
    follower = Follower(home)
    try:
        rounds = 0
        while not wanted.wait(_PAUSE):
            follower.print_new(sys.stdout)
            rounds += 1
            # Looking at all processes costs more than reading logs. Twice, because the guard restarts a killed one.
            if rounds % 20 == 0 and not is_running(home) and not wanted.wait(5) and not is_running(home):
                return
    except OSError:
        # The terminal is gone; the install goes with it, as it would with Ctrl-C.
        pass
    try:
        typer.echo("\nStopping")
    except OSError:
        pass
    with home.lock():
        stop(home)

"""`dfworx rotate-jwt-key`: the next key signs access tokens from now on, and another is made to come after it. Nothing
restarts and no token is refused: the auth service watches the file of its keys, and a key that signs no more is
published until its last token has expired.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import typer

from dfworx.auth.keys import RETIRED_SECONDS, UnusableKeys, rotate, seconds_until_rotation
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.progress import Progress
from dfworx.cli.waiting import wait_until


def rotate_jwt_key() -> None:
    """Sign access tokens with a new key; those signed with the old one hold until they expire."""
    home = locate_home(os.environ)
    if not home.path.is_dir():
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    home.prepare()
    # As the auth service is told: a container has the file where it keeps its data.
    path = Path(os.environ.get("DFWORX_JWT_KEYS") or home.jwt_keys)
    with home.lock():
        try:
            _wait_until_known(path)
            held = rotate(path, time.time())
        except UnusableKeys as error:
            raise Failure(str(error)) from None
    typer.echo(f"Access tokens are signed with key {held.keys[0].kid}.")
    typer.echo(
        f"Tokens of the key before it hold until they expire, in {RETIRED_SECONDS // 60} minutes at most."
    )


def _wait_until_known(path: Path) -> None:
    """Some seconds, when the last rotation was a moment ago; else nothing."""
    if seconds := seconds_until_rotation(path, time.time()):
        known_at = time.monotonic() + seconds
        with Progress().step("Waiting until every service knows the next key"):
            wait_until(lambda: time.monotonic() >= known_at, seconds=seconds + 1)

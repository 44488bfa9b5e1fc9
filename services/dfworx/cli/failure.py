"""How a command ends badly: one sentence that says what to do, exit code 1, no traceback.

Raise `Failure` for anything a person can put right; every other exception is a defect and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str], None]
"""Takes one line of progress, in plain words."""


class Failure(Exception):
    """A sentence for the person at the terminal; the command stops with exit code 1."""


def quiet(_line: str) -> None:
    """The report of a caller that has no terminal."""

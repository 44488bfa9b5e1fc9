"""A line of progress per step: what is being done, and how long it took once it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


class Progress:
    """Prints to standard error, so that what a command answers can be piped on."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[Callable[[str], None]]:
        """What it yields may be told how far it is."""
        began = time.monotonic()
        with self._console.status(f"{escape(doing)} ...") as shown:
            yield lambda far: shown.update(f"{escape(doing)} ... {escape(far)}")
        self._console.print(f"  {escape(doing)} [dim]{time.monotonic() - began:.1f} s[/dim]")

    def report(self, line: str) -> None:
        self._console.print(f"  [dim]{escape(line)}[/dim]")

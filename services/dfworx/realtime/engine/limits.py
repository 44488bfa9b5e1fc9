"""What one function may use, and the words in which it is told that it wanted more."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20

ARGS_BYTES = 16 * MIB
"""Of a call's arguments, and of what it returns."""
DOCUMENT_BYTES = MIB
DOCUMENT_FIELDS = 1024
DOCUMENT_DEPTH = 16
ARRAY_ELEMENTS = 8192
SCHEDULED = 1000
"""Functions that one mutation schedules."""
SCHEDULED_BYTES = 4 * MIB
"""Of one's arguments."""
ALL_SCHEDULED_BYTES = 16 * MIB


class LimitReached(Exception):
    """The message begins as Convex's does."""


@dataclass(slots=True)
class Usage:
    """Of one mutation or query, with all that it calls."""

    documents_read: int = 0
    bytes_read: int = 0
    documents_written: int = 0
    bytes_written: int = 0
    ranges_read: int = 0
    scheduled: int = 0
    bytes_scheduled: int = 0

    def read(self, documents: int, size: int) -> None:
        """Raises LimitReached."""
        self.documents_read += documents
        self.bytes_read += size
        _hold("Too many documents read", self.documents_read, 32_000)
        _hold("Too many bytes read", self.bytes_read, 16 * MIB)

    def read_range(self) -> None:
        """Raises LimitReached."""
        self.ranges_read += 1
        _hold("Too many reads", self.ranges_read, 4096)

    def write(self, size: int) -> None:
        """Raises LimitReached."""
        self.documents_written += 1
        self.bytes_written += size
        _hold("Too many writes", self.documents_written, 16_000)
        _hold("Too many bytes written", self.bytes_written, 16 * MIB)

    def schedule(self, size: int) -> None:
        """Raises LimitReached."""
        self.scheduled += 1
        self.bytes_scheduled += size
        if self.scheduled > SCHEDULED:
            raise LimitReached(f"Too many functions scheduled by this mutation (limit: {SCHEDULED})")
        if size > SCHEDULED_BYTES:
            raise LimitReached(
                f"Too large arguments of a scheduled function ({size} bytes, limit: {SCHEDULED_BYTES} bytes)"
            )
        if self.bytes_scheduled > ALL_SCHEDULED_BYTES:
            raise LimitReached(
                "Too large total size of the arguments of scheduled functions from this mutation "
                f"(limit: {ALL_SCHEDULED_BYTES} bytes)"
            )


def _hold(words: str, used: int, most: int) -> None:
    if used > most:
        raise LimitReached(
            f"{words} in a single function execution (limit: {most}). Consider using smaller limits in your queries, "
            "paginating your queries, or using indexed queries with a selective index range expressions."
        )

"""Who read what, and so whom a write concerns. What was read is a set of intervals of index keys; a write concerns its
reader when the key of the document before or after it lies in one of them.

An interval is filed under the equalities it begins with, a write looks under each beginning of its keys: so what a
write costs hangs on how many watch those beginnings and not on how many watch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dfworx.realtime.engine.ranges import Interval

Reader = TypeVar("Reader", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Touched:
    """A key that a commit took from an index or put into it, in its parts."""

    index: int
    parts: tuple[bytes, ...]


@dataclass(slots=True)
class ReadSet:
    """What one execution has read, by the index's number."""

    intervals: set[tuple[int, Interval]] = field(default_factory=set)

    def add(self, index: int, interval: Interval) -> None:
        self.intervals.add((index, interval))

    def holds(self, touched: Touched) -> bool:
        key = b"".join(touched.parts)
        return any(index == touched.index and key in interval for index, interval in self.intervals)


class Subscriptions(Generic[Reader]):
    def __init__(self) -> None:
        self._filed: dict[tuple[int, bytes], dict[Interval, set[Reader]]] = defaultdict(dict)
        """Readers by index and prefix, then by interval: a thousand readers of one page are one comparison."""
        self._reads: dict[Reader, ReadSet] = {}

    def __len__(self) -> int:
        return len(self._reads)

    def watch(self, reader: Reader, reads: ReadSet) -> None:
        """From now on, in place of what it watched before."""
        self.forget(reader)
        self._reads[reader] = reads
        for index, interval in reads.intervals:
            self._filed[index, interval.prefix].setdefault(interval, set()).add(reader)

    def forget(self, reader: Reader) -> None:
        reads = self._reads.pop(reader, None)
        if reads is None:
            return
        for index, interval in reads.intervals:
            filed = self._filed[index, interval.prefix]
            filed[interval].discard(reader)
            if not filed[interval]:
                del filed[interval]
            if not filed:
                del self._filed[index, interval.prefix]

    def concerned(self, commit: Iterable[Touched]) -> set[Reader]:
        found: set[Reader] = set()
        for touched in commit:
            key = b"".join(touched.parts)
            length = 0
            for part in (b"", *touched.parts):
                length += len(part)
                filed = self._filed.get((touched.index, key[:length]))
                if filed:
                    for interval, readers in filed.items():
                        if key in interval:
                            found |= readers
        return found

"""Whom a write concerns: exactly those who read a key that it took or put, as looking at everybody would say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dfworx.realtime.engine.ranges import Interval, everything, one
from dfworx.realtime.engine.subscriptions import ReadSet, Subscriptions, Touched
from dfworx.realtime.values import after_all, order_key

PARTS = st.sampled_from([order_key(each) for each in ("a", "a\x00", "b", 1.0, None)])


def between(prefix: list[bytes], one_end: bytes, other_end: bytes) -> Interval:
    start = b"".join(prefix)
    low, high = sorted((one_end, other_end))
    return Interval(start + low, after_all(start + high), start)


INTERVALS = st.one_of(
    st.just(everything()),
    st.builds(one, st.lists(PARTS, min_size=1, max_size=3).map(b"".join)),
    st.builds(between, st.lists(PARTS, max_size=2), PARTS, PARTS),
)
INDEXES = st.integers(1, 2)
READS = st.lists(st.tuples(INDEXES, INTERVALS), max_size=4)
DEEDS = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), READS)), max_size=15)
COMMITS = st.lists(st.builds(Touched, INDEXES, st.tuples(PARTS, PARTS, PARTS)), max_size=4)


@given(DEEDS, COMMITS)
def test_it_says_what_looking_at_everybody_would_say(
    deeds: list[tuple[int, list[tuple[int, Interval]] | None]], commit: list[Touched]
) -> None:
    subscriptions, model = Subscriptions[int](), dict[int, list[tuple[int, Interval]]]()
    for reader, reads in deeds:
        if reads is None:
            subscriptions.forget(reader)
            model.pop(reader, None)
        else:
            subscriptions.watch(reader, ReadSet(set(reads)))
            model[reader] = reads
    assert len(subscriptions) == len(model)
    assert subscriptions.concerned(commit) == {
        reader
        for reader, reads in model.items()
        for index, interval in reads
        for touched in commit
        if touched.index == index and b"".join(touched.parts) in interval
    }


def test_nothing_is_left_of_who_is_gone() -> None:
    subscriptions = Subscriptions[str]()
    for reader in ("ann", "bo"):
        subscriptions.watch(reader, ReadSet({(1, everything()), (2, one(order_key("a")))}))
        subscriptions.watch(reader, ReadSet({(1, one(order_key("b")))}))
        subscriptions.forget(reader)
    assert len(subscriptions) == 0 and not subscriptions._filed

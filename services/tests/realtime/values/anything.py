"""Any value."""

from __future__ import annotations

from hypothesis import strategies as st

from dfworx.realtime.values import Value

NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6).filter(
    lambda name: name[:1] != "$"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, float("inf"), float("-inf"), 2.0**53]),
    TEXTS,
    st.binary(max_size=8),
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)

"""LJ1 gives the bytes of RFC 8785 on its profile, and refuses what lies outside of it."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from letopis.journal.lj1 import DEPTH_MAX, Lj1Error, encode

KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=8)


@given(OBJECTS)
def test_equal_to_rfc_8785(value: dict[str, Any]) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(OBJECTS)
def test_equal_to_the_standard_library(value: dict[str, Any]) -> None:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert encode(value) == written.encode()


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"a": 0.5}, "a"),
        ({"a": {"b": [1, float("nan")]}}, "a.b[1]"),
        ({"a": 2**53}, "a"),
        ({"a": [-(2**53)]}, "a[0]"),
        ({"a": "\ud800"}, "a"),
        ({"a": ["ok", "\udfff"]}, "a[1]"),
        ({"Ключ": 1}, ""),
        ({"a": {"B": 1}}, "a"),
        ({"": 1}, ""),
        ({1: 1}, ""),
        ({"a": b"bytes"}, "a"),
        ({"a": {1, 2}}, "a"),
    ],
    ids=repr,
)
def test_refused_with_its_place(value: dict[str, Any], field: str) -> None:
    with pytest.raises(Lj1Error) as refused:
        encode(value)
    assert refused.value.field == field


def test_outermost_is_an_object() -> None:
    with pytest.raises(Lj1Error):
        encode([1])  # type: ignore[arg-type]


def test_depth_is_bounded() -> None:
    encode(nested(DEPTH_MAX - 1))
    with pytest.raises(Lj1Error, match="nested"):
        encode(nested(DEPTH_MAX))

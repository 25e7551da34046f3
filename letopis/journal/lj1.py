"""LJ1, the one way to write an object as bytes: RFC 8785 narrowed to what needs no choice.

Keys are `[a-z0-9_]+`; values are null, bool, integers within 2^53-1, strings without lone surrogates, arrays and
objects of these. No floats: shares are parts per million, money is in kopecks. Nothing ever re-serialises to verify;
LJ1 exists so that two writers give the same bytes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from letopis.base.errors import SenderError

INT_MAX = 2**53 - 1
DEPTH_MAX = 32

_KEY = re.compile(r"[a-z0-9_]+")
_encoder = msgspec.json.Encoder(order="sorted")


class Lj1Error(SenderError):
    """This value has no LJ1 form."""


def encode(value: Mapping[str, Any]) -> bytes:
    """The LJ1 bytes of an object.

    Raises:
        Lj1Error: names the field that does not fit.
    """
    if type(value) is not dict:
        raise Lj1Error("the outermost value is an object")
    _check_object(value, "", DEPTH_MAX)
    return _encoder.encode(value)


def _check_object(value: Mapping[Any, Any], path: str, depth: int) -> None:
    if not depth:
        raise Lj1Error(f"nested deeper than {DEPTH_MAX}", field=path)
    for key, inner in value.items():
        if type(key) is not str or not _KEY.fullmatch(key):
            raise Lj1Error("keys are a-z, 0-9 and underscore", field=path)
        kind = type(inner)
        if kind is str and inner.isascii():
            continue
        _check(inner, f"{path}.{key}" if path else key, depth - 1)


def _check(value: Any, path: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        _check_text(value, path)
    elif kind is int:
        if not -INT_MAX <= value <= INT_MAX:
            raise Lj1Error("an integer beyond 2^53-1", field=path)
    elif kind is dict:
        _check_object(value, path, depth)
    elif kind is list or kind is tuple:
        _check_array(value, path, depth)
    elif value is not None and kind is not bool:
        raise Lj1Error(f"{kind.__name__} has no place in LJ1", field=path, hint="write a whole number or a text")


def _check_array(value: Sequence[Any], path: str, depth: int) -> None:
    if not depth:
        raise Lj1Error(f"nested deeper than {DEPTH_MAX}", field=path)
    for index, inner in enumerate(value):
        _check(inner, f"{path}[{index}]", depth - 1)


def _check_text(value: str, path: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Lj1Error("half a character (a lone surrogate)", field=path) from None

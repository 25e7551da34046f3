"""The parser of leaves accepts what the writer writes, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.journal.leaf import Leaf, LeafError, encode, parse

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_.", min_size=1, max_size=64)
SLOTS = st.dictionaries(st.integers(1, 255), st.binary(min_size=32, max_size=32), max_size=16)
LEAVES = st.builds(
    Leaf,
    log_hash=st.binary(min_size=32, max_size=32),
    seq=st.integers(0, 2**63 - 1),
    received_us=st.integers(0, 2**63 - 1),
    occurred_us=st.integers(-1, 2**63 - 1),
    kind=st.integers(0, 1),
    level=st.integers(0, 3),
    flags=st.integers(0, 255),
    type=NAMES,
    source=NAMES,
    commitments=SLOTS.map(lambda found: tuple(sorted(found.items()))),
)


@given(LEAVES)
def test_read_back(leaf: Leaf) -> None:
    assert parse(encode(leaf)) == leaf


@given(LEAVES, st.data())
def test_what_is_parsed_was_written_so(leaf: Leaf, data: st.DataObject) -> None:
    """A leaf changed in any byte is either refused or another leaf; there are no two spellings of one."""
    whole = bytearray(encode(leaf))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        other = parse(bytes(whole))
    except LeafError:
        return
    assert other != leaf
    assert encode(other) == bytes(whole)


@given(LEAVES, st.data())
def test_cut_or_longer_is_refused(leaf: Leaf, data: st.DataObject) -> None:
    whole = encode(leaf)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:cut], whole + b"\x00", whole + whole):
        with pytest.raises(LeafError):
            parse(wrong)


@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(LeafError):
        parse(noise)
    with pytest.raises(LeafError):
        parse(b"letopis/leaf/v1\n" + bytes(48) + noise[:20])


SOUND = Leaf(bytes(32), 0, 0, -1, 0, 1, 0, "message_in", "telegram", ((1, bytes(32)), (3, bytes(32))))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Message"},
        {"type": ""},
        {"type": "a" * 65},
        {"source": "теле"},
        {"source": "a b"},
        {"occurred_us": -2},
        {"occurred_us": 2**63},
        {"kind": 2},
        {"level": 4},
        {"flags": 256},
        {"seq": -1},
        {"received_us": 2**63},
        {"log_hash": bytes(31)},
        {"commitments": ((3, bytes(32)), (1, bytes(32)))},
        {"commitments": ((3, bytes(32)), (3, bytes(32)))},
        {"commitments": ((0, bytes(32)),)},
        {"commitments": ((1, bytes(31)),)},
        {"commitments": tuple((n, bytes(32)) for n in range(1, 18))},
    ],
    ids=str,
)
def test_writer_refuses(change: dict[str, object]) -> None:
    fields = {name: getattr(SOUND, name) for name in Leaf.__dataclass_fields__}
    with pytest.raises(LeafError):
        encode(Leaf(**{**fields, **change}))


def test_slots_out_of_order_are_refused() -> None:
    whole = encode(SOUND)
    width = 33
    swapped = whole[: -2 * width] + whole[-width:] + whole[-2 * width : -width]
    with pytest.raises(LeafError, match="order"):
        parse(swapped)

"""The demo as it stands on one Sunday morning, made once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from letopis.demo.days import all_events
from letopis.demo.salon import SEED, World, world_until

NOW = datetime.fromisoformat("2026-11-22T10:42:00+03:00")
Event = Mapping[str, Any]


@pytest.fixture(scope="session")
def world() -> World:
    return world_until(SEED, NOW)


@pytest.fixture(scope="session")
def events() -> Sequence[Event]:
    return list(all_events(SEED, now=NOW))

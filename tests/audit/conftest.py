"""A salon whose scenario has told its steps for three weeks."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.utils import translation

from letopis.base import clock
from tests.audit import steps
from tests.metrics.conftest import Salon
from tests.metrics.journal import let_pass, read_all, write


@pytest.fixture
def salon(app_connection: psycopg.Connection[Any], business: Any, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """The told salon at its own now."""
    monkeypatch.setattr(clock, "now", lambda: steps.NOW)
    write(business, steps.weeks())
    read_all(app_connection, business)
    let_pass(app_connection, business, steps.NOW)
    return Salon(business)


@pytest.fixture
def empty_salon(business: Any, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """A salon that has never told a step."""
    monkeypatch.setattr(clock, "now", lambda: steps.NOW)
    return Salon(business)


@pytest.fixture
def in_russian() -> Iterator[None]:
    with translation.override("ru"):
        yield

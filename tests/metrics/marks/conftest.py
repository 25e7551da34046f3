"""The changed salon, read once by the real pipeline."""

import pytest

from letopis.access.businesses import create_business
from letopis.base import clock
from letopis.base import database as roles
from tests.metrics.conftest import Salon
from tests.metrics.journal import let_pass, read_all, write
from tests.metrics.marks import changed


@pytest.fixture(scope="module")
def told_change(database: None) -> Salon:
    """Nine weeks with a change, all read."""
    business = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    write(business, changed.weeks())
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, changed.NOW)
    return Salon(business)


@pytest.fixture
def salon(told_change: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """The changed salon at its own now."""
    monkeypatch.setattr(clock, "now", lambda: changed.NOW)
    return told_change

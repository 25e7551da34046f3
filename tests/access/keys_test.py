"""Keys of programs: shown once, told by prefix and digest, revocable, last use noted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.keys import KeyFacts, create_key, find_key, revoke, touch
from letopis.access.models import ApiKey, Scope
from letopis.base import clock, ids
from letopis.base.errors import SenderError


def found(conn: psycopg.Connection[Any], text: str) -> KeyFacts | None:
    with conn.cursor() as cur:
        return find_key(cur, text)


def test_key_opens_its_own_business(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    key, text = create_key(business, "telegram-bot", Scope.SEND)
    facts = found(app_connection, text)
    assert facts
    assert (facts.id, facts.business, facts.source, facts.scope, facts.revoked) == (
        key.pk,
        business,
        "telegram-bot",
        Scope.SEND,
        False,
    )


def test_secret_is_stored_nowhere(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    key, text = create_key(business, "site", Scope.READ)
    secret = text.split("_", 2)[2]
    row = app_connection.execute("SELECT k::text FROM access_apikey k WHERE id = %s", [key.pk]).fetchone()
    assert row
    assert secret not in row[0]
    assert text.startswith(f"lt_{key.prefix}_")
    assert len(key.prefix) == 8


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.upper(), lambda t: "xx" + t[2:]])
def test_changed_key_is_no_key(app_connection: psycopg.Connection[Any], business: UUID, spoil: Any) -> None:
    _, text = create_key(business, "site", Scope.SEND)
    assert found(app_connection, spoil(text)) is None


@pytest.mark.parametrize(
    "text", ["", "lt", "lt__", "lt_12345678_", "lt_\0\0\0\0\0\0\0\0_a", "lt_абвгдежз_\ud800", "x" * 9999]
)
def test_nonsense_is_no_key(app_connection: psycopg.Connection[Any], text: str) -> None:
    assert found(app_connection, text) is None


def test_revoked_key_is_known_as_revoked(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    key, text = create_key(business, "site", Scope.SEND)
    revoke(key)
    first = ApiKey.objects.get(pk=key.pk).revoked_at
    revoke(key)
    facts = found(app_connection, text)
    assert facts
    assert facts.revoked
    assert ApiKey.objects.get(pk=key.pk).revoked_at == first


def test_last_use_is_noted_once_a_minute(
    app_connection: psycopg.Connection[Any], business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = create_key(business, "site", Scope.SEND)
    start = clock.now()
    noted = []
    for later_s in (0, 30, 61):
        monkeypatch.setattr(clock, "now", lambda later_s=later_s: start + timedelta(seconds=later_s))
        facts = found(app_connection, text)
        assert facts
        with app_connection.cursor() as cur:
            touch(cur, facts)
        app_connection.commit()
        noted.append(ApiKey.objects.get(pk=key.pk).last_used_at)
    assert noted == [start, start, start + timedelta(seconds=61)]


@pytest.mark.parametrize(
    ("source", "scope", "field"),
    [("", "send", "source"), ("a\nb", "send", "source"), ("x" * 65, "send", "source"), ("site", "both", "scope")],
)
def test_unusable_key_is_refused_by_field(business: UUID, source: str, scope: str, field: str) -> None:
    with pytest.raises(SenderError) as refusal:
        create_key(business, source, scope)
    assert (refusal.value.field, bool(refusal.value.hint)) == (field, True)


def test_key_needs_a_business(database: None) -> None:
    with pytest.raises(SenderError) as refusal:
        create_key(ids.new_uuid(), "site", Scope.SEND)
    assert refusal.value.field == "business"

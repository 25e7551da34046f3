"""No column that can hold words stands outside the register of places."""

from typing import Any

import psycopg

from letopis.base.sql import Queries
from letopis.subjects.places import PARTED, PLACES, Goes, tables_of_clients

QUERIES = Queries("tests.subjects")


def test_every_column_of_words_is_told(owner_connection: psycopg.Connection[Any]) -> None:
    with owner_connection.cursor() as cur:
        rows = QUERIES.rows(cur, "columns_of_words")
    living: dict[str, set[str]] = {}
    for row in rows:
        living.setdefault(row["table_name"], set()).add(row["column_name"])
    assert len(living) > 40, "the catalogue was read"
    assert {table: sorted(columns) for table, columns in living.items()} == {
        table: sorted(columns) for table, columns in PLACES.items()
    }, "tell in letopis/subjects/places.py what a new column may hold of a person, and how it goes"


def test_tables_of_clients_are_made_anew() -> None:
    tables = tables_of_clients()
    assert set(PARTED) < set(tables)
    assert "dialogues_word" in tables
    assert "metrics_cell" not in tables
    assert all(Goes.FOLLOWS not in columns.values() or table in tables for table, columns in PLACES.items())

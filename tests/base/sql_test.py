import re
from pathlib import Path

import psycopg
import pytest

import letopis
from letopis.base.errors import OwnFault
from letopis.base.sql import Queries

ROOM_FILES = sorted(Path(letopis.__file__).parent.glob("*/queries.sql"))


def test_unknown_name_is_our_own_fault() -> None:
    with pytest.raises(OwnFault, match="no statement is named 'nothing'"):
        Queries("letopis.base")["nothing"]


def test_row_comes_as_named_columns(app_connection: psycopg.Connection[object]) -> None:
    with app_connection.cursor() as cur:
        assert Queries("letopis.base").row(cur, "setting", name="fsync") == {"value": "on"}


@pytest.mark.parametrize("path", ROOM_FILES, ids=lambda path: path.parent.name)
def test_every_statement_says_its_purpose(path: Path) -> None:
    for block in re.split(r"^-- name: ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name, purpose = block.split("\n")[:2]
        assert purpose.startswith("-- "), f"{name} in {path} has no line of purpose"


@pytest.mark.parametrize("path", ROOM_FILES, ids=lambda path: path.parent.name)
def test_every_statement_is_used(path: Path) -> None:
    code = "".join(file.read_text("utf-8") for file in path.parent.rglob("*.py"))
    for name in Queries(f"letopis.{path.parent.name}"):
        # A verb may go over several tables: f"drop_{table}".
        over_tables = f'f"{name.partition("_")[0]}_{{'
        assert f'"{name}"' in code or over_tables in code, f"{name} in {path} is used by nobody"

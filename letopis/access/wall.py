"""The second wall: PostgreSQL itself shows a session only the businesses it has entered.

A room's migration says `operations = [..., *walled("dialogues_dialogue", ...)]`; every transaction on such tables
begins with `enter(cur, business)`. Where nobody entered, a walled table is empty: the wall fails closed.
Tables that hold `business_id` and stay outside of the wall are listed here, each with its reason; `breaches` compares
this promise with the catalogue of the living database.

Below the wall only `=`, `<` and `>` can use an index: other operators are not leakproof and are tried after the policy.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL
from psycopg import sql

from letopis.base.database import APP
from letopis.base.sql import Queries

QUERIES = Queries("letopis.access")
POLICY = "letopis_wall"

_WHO_MAY = "read before the business is known: it decides who may enter which business"
_NUMBERS = "numbers only, no words and no names; read by loops that serve all businesses"

# Small tables that stay whole on a cluster; their keys need not begin with the business.
CATALOGUE = frozenset({"access_branch", "access_membership", "access_apikey"})

WITHOUT_WALL: dict[str, str] = {
    "access_branch": "names of branches only; read beside the catalogue of businesses",
    "access_membership": _WHO_MAY,
    "access_apikey": "read before the business is known: the key tells the business; holds digests, never secrets",
    "journal_log": _NUMBERS,
    "journal_position": _NUMBERS,
    "metrics_due": _NUMBERS,
}


def walled(*tables: str, grants: str | None = None) -> list[Operation]:
    """Migration operations that put `tables` behind the wall; `grants` narrows what `letopis_app` may do there.

    A partition asked by its own name is not held by its parent's policy: name it here too, or grant nothing on it.
    """
    return [RunSQL(_raise(table, grants), _lower(table, grants)) for table in tables]


def enter(cur: Any, business: UUID) -> None:
    """Open the wall for one business until the transaction ends."""
    QUERIES.run(cur, "enter", businesses=str(business))


def enter_many(cur: Any, businesses: Iterable[UUID]) -> None:
    """Open the wall for several businesses until the transaction ends; none of them leaves it closed."""
    QUERIES.run(cur, "enter", businesses=",".join(str(business) for business in businesses))


def breaches(cur: Any) -> list[str]:
    """Sentences that say where the living database differs from what this module promises; empty is good."""
    found = [_sentence_about(table) for table in QUERIES.rows(cur, "tables_of_businesses")]
    found += [f"role {row['name']} could climb over the wall" for row in QUERIES.rows(cur, "climbers", app=APP)]
    return [sentence for sentence in found if sentence]


def _sentence_about(table: dict[str, Any]) -> str:
    name = table["name"]
    closed = table["partition"] and not table["reachable"]
    if name not in WITHOUT_WALL and not closed and not (table["enabled"] and table["forced"] and table["policy"]):
        return f"table {name} holds business_id but is not behind the wall"
    if name in WITHOUT_WALL and table["enabled"]:
        return f"table {name} is behind the wall but listed as outside of it"
    if name not in CATALOGUE and table["loose_keys"]:
        return f"table {name} has keys that do not begin with business_id: {', '.join(table['loose_keys'])}"
    return ""


def _raise(table: str, grants: str | None) -> list[str | tuple[str, Any]]:
    name, policy, app = sql.Identifier(table), sql.Identifier(POLICY), sql.Identifier(APP)
    # No subquery in the policy: distributed tables of a cluster refuse it.
    mine = sql.SQL("business_id = ANY (string_to_array(current_setting('app.business', true), ',')::uuid[])")
    statements = [
        sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name),
        sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name),
        sql.SQL("CREATE POLICY {} ON {} USING ({}) WITH CHECK ({})").format(policy, name, mine, mine),
    ]
    if grants is not None:
        statements.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, app))
    if grants:
        statements.append(sql.SQL("GRANT {} ON {} TO {}").format(_privileges(grants), name, app))
    return [statement.as_string() for statement in statements]


def _lower(table: str, grants: str | None) -> list[str | tuple[str, Any]]:
    name, policy, app = sql.Identifier(table), sql.Identifier(POLICY), sql.Identifier(APP)
    statements = [
        sql.SQL("DROP POLICY {} ON {}").format(policy, name),
        sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(name),
        sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(name),
    ]
    if grants is not None:
        every = _privileges("SELECT, INSERT, UPDATE, DELETE")
        statements.append(sql.SQL("GRANT {} ON {} TO {}").format(every, name, app))
    return [statement.as_string() for statement in statements]


def _privileges(grants: str) -> sql.Composable:
    known = {word: sql.SQL(word) for word in ("SELECT", "INSERT", "UPDATE", "DELETE")}
    return sql.SQL(", ").join(known[word.strip()] for word in grants.split(","))

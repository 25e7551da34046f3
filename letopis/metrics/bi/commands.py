"""`letopis bi`: let a BI tool read the numbers of a business, cut it off, tell who reads."""

import json
import sys
from typing import Annotated, Any
from uuid import UUID

import typer
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console

from letopis.metrics.bi import readers

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Name = Annotated[str, typer.Option(help="What the BI tool is called; its role is letopis_bi_<name>.")]
NAME_USUAL = "reader"

bi = typer.Typer()


def register(app: typer.Typer) -> None:
    app.add_typer(bi, name="bi", help="Read-only roles of BI tools.", no_args_is_help=True)


@bi.callback()
def _group() -> None:
    """A group of commands."""


@bi.command("grant")
def grant(
    business: Annotated[UUID, typer.Option("--business", help="Id of the business.")],
    name: Name = NAME_USUAL,
    as_json: AsJson = False,
) -> None:
    """Let a BI tool read the views of a business; the password of a new role is printed, this once."""
    granted = readers.grant(business, name)
    address = _address()
    facts = {
        "role": granted.role,
        "business": str(business),
        "password": granted.password,
        **address,
        "administrator": granted.administrator,
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value and name != "administrator"]
    _tell(facts, as_json, [*lines, f'try it: psql "{make_conninfo(user=granted.role, **address)}"'])
    _ask(granted.administrator, as_json)


@bi.command("revoke")
def revoke(
    name: Name = NAME_USUAL,
    business: Annotated[UUID | None, typer.Option("--business", help="Only this business; otherwise all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Cut a BI tool off; its role is dropped when no business is left."""
    administrator = readers.revoke(name, business)
    _tell({"name": name, "administrator": administrator}, as_json, [f"{name} reads no longer"])
    _ask(administrator, as_json)


@bi.command("list")
def list_readers(as_json: AsJson = False) -> None:
    """Every role of a BI tool, and which businesses it reads."""
    found = readers.readers()
    told = [
        {
            "role": one.role,
            "made": one.made,
            "businesses": [{"id": str(business), "name": name} for business, name in one.businesses],
        }
        for one in found
    ]
    lines = [
        f"{one.role}{'' if one.made else ' (the role is not made yet)'}  {business}  {name}"
        for one in found
        for business, name in one.businesses
    ]
    _tell({"readers": told}, as_json, lines)


def _address() -> dict[str, str]:
    """Where the database answers, as far as its address tells."""
    parts = conninfo_to_dict(settings.LETOPIS_DATABASE_URL)
    return {name: str(parts[name]) for name in ("host", "port", "dbname") if parts.get(name)}


def _ask(statements: str, as_json: bool) -> None:
    if statements and not as_json:
        _tell({}, False, ["An administrator of the server must run:", statements])


def _tell(facts: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        Console().print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)

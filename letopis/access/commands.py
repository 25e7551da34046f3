"""Commands for businesses, keys and people."""

import json
import sys
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from letopis.access.businesses import create_business
from letopis.access.keys import create_key
from letopis.access.models import Business, Membership
from letopis.access.people import create_person, set_password

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
OfBusiness = Annotated[UUID, typer.Option("--business", help="Id of the business.")]


def register(app: typer.Typer) -> None:
    for name, group, meaning in (
        ("business", business, "Businesses of this installation."),
        ("key", key, "API keys of senders and readers."),
        ("person", person, "People and their roles."),
    ):
        app.add_typer(group, name=name, help=meaning, no_args_is_help=True)


business = typer.Typer()
key = typer.Typer()
person = typer.Typer()


@business.callback()
@key.callback()
@person.callback()
def _group() -> None:
    """A group of commands."""


@business.command("create")
def business_create(
    name: Annotated[str, typer.Option(help="As people call it.")],
    timezone: Annotated[str, typer.Option(help="IANA zone, such as Europe/Moscow.")],
    vertical: Annotated[str, typer.Option(help="salon, clinic or repair.")],
    network: Annotated[str | None, typer.Option(help="Name of the network it belongs to; made when new.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a business and print its id."""
    made = create_business(name=name, timezone=timezone, vertical=vertical, network=network)
    facts: dict[str, object] = {
        "id": str(made.id),
        "name": made.name,
        "timezone": made.timezone,
        "vertical": made.vertical,
    }
    _tell(facts, as_json, f"business {made.id}")


@business.command("list")
def business_list(as_json: AsJson = False) -> None:
    """All businesses of this installation, in the order of their making."""
    found = [
        {"id": str(one.pk), "name": one.name, "timezone": one.timezone, "vertical": one.vertical}
        for one in Business.objects.order_by("created_at", "pk")
    ]
    _tell({"businesses": found}, as_json, "\n".join(f"{one['id']}  {one['name']}" for one in found))


@key.command("create")
def key_create(
    business: OfBusiness,
    source: Annotated[str, typer.Option(help="Who will send or read with it, such as telegram.")],
    scope: Annotated[str, typer.Option(help="send or read.")] = "send",
    masked: Annotated[bool, typer.Option("--masked", help="A read key that sees no people.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once."""
    made, secret = create_key(business, source, scope, by=None, masked=masked)
    facts: dict[str, object] = {
        "key": secret,
        "prefix": made.prefix,
        "business": str(business),
        "source": source,
        "scope": scope,
    }
    _tell(facts, as_json, secret)


@person.command("create")
def person_create(
    email: Annotated[str, typer.Option(help="The login.")],
    role: Annotated[str, typer.Option(help="owner, manager or integrator.")],
    business: Annotated[
        UUID | None, typer.Option("--business", help="Id of the business; an operator has none.")
    ] = None,
    name: Annotated[str, typer.Option(help="As colleagues call them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a person with a role; the password is read from standard input."""
    made = create_person(email=email, role=role, business=business, password=_typed_password(), name=name)
    facts: dict[str, object] = {
        "id": made.pk,
        "email": made.email,
        "role": role,
        "business": str(business) if business else None,
    }
    _tell(facts, as_json, f"person {made.pk}")


@person.command("password")
def person_password(email: Annotated[str, typer.Option(help="The login.")], as_json: AsJson = False) -> None:
    """Set a new password, read from standard input; all sessions of the person end."""
    changed = set_password(email, _typed_password())
    _tell({"id": changed.pk, "email": changed.email}, as_json, f"person {changed.pk} has a new password")


@person.command("list")
def person_list(business: OfBusiness, as_json: AsJson = False) -> None:
    """Who has a role in a business, ended ones included."""
    found = Membership.objects.filter(business_id=business).select_related("person").order_by("since")
    people = [
        {
            "id": one.person.pk,
            "email": one.person.email,
            "name": one.person.name,
            "role": one.role,
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in found
    ]
    lines = (f"{one['role']:<12} {one['email']}{' (ended)' if one['ended_at'] else ''}" for one in people)
    _tell({"people": people}, as_json, "\n".join(lines))


def _typed_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _tell(facts: dict[str, object], as_json: bool, sentence: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        Console().print(sentence, soft_wrap=True, highlight=False)

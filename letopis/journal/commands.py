"""`letopis verify`: recompute every leaf and root, and name the place of any change."""

import json
import sys
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import typer
from rich.console import Console

from letopis.access.models import Business
from letopis.base.progress import counting, teller
from letopis.journal.origin import EVENTS, LOGS
from letopis.journal.verify import Verdict, verify

PROBLEMS_PRINTED_MAX = 50


def register(app: typer.Typer) -> None:
    app.command(
        "verify",
        help="Recompute every leaf and root of all logs; exit code 1 when anything differs.",
    )(run)


def run(
    business: Annotated[UUID | None, typer.Option(help="Only this business; otherwise all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    chosen = Business.objects.filter(pk=business) if business else Business.objects.order_by("created_at")
    verdicts: list[Verified] = []
    with counting(silent=as_json) as bar:
        for one in chosen:
            for log in LOGS:
                task = bar.add_task(f"{one.name}, {log}", total=None)
                verdicts.append(Verified(one, log, verify(one.pk, teller(bar, task), log)))
    if business and not verdicts:
        raise typer.BadParameter(f"there is no business {business}", param_hint="--business")
    if as_json:
        # The journal first, as ever; the access ledger beside it.
        told = {
            "businesses": [_as_dict(one) for one in verdicts if one.log == EVENTS],
            "others": [_as_dict(one) for one in verdicts if one.log != EVENTS],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        _print(verdicts)
    if any(one.verdict.problems for one in verdicts):
        raise typer.Exit(1)


class Verified(NamedTuple):
    """One log of one business, and what was found in it."""

    business: Business
    log: str
    verdict: Verdict


def _as_dict(one: Verified) -> dict[str, Any]:
    business, log, verdict = one
    return {
        "business": str(business.pk),
        "log": log,
        "entries": verdict.entries,
        "root": verdict.root.hex(),
        "intact": not verdict.problems,
        "problems": [{"seq": p.seq, "what": p.what, "detail": p.detail} for p in verdict.problems],
    }


def _print(verdicts: list[Verified]) -> None:
    console = Console()
    for business, log, verdict in verdicts:
        name = business.name if log == EVENTS else f"{business.name}, {log}"
        if not verdict.problems:
            console.print(f"[green]✓[/] {name}: {verdict.entries} entries, root {verdict.root.hex()[:16]}…")
            continue
        console.print(f"[red]✗[/] {name}: {len(verdict.problems)} places differ")
        for problem in verdict.problems[:PROBLEMS_PRINTED_MAX]:
            console.print(f"    #{problem.seq} {problem.what}: {problem.detail}", highlight=False)

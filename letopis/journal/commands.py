"""`letopis verify`: recompute every leaf and root, and name the place of any change."""

import json
import sys
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from letopis.access.models import Business
from letopis.base.progress import counting, teller
from letopis.journal.verify import Verdict, verify

PROBLEMS_PRINTED_MAX = 50


def register(app: typer.Typer) -> None:
    app.command("verify", help="Recompute every leaf and root of the journals; exit code 1 when anything differs.")(run)


def run(
    business: Annotated[UUID | None, typer.Option(help="Only this business; otherwise all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    chosen = Business.objects.filter(pk=business) if business else Business.objects.order_by("created_at")
    verdicts: list[tuple[Business, Verdict]] = []
    with counting(silent=as_json) as bar:
        for one in chosen:
            task = bar.add_task(str(one.name), total=None)
            verdicts.append((one, verify(one.pk, teller(bar, task))))
    if business and not verdicts:
        raise typer.BadParameter(f"there is no business {business}", param_hint="--business")
    if as_json:
        sys.stdout.write(json.dumps({"businesses": [_as_dict(*pair) for pair in verdicts]}, ensure_ascii=False) + "\n")
    else:
        _print(verdicts)
    if any(verdict.problems for _, verdict in verdicts):
        raise typer.Exit(1)


def _as_dict(business: Business, verdict: Verdict) -> dict[str, Any]:
    return {
        "business": str(business.pk),
        "entries": verdict.entries,
        "root": verdict.root.hex(),
        "intact": not verdict.problems,
        "problems": [{"seq": p.seq, "what": p.what, "detail": p.detail} for p in verdict.problems],
    }


def _print(verdicts: list[tuple[Business, Verdict]]) -> None:
    console = Console()
    for business, verdict in verdicts:
        if not verdict.problems:
            console.print(f"[green]✓[/] {business.name}: {verdict.entries} entries, root {verdict.root.hex()[:16]}…")
            continue
        console.print(f"[red]✗[/] {business.name}: {len(verdict.problems)} places differ")
        for problem in verdict.problems[:PROBLEMS_PRINTED_MAX]:
            console.print(f"    #{problem.seq} {problem.what}: {problem.detail}", highlight=False)

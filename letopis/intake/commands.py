"""`letopis import`: history from an NDJSON file, through the same mapping as live events."""

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, BinaryIO, cast
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from letopis.intake.history import import_lines

FAULTS_PRINTED_MAX = 20


def register(app: typer.Typer) -> None:
    app.command("import", help="Bring in history: NDJSON events, plain or .gz; - reads standard input.")(run)


def run(
    file: Annotated[str, typer.Argument(help="FILE.ndjson, FILE.ndjson.gz, or - for standard input.")],
    business: Annotated[UUID, typer.Option(help="Id of the business.")],
    source: Annotated[str, typer.Option(help="Name of the source for events that name none, such as telegram.")],
) -> None:
    if file != "-" and not os.path.isfile(file):
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE")
    size = None if file == "-" else os.path.getsize(file)
    with _opened(file) as (plain, measured), _bar() as bar:
        task = bar.add_task("import", total=size)
        # A pipe has no position; the bar then only moves.
        position = measured.tell if measured.seekable() else int
        summary = import_lines(business, source, plain, lambda _: bar.update(task, completed=position()))
    console = Console()
    console.print(
        f"accepted {summary.accepted}, duplicates {summary.duplicates}, conflicts {summary.conflicts}, "
        f"rejected {summary.rejected} (kept in quarantine)"
    )
    for fault in summary.faults[:FAULTS_PRINTED_MAX]:
        console.print(f"  {fault}", highlight=False, markup=False)
    if summary.rejected:
        raise typer.Exit(1)


@contextmanager
def _opened(file: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The plain lines, and the file whose position tells how far we are."""
    if file == "-":
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with open(file, "rb") as measured:
        packed = file.endswith(".gz")
        yield cast(BinaryIO, gzip.GzipFile(fileobj=measured)) if packed else measured, measured


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, console=Console(stderr=True))

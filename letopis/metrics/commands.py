"""`letopis rebuild`: derive all rows of a business anew from its journal and access ledger, while the pages stay up."""

from typing import Annotated
from uuid import UUID

import typer

from letopis.access.models import Business
from letopis.base import database
from letopis.base.progress import counting, teller
from letopis.metrics import pipeline
from letopis.metrics.bi import commands as bi
from letopis.privacy.looks import ledger


def register(app: typer.Typer) -> None:
    app.command("rebuild", help="Derive all rows anew from the journals; pages show the old ones until it is done.")(
        run
    )
    bi.register(app)


def run(
    business: Annotated[
        UUID | None, typer.Option(help="Only this business; otherwise all, one after the other.")
    ] = None,
) -> None:
    chosen = list(Business.objects.filter(pk=business) if business else Business.objects.order_by("created_at"))
    if not chosen:
        raise typer.BadParameter(f"there is no business {business}", param_hint="--business")
    with counting() as bar, database.connect() as conn:
        for one in chosen:
            task = bar.add_task(str(one.name), total=None)
            pipeline.rebuild(conn, one.pk, teller(bar, task))
            ledger.rebuild(conn, one.pk)

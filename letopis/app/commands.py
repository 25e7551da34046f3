"""All commands but `serve`, as typer applications brought by the rooms."""

from collections.abc import Sequence

import django

django.setup()

import typer  # noqa: E402  (after django.setup: the rooms' commands load tables)

from letopis.access import commands as access  # noqa: E402
from letopis.app import ground, logs, operate  # noqa: E402
from letopis.demo import commands as demo  # noqa: E402
from letopis.intake import commands as intake  # noqa: E402
from letopis.journal import commands as journal  # noqa: E402
from letopis.metrics import commands as metrics  # noqa: E402

app = typer.Typer(
    name="letopis",
    help="Летопись: a flight recorder and auditor for assistants that take bookings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (access, intake, journal, metrics, operate, demo):
    room.register(app)

# These raise what they need themselves.
OWN_GROUND = {"prepare", "doctor", "serve", "demo"}


def run(arguments: Sequence[str]) -> int:
    """Run one command on standing ground; asking for help needs none."""
    logs.speak()
    if not arguments or arguments[0] in OWN_GROUND or "--help" in arguments:
        return _exit_code(arguments)
    with ground.standing():
        return _exit_code(arguments)


def _exit_code(arguments: Sequence[str]) -> int:
    """Typer ends a program by itself; the ground must be left in order first."""
    try:
        app(list(arguments))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0

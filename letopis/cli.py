"""The command `letopis`.

`serve` is kept light and never loads Django; every other command loads the settings and stands on `app/ground.py`.
The options `--data`, `--host` and `--port` may stand anywhere; they become settings before the settings are read.
"""

import os
import sys
from collections.abc import Sequence

from letopis.base.errors import LetopisError

EARLY = {"--data": "LETOPIS_DATA", "--host": "LETOPIS_HOST", "--port": "LETOPIS_PORT"}

# Commands of the light parent, and what it runs once when the pages answer.
LIGHT = {"serve": "", "demo": "demo-fill"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says whether it went well."""
    arguments = _take_early_options(list(sys.argv[1:] if argv is None else argv))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letopis.app.settings")
    try:
        if len(arguments) == 1 and arguments[0] in LIGHT:
            from letopis.app import serve

            return serve.main(after=LIGHT[arguments[0]])
        from letopis.app import commands

        return commands.run(arguments)
    except LetopisError as error:
        sys.stderr.write(f"letopis: {error}\n")
        return 2


def _take_early_options(arguments: list[str]) -> list[str]:
    """Move the options that are settings into the environment; children of this process see them too."""
    rest: list[str] = []
    pending = iter(arguments)
    for argument in pending:
        name, given, value = argument.partition("=")
        if name in EARLY:
            os.environ[EARLY[name]] = value if given else next(pending, "")
        else:
            rest.append(argument)
    return rest


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench [part ...]`: run the parts, print their figures, with `--write` put them into the reference page."""

import argparse
import pkgutil
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bench import parts
from bench.bench import Bench
from bench.figures import Figure, print_table, write_page
from bench.flood import generator_name
from bench.house import House


def main() -> int:
    found = find_parts()
    settings = read_arguments(list(found))
    chosen = [name for name in found if not settings.part or name in settings.part]
    print(f"load generator: {generator_name()}")
    measured: dict[str, tuple[str, list[Figure]]] = {}
    with House(settings.keep) as house:
        bench = Bench(house, settings.seconds, settings.sustained, settings.events, settings.businesses)
        for name in chosen:
            began = time.monotonic()
            figures = list(found[name].measure(bench))
            measured[name] = (meaning(found[name]), figures)
            print_table(f"{name}, {time.monotonic() - began:.0f} s", figures)
    if settings.write:
        # The page is the same wherever the data folder lies.
        told = ["DIR" if argument == str(settings.keep) else argument for argument in sys.argv[1:]]
        write_page(" ".join(["python -m bench", *told]), measured)
    return 0


def find_parts() -> dict[str, ModuleType]:
    """Every module of `bench/parts/`, in its own order."""
    modules = [import_module(f"{parts.__name__}.{found.name}") for found in pkgutil.iter_modules(parts.__path__)]
    return {module.__name__.rpartition(".")[2]: module for module in sorted(modules, key=lambda module: module.ORDER)}


def meaning(part: ModuleType) -> str:
    return (part.__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def read_arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*names, []], help="only these parts: " + ", ".join(names))
    parser.add_argument("--write", action="store_true", help="write docs/reference/performance.md")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="work in this data folder and keep it for the next run"
    )
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the large business of `pages`")
    parser.add_argument("--seconds", type=float, default=10, help="length of one leg of `intake`")
    parser.add_argument("--sustained", type=float, default=60, help="length of the run of `readers`")
    parser.add_argument("--businesses", type=int, default=10, help="over how many `readers` spreads its events")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

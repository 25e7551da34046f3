"""The arrows of the house: a room imports what stands to its left, a heart never its front, `__init__` nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import letopis
from letopis.app.rooms import ROOMS, TOP

HOUSE = Path(letopis.__file__).parent
FRONT = {"pages", "api", "commands", "urls"}
FILES = sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def test_every_folder_is_a_known_room() -> None:
    folders = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - set(TOP) == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_arrows_point_left(path: Path) -> None:
    room = room_of(path)
    if room in TOP or room == "__init__":
        return
    for name in imported_modules(path):
        parts = name.split(".")
        if parts[0] != "letopis" or len(parts) < 2:
            continue
        target = parts[1]
        assert target in ROOMS, f"{path.name} of {room} imports {name}, which stands above the rooms"
        assert ROOMS.index(target) <= ROOMS.index(room), f"{path.name} of {room} imports {name}, which stands right"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_hearts_never_import_fronts(path: Path) -> None:
    if room_of(path) in TOP or path.stem in FRONT:
        return
    for name in imported_modules(path):
        parts = name.split(".")
        if parts[0] == "letopis" and len(parts) > 2 and parts[1] in ROOMS:
            assert parts[2] not in FRONT, f"{path} is heart, {name} is front"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_room_uses_anothers_own_names(path: Path) -> None:
    for name in imported_modules(path):
        parts = name.split(".")
        if parts[0] == "letopis" and len(parts) > 2 and parts[1] != room_of(path):
            own = [part for part in parts[2:] if part.startswith("_") and not part.startswith("__")]
            assert not own, f"{path} uses {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_door_imports_nothing(room: str) -> None:
    door = HOUSE / room / "__init__.py"
    assert ast.get_docstring(ast.parse(door.read_text("utf-8")))
    assert not list(imported_modules(door))


def test_no_file_is_imported_by_nobody() -> None:
    """Found by looking or started from outside: listed; everything else has a reader."""
    # `login` is named by string in the settings, where django-allauth looks it up; the others are
    # middleware and the settings of the program.
    by_string = {"login", "shell", "limits", "refusals", "sanity", "settings", "urls", "asgi"}
    # Doors that stand before those who go through them: what calls CRM systems must find the guard already there.
    awaited = {"letopis.base.outgoing"}
    found_by_looking = {"apps", "models", "api", "__init__", "letopis", "cli", "worker", *by_string}
    imported = {name for path in FILES for name in imported_modules(path)}
    for path in FILES:
        module = ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts)
        # A chart is a part of the kit, held by its own tests, whether a page draws it today or not.
        if path.stem in found_by_looking or {"definitions", "charts"} & set(path.parts):
            continue
        used = module in awaited or any(name == module or name.startswith(module + ".") for name in imported)
        assert used, f"{module} is imported by nobody"

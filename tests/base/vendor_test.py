"""What we ship of others is what `scripts/vendor` wrote: same bytes, every icon there, none for nothing."""

import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "letopis" / "base" / "static" / "vendor"
RECORD = tomllib.loads((ROOT / "letopis" / "base" / "vendor.toml").read_text(encoding="utf-8"))
ICON_NAMED = (re.compile(r"\{% icon ['\"]([a-z0-9-]+)['\"]"), re.compile(r"\bicon=['\"]([a-z0-9-]+)['\"]"))


def files() -> dict[str, str]:
    return {file["path"]: file["sha256"] for package in RECORD["package"] for file in package["file"]}


def icons_named() -> set[str]:
    paths = [path for kind in ("*.py", "*.html") for path in (ROOT / "letopis").rglob(kind)]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return {name for text in texts for pattern in ICON_NAMED for name in pattern.findall(text)}


def icons_shipped() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))


def test_shipped_files_are_those_recorded() -> None:
    found = {str(path.relative_to(VENDOR)): path for path in VENDOR.rglob("*") if path.is_file()}
    assert found.keys() == files().keys()
    for name, path in found.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == files()[name], name


def test_every_named_icon_is_in_the_sprite() -> None:
    assert icons_named() <= icons_shipped() == set(RECORD["icons"])


def test_no_icon_is_shipped_for_nothing() -> None:
    """Mend with `python scripts/vendor --tidy`."""
    assert icons_shipped() <= icons_named()


def test_sprite_holds_strokes_only() -> None:
    sprite = (VENDOR / "icons.svg").read_text(encoding="utf-8")
    assert not re.search(r"\b(fill|stroke|style|class)=", sprite)


def test_every_package_is_in_the_notices() -> None:
    notices = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for package in RECORD["package"]:
        assert f"## {package['name']} {package['version']}" in notices
        assert package["licence"] in notices


def test_fonts_are_cut() -> None:
    assert sum(path.stat().st_size for path in VENDOR.glob("*.woff2")) < 40_000

"""The README tells the truth: its samples run, its limits are those of the code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import letopis_sdk
from letopis_sdk import Limits

from tests.sdk.conftest import KEY
from tests.sdk.standin import StandIn

HOME = Path(letopis_sdk.__file__).parents[1]
README = (HOME / "README.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_samples_deliver(server: StandIn, tmp_path: Path) -> None:
    first, second, bot = SAMPLES
    sample = first.replace("https://letopis.example", server.url).replace('"lt_…"', f'"{KEY}", spool="{tmp_path}"')
    world: dict[str, object] = {}
    exec(compile(sample + second, "README.md", "exec"), world)
    letopis = world["letopis"]
    assert isinstance(letopis, letopis_sdk.Letopis)
    assert letopis.close(5)
    kinds = [event["event"] for event in server.stored.values()]
    assert kinds == [
        *("message_in", "message_out", "message_in"),
        *("model_call", "tool_call", "appointment_created", "my_own_kind"),
    ]
    compile(bot, "README.md", "exec")


def test_every_limit_is_told_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", README, re.MULTILINE))
    assert set(told) == {field.name for field in fields(Limits)}
    for field in fields(Limits):
        number, _, unit = told[field.name].partition(" ")
        assert float(number) * (1024 * 1024 if unit == "MiB" else 1) == field.default, field.name


def test_version_is_one() -> None:
    with (HOME / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == letopis_sdk.__version__

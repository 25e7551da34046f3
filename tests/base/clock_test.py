import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from letopis.base import clock


def test_microseconds_survive_both_ways() -> None:
    moment = datetime(2026, 11, 22, 10, 42, 7, 999_999, tzinfo=timezone(timedelta(hours=3)))
    assert clock.from_us(clock.to_us(moment)) == moment


def test_moments_before_1970_are_exact() -> None:
    assert clock.to_us(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def run_at(moment: str) -> "subprocess.CompletedProcess[str]":
    code = "from letopis.base import clock; print(clock.now().isoformat(), clock.is_shifted())"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"LETOPIS_CLOCK": moment, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_program_starts_at_the_told_moment_and_ticks() -> None:
    done = run_at("2026-11-22T10:42:00+03:00")
    assert done.stdout.startswith("2026-11-22T07:42:00")
    assert done.stdout.strip().endswith("True")


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-22", "2026-11-22T10:42:00"])
def test_moment_without_zone_is_refused_loudly(moment: str) -> None:
    done = run_at(moment)
    assert done.returncode != 0
    assert "LETOPIS_CLOCK" in done.stderr
    assert "2026-11-22T10:42:00+03:00" in done.stderr

"""A stand-in server, a client in a hurry, and what it was heard to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from letopis_sdk import Letopis, Limits, Notice

from tests.sdk.standin import StandIn

KEY = "lt_a1b2c3d4_verysecretverysecret"
HURRIED = Limits(
    batch_age_s_max=0.02,
    backoff_s_min=0.02,
    backoff_s_max=0.1,
    fsync_age_s_max=0.05,
    refused_pause_s=0.2,
    adopt_pause_s=0.1,
    disk_pause_s=0.1,
    request_s_max=2.0,
)

Connect = Callable[..., Letopis]


@pytest.fixture
def server() -> Iterator[StandIn]:
    standin = StandIn()
    yield standin
    standin.stop()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def connect(server: StandIn, spool: Path, notices: list[Notice]) -> Iterator[Connect]:
    """Clients of the stand-in; limits may be given by name. All are closed at the end."""
    made: list[Letopis] = []

    def connect(*, url: str | None = None, key: str = KEY, folder: Path = spool, **options: Any) -> Letopis:
        names = set(Limits.__dataclass_fields__)
        limits = replace(HURRIED, **{name: options.pop(name) for name in list(options) if name in names})
        client = Letopis(
            url or server.url,
            key=key,
            source="telegram",
            spool=folder,
            limits=limits,
            on_warning=notices.append,
            **options,
        )
        made.append(client)
        return client

    yield connect
    for client in made:
        client.close(timeout=0)


def codes(notices: list[Notice]) -> set[str]:
    return {notice.code for notice in notices}


def segments(spool: Path) -> list[Path]:
    return sorted(spool.rglob("*.seg"))

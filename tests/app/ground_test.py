import stat
from pathlib import Path

import pytest

from letopis.app import ground
from letopis.app.secrets import add_sealing_key, derived, master_secret, sealing_keys
from letopis.base import clock
from letopis.base.errors import SenderError


def test_shifted_clock_is_refused_where_real_time_was_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.check_clock(tmp_path)
    monkeypatch.setattr(clock, "_OFFSET_US", 86_400_000_000)
    with pytest.raises(SenderError, match="used in the real time") as caught:
        ground.check_clock(tmp_path)
    assert caught.value.field == "LETOPIS_CLOCK"


def test_shifted_clock_may_come_back_to_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_OFFSET_US", 86_400_000_000)
    ground.check_clock(tmp_path)
    ground.check_clock(tmp_path)
    assert (tmp_path / "clock").read_text() == "shifted"


def test_master_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = master_secret(tmp_path)
    assert master_secret(tmp_path) == first
    file = tmp_path / "secrets" / "master.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert derived(first, "one") != derived(first, "two")


def test_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    master_secret(tmp_path)
    (tmp_path / "secrets" / "master.key").chmod(0o644)
    with pytest.raises(SenderError, match="readable by others"):
        master_secret(tmp_path)


def test_folder_of_secrets_that_others_can_open_is_refused(tmp_path: Path) -> None:
    master_secret(tmp_path)
    (tmp_path / "secrets").chmod(0o750)
    with pytest.raises(SenderError, match="open to others") as caught:
        master_secret(tmp_path)
    assert "chmod 700" in caught.value.hint


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_data_folder_that_others_write_into_is_refused(tmp_path: Path, mode: int) -> None:
    """Whoever can rename the folder of secrets can put another one there."""
    master_secret(tmp_path)
    tmp_path.chmod(mode)
    with pytest.raises(SenderError, match="write into the data folder"):
        master_secret(tmp_path)
    tmp_path.chmod(0o755)
    master_secret(tmp_path)


def test_new_sealing_key_goes_first_and_the_old_ones_stay(tmp_path: Path) -> None:
    master = master_secret(tmp_path)
    first = sealing_keys(tmp_path, master)
    path = add_sealing_key(tmp_path)
    second = sealing_keys(tmp_path, master)
    add_sealing_key(tmp_path)
    assert len(first) == 1
    assert second[1:] == first
    assert sealing_keys(tmp_path, master)[1:] == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert master not in first

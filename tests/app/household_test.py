from pathlib import Path

import pytest

from letopis.app.household import household, is_kept
from letopis.base.errors import SenderError


def test_one_household_a_data_folder(tmp_path: Path) -> None:
    assert not is_kept(tmp_path)
    with household(tmp_path):
        assert is_kept(tmp_path)
        with pytest.raises(SenderError, match="runs on this data folder already"), household(tmp_path):
            pytest.fail("two households keep one folder")
    assert not is_kept(tmp_path)

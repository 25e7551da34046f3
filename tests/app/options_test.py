from pathlib import Path

import pytest

from letopis.app import options
from letopis.base.errors import SenderError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LETOPIS_PORT", "eighty"),
        ("LETOPIS_PORT", "70000"),
        ("LETOPIS_PUBLIC_URL", "letopis.example"),
        ("LETOPIS_LOG_HOST", "Летопись"),
        ("LETOPIS_DEBUG", "maybe"),
    ],
)
def test_wrong_value_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SenderError) as caught:
        options.read({name: value})
    assert caught.value.field == name
    assert caught.value.hint


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://letopis@db/letopis\n")
    read = options.read({"LETOPIS_DATABASE_URL_FILE": str(file)})
    assert read["LETOPIS_DATABASE_URL"] == "postgresql://letopis@db/letopis"


def test_every_setting_is_documented() -> None:
    page = PAGE.read_text("utf-8")
    assert all(f"`{option.name}`" in page for option in options.OPTIONS)
    assert all(option.ru and option.en for option in options.OPTIONS)

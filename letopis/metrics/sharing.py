"""The day as a person sends it to a messenger: whose day it is and its three numbers, nothing about anybody."""

from collections.abc import Sequence
from datetime import date

from letopis.base import format
from letopis.base.parts import Cell


def day_words(business: str, day: date, cells: Sequence[Cell]) -> str:
    """The name and the day, then a line a number, in the words of the page."""
    return "\n".join([f"{business}, {format.day(day)}", *(f"{cell.name}: {cell.value}" for cell in cells)])

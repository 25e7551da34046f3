"""What every part is given: the house and the settings of this run."""

from dataclasses import dataclass

from bench.house import House


@dataclass(frozen=True, slots=True)
class Bench:
    """`seconds`: length of one leg under load; `sustained_s`: of the run with readers; `events`: size of the large
    business; `businesses`: over how many the sustained load is spread."""

    house: House
    seconds: float
    sustained_s: float
    events: int
    businesses: int

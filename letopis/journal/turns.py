"""The waiting line before the scribe: businesses take turns, so one that floods cannot starve the others."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar
from uuid import UUID

TURN_ITEMS_MAX = 32


class Costly(Protocol):
    @property
    def business(self) -> UUID: ...
    @property
    def cost(self) -> int: ...


T = TypeVar("T", bound=Costly)


class Turns(Generic[T]):
    """Waiting items by business; within a business the order of arrival holds."""

    def __init__(self) -> None:
        self._lines: OrderedDict[UUID, deque[T]] = OrderedDict()
        self.count = 0
        self.cost = 0

    def __len__(self) -> int:
        return self.count

    def put(self, items: Iterable[T]) -> None:
        """Add items at the ends of their lines."""
        business: UUID | None = None
        line: deque[T] = deque()
        for item in items:
            if item.business is not business:
                business = item.business
                known = self._lines.get(business)
                line = self._lines[business] = deque() if known is None else known
            line.append(item)
            self.count += 1
            self.cost += item.cost

    def put_back(self, items: Iterable[T]) -> None:
        """Return what was taken and not used, to the head of its lines; items in the order of taking."""
        for item in reversed(list(items)):
            self._lines.setdefault(item.business, deque()).appendleft(item)
            self.count += 1
            self.cost += item.cost

    def take(self, count_max: int, cost_max: int) -> list[T]:
        """The next items, at least one if any waits; after TURN_ITEMS_MAX of a business it is the next one's turn."""
        taken: list[T] = []
        cost = 0
        while self._lines and len(taken) < count_max:
            business, line = self._lines.popitem(last=False)
            for _ in range(min(TURN_ITEMS_MAX, len(line), count_max - len(taken))):
                if taken and cost + line[0].cost > cost_max:
                    self._lines[business] = line
                    self._lines.move_to_end(business, last=False)
                    return self._leave(taken, cost)
                item = line.popleft()
                taken.append(item)
                cost += item.cost
            if line:
                self._lines[business] = line
        return self._leave(taken, cost)

    def _leave(self, taken: list[T], cost: int) -> list[T]:
        self.count -= len(taken)
        self.cost -= cost
        return taken

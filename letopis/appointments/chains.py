"""Visits of one owner from their facts: chains of moves, marks, and services that make one visit. Pure.

Bookings are placed first, then moves, then marks and reminders, each in the order of time: what arrives out of order
finds its visit all the same. The last mark wins; a reminder belongs to the slot that was in force when it was sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from letopis.appointments.facts import REMINDER, VisitFact
from letopis.appointments.records import OPEN, State

LATE_CANCEL = timedelta(hours=24)
CORRECTION = timedelta(minutes=10)
"""A booking that the business takes back so soon was a slip of the hand."""
TOGETHER = timedelta(minutes=10)
"""Services booked within this time, one after the other, are one visit."""
GAP = timedelta(minutes=5)
NEIGHBOURS_MAX = 20
"""So many visits before it, by start, a service may belong to."""
SERVICES_MAX = 20
"""More services than this are not one visit."""
UNKNOWN_AFTER = timedelta(hours=24)
EARLY_MARK = timedelta(hours=1)
"""A visit without an id in its mark may be marked so long before its start."""

_MOVE, _CREATE = "appointment_moved", "appointment_created"
_BY_BUSINESS = frozenset({"business", "human", "staff", "master", "system"})
# Which state a visit of several services has: the first that one of them has.
_WEIGHT = (
    State.ARRIVED,
    State.NO_SHOW,
    State.CONFIRMED,
    State.CREATED,
    State.UNKNOWN,
    State.CANCELLED_LATE,
    State.CANCELLED_EARLY,
    State.CANCELLED_BUSINESS,
    State.MOVED,
)


@dataclass(slots=True)
class Visit:
    """One slot while its facts are walked."""

    slot_id: int
    chain_id: int
    fact: VisitFact
    start_at: datetime | None
    end_at: datetime | None
    service: str
    resource: str
    price_kop: int | None
    created_at: datetime
    first_of_chain: bool
    branch: str = ""
    state: State = State.CREATED
    confirmed_at: datetime | None = None
    final_at: datetime | None = None
    reminded_at: datetime | None = None
    asked_at: datetime | None = None
    corrected: bool = False
    test: bool = False
    successor: "Visit | None" = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def unknown_at(self) -> datetime | None:
        """When an open visit that nobody marked becomes unknown."""
        end = self.end_at or self.start_at
        return end + UNKNOWN_AFTER if end is not None and self.is_open else None


def visits_of(facts: Sequence[VisitFact]) -> list[Visit]:
    """The visits that the facts of one owner make, in the order of their ids; `facts` are ordered by time."""
    diary = _Diary()
    booked = [fact for fact in facts if fact.type == _CREATE]
    moved = [fact for fact in facts if fact.type == _MOVE]
    for fact in booked:
        diary.book(fact)
    for fact in moved:
        diary.move(fact)
    for fact in facts:
        if fact.type == REMINDER:
            diary.remind(fact)
        elif fact.type not in (_CREATE, _MOVE):
            diary.mark(fact)
    return sorted(_joined(diary.visits), key=lambda visit: visit.slot_id)


class _Diary:
    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.by_id: dict[str, list[Visit]] = {}

    def book(self, fact: VisitFact) -> None:
        same = self._last(fact.appointment_id)
        if same is None:
            self._place(fact, first_of_chain=True)
        elif fact.start_at is not None and same.start_at not in (None, fact.start_at):
            # The same booking told again at another time.
            self._succeed(same, fact)
        else:
            _complete(same, fact)

    def move(self, fact: VisitFact) -> None:
        previous = self._last(fact.previous_id) or self._last(fact.appointment_id)
        if previous is None:
            self._place(fact, first_of_chain=False)
            return
        while previous.successor is not None:
            previous = previous.successor
        if fact.start_at is not None and previous.start_at == fact.start_at:
            _complete(previous, fact)
            if fact.appointment_id:
                self.by_id.setdefault(fact.appointment_id, []).append(previous)
        else:
            self._succeed(previous, fact)

    def mark(self, fact: VisitFact) -> None:
        visit = self._marked(fact)
        if visit is None:
            if fact.start_at is None:
                return
            visit = self._place(fact, first_of_chain=False)
        visit.test = visit.test or fact.test
        visit.branch = visit.branch or fact.branch
        match fact.type:
            case "appointment_confirmed":
                if visit.is_open:
                    visit.state, visit.confirmed_at = State.CONFIRMED, visit.confirmed_at or fact.at
            case "appointment_cancelled":
                visit.state, visit.final_at = _cancelled(visit, fact), fact.at
                quickly = fact.at - visit.created_at <= CORRECTION
                visit.corrected = visit.state is State.CANCELLED_BUSINESS and quickly
            case "arrived" | "no_show":
                visit.state, visit.final_at, visit.corrected = State(fact.type), fact.at, False
            case "outcome_unknown":
                visit.state, visit.final_at = State.UNKNOWN, fact.at

    def remind(self, fact: VisitFact) -> None:
        """One that failed, that found no visit standing, or that was a test of a real visit reminds of nothing."""
        visit = self._reminded(fact)
        if visit is None or fact.failed or (fact.test and not visit.test):
            return
        visit.branch = visit.branch or fact.branch
        visit.reminded_at = visit.reminded_at or fact.at
        if fact.asks:
            visit.asked_at = visit.asked_at or fact.at

    def _last(self, appointment_id: str) -> Visit | None:
        same = self.by_id.get(appointment_id) if appointment_id else None
        return same[-1] if same else None

    def _place(self, fact: VisitFact, *, first_of_chain: bool, chain_id: int | None = None) -> Visit:
        visit = Visit(
            slot_id=fact.seq,
            chain_id=fact.seq if chain_id is None else chain_id,
            fact=fact,
            start_at=fact.start_at,
            end_at=fact.end_at,
            service=fact.service,
            resource=fact.resource,
            price_kop=fact.price_kop,
            created_at=fact.at,
            first_of_chain=first_of_chain,
            branch=fact.branch,
            test=fact.test,
        )
        self.visits.append(visit)
        if fact.appointment_id:
            self.by_id.setdefault(fact.appointment_id, []).append(visit)
        return visit

    def _succeed(self, previous: Visit, fact: VisitFact) -> None:
        following = self._place(fact, first_of_chain=False, chain_id=previous.chain_id)
        following.service = following.service or previous.service
        following.resource = following.resource or previous.resource
        following.price_kop = previous.price_kop if following.price_kop is None else following.price_kop
        following.branch = following.branch or previous.branch
        previous.state, previous.final_at, previous.successor = State.MOVED, fact.at, following

    def _marked(self, fact: VisitFact) -> Visit | None:
        visit = self._last(fact.appointment_id)
        if visit is not None:
            while visit.successor is not None:
                visit = visit.successor
            return visit
        return self._nearest(fact)

    def _nearest(self, fact: VisitFact) -> Visit | None:
        """A mark without a known id is about the nearest open visit: the last begun one, or else the next to come."""
        if fact.start_at is not None:
            return next((visit for visit in self.visits if visit.start_at == fact.start_at), None)
        dated = [(visit.start_at, visit.slot_id, visit) for visit in self.visits if visit.is_open and visit.start_at]
        if fact.type in ("arrived", "no_show", "outcome_unknown"):
            return max((one for one in dated if one[0] <= fact.at + EARLY_MARK), default=(None, 0, None))[2]
        return min((one for one in dated if one[0] >= fact.at), default=(None, 0, None))[2]

    def _reminded(self, fact: VisitFact) -> Visit | None:
        """The visit of a reminder's id, in the slot it had then; without a known id the nearest of those to come."""
        named = self.by_id.get(fact.appointment_id) if fact.appointment_id else None
        if named:
            made = [visit for visit in named if _came_before(visit, fact)]
            visit = max(made, key=_made) if made else min(named, key=_made)
            while visit.successor is not None and _came_before(visit.successor, fact):
                visit = visit.successor
            return visit if _stands(visit, fact) else None
        coming = [
            (visit.start_at, visit.slot_id, visit)
            for visit in self.visits
            if visit.start_at is not None and visit.start_at >= fact.at and fact.start_at in (None, visit.start_at)
            if _came_before(visit, fact) and _stands(visit, fact)
        ]
        return min(coming, default=(None, 0, None))[2]


def _made(visit: Visit) -> tuple[datetime, int]:
    return visit.created_at, visit.slot_id


def _came_before(visit: Visit, fact: VisitFact) -> bool:
    """Whether the visit was made before something was said."""
    return _made(visit) < (fact.at, fact.seq)


def _stands(visit: Visit, fact: VisitFact) -> bool:
    """Whether the visit was still to be: moves are placed before all marks, so one to come has left its trace."""
    if visit.state is State.MOVED:
        return visit.successor is not None and not _came_before(visit.successor, fact)
    return visit.is_open


def _complete(visit: Visit, fact: VisitFact) -> None:
    """What was not told before is taken from a later word."""
    visit.start_at = visit.start_at or fact.start_at
    visit.end_at = visit.end_at or fact.end_at
    visit.service = visit.service or fact.service
    visit.resource = visit.resource or fact.resource
    visit.price_kop = fact.price_kop if visit.price_kop is None else visit.price_kop
    visit.branch = visit.branch or fact.branch


def _cancelled(visit: Visit, fact: VisitFact) -> State:
    if fact.by in _BY_BUSINESS:
        return State.CANCELLED_BUSINESS
    if visit.start_at is None or visit.start_at - fact.at >= LATE_CANCEL:
        return State.CANCELLED_EARLY
    return State.CANCELLED_LATE if fact.at < visit.start_at else State.NO_SHOW


def _joined(visits: Iterable[Visit]) -> list[Visit]:
    """Services of one visit become one: booked together, of one client, one after the other or at once."""
    joined: list[list[Visit]] = []
    alone: list[Visit] = []
    for visit in sorted(visits, key=lambda one: (one.start_at is None, one.start_at or one.created_at, one.slot_id)):
        if visit.start_at is None or visit.end_at is None:
            alone.append(visit)
            continue
        group = next((group for group in joined[: -NEIGHBOURS_MAX - 1 : -1] if _belongs(visit, group)), None)
        if group is None:
            joined.append([visit])
        else:
            group.append(visit)
    whole = [_one(group) for group in joined] + alone
    heads = {member.chain_id: one.chain_id for group, one in zip(joined, whole, strict=False) for member in group}
    for visit in whole:
        visit.chain_id = heads.get(visit.chain_id, visit.chain_id)
    return whole


def _belongs(visit: Visit, group: Sequence[Visit]) -> bool:
    ends = [member.end_at for member in group if member.end_at is not None]
    assert visit.start_at is not None, "only dated visits are joined"
    return (
        len(group) < SERVICES_MAX
        and group[0].fact.client_id == visit.fact.client_id
        and visit.start_at <= max(ends) + GAP
        and all((member.state is State.MOVED) == (visit.state is State.MOVED) for member in group)
        and all(
            member.fact.appointment_id != visit.fact.appointment_id or not member.fact.appointment_id
            for member in group
        )
        and abs(group[0].created_at - visit.created_at) <= TOGETHER
    )


def _one(group: Sequence[Visit]) -> Visit:
    if len(group) == 1:
        return group[0]
    head = min(group, key=lambda visit: visit.slot_id)
    finals = [visit.final_at for visit in group if visit.final_at is not None]
    prices = [visit.price_kop for visit in group if visit.price_kop is not None]
    head.state = min((visit.state for visit in group), key=_WEIGHT.index)
    head.start_at = min(visit.start_at for visit in group if visit.start_at is not None)
    head.end_at = max(visit.end_at for visit in group if visit.end_at is not None)
    head.service = ", ".join(dict.fromkeys(visit.service for visit in group if visit.service))
    head.resource = ", ".join(dict.fromkeys(visit.resource for visit in group if visit.resource))
    head.price_kop = sum(prices) if prices else None
    head.created_at = min(visit.created_at for visit in group)
    head.branch = next((visit.branch for visit in group if visit.branch), "")
    head.confirmed_at = min((visit.confirmed_at for visit in group if visit.confirmed_at), default=None)
    head.reminded_at = min((visit.reminded_at for visit in group if visit.reminded_at), default=None)
    head.asked_at = min((visit.asked_at for visit in group if visit.asked_at), default=None)
    head.final_at = None if head.is_open else max(finals, default=None)
    head.first_of_chain = any(visit.first_of_chain for visit in group)
    head.corrected = all(visit.corrected for visit in group)
    head.test = any(visit.test for visit in group)
    return head

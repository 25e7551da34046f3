"""What becomes of a booking: reminders and their answers, moves, cancellations, arrival, payment, no-show."""

import random
from datetime import datetime, time, timedelta
from enum import StrEnum

from letopis.demo import client_words, parting_words, salon_words, visit_words
from letopis.demo.salon import MANAGERS, STEP_VISIT, closing, is_open, moment, next_opening
from letopis.demo.scene import Booking, Scene, picked_up
from letopis.demo.speech import say
from letopis.demo.tape import TOOL_CANCEL, TOOL_MOVE, Tape

SESSION_DAYS_MAX = 6
QUIET_UNTIL = time(9)
REMINDER_VERSIONS = {"v13": "1", "v14": "2"}


class Fate(StrEnum):
    """How a visit ends."""

    NO_SHOW = "no_show"
    CANCELLED_LATE = "cancelled_late"
    CANCELLED_EARLY = "cancelled_early"
    MOVED = "moved"
    CANCELLED_BY_SALON = "cancelled_by_salon"
    UNMARKED = "unmarked"
    ARRIVED = "arrived"


# Out of a hundred visits; the first column is before the reminders of v14, the second with them.
_FATES = {
    Fate.NO_SHOW: (11.5, 7.0),
    Fate.CANCELLED_LATE: (3.5, 3.0),
    Fate.CANCELLED_EARLY: (4.0, 5.0),
    Fate.MOVED: (7.0, 8.0),
    Fate.CANCELLED_BY_SALON: (0.8, 0.8),
    Fate.UNMARKED: (1.8, 1.2),
    Fate.ARRIVED: (71.4, 75.0),
}
_MOVES_MAX = 1
_REMINDED_SHARE = {"v13": 0.55, "v14": 0.97}
_ANSWERS_SHARE = 0.62
_IGNORED_SHARE = {"v13": 0.35, "v14": 0.15}
_FAILED_SHARE = 0.03


def follow_all(scenes: list[Scene], dice: random.Random, shift: float) -> None:
    """Tell the way of a day's bookings to their ends.

    Their points stand at even distances, turned from day to day by `shift`, so that shares hold over weeks.
    """
    booked = [(scene, tape, booking) for scene in scenes for tape, booking in scene.bookings]
    places = list(range(len(booked)))
    dice.shuffle(places)
    for place, (scene, tape, booking) in zip(places, booked, strict=True):
        _way(scene, tape, booking, tape.at, (place + shift) / len(booked), moves=0)


def _way(scene: Scene, tape: Tape, booking: Booking, since: datetime, point: float, *, moves: int) -> None:
    fate = _fate(scene, booking, point)
    start = booking.slot.start
    notice = (start - since) / timedelta(hours=1)
    if notice < 5 and fate in (Fate.MOVED, Fate.CANCELLED_EARLY, Fate.CANCELLED_LATE, Fate.CANCELLED_BY_SALON):
        fate = Fate.ARRIVED
    if fate is Fate.CANCELLED_EARLY and notice < 30:
        fate = Fate.CANCELLED_LATE
    if fate is Fate.MOVED and moves >= _MOVES_MAX:
        fate = Fate.ARRIVED
    changed_at = _change_moment(scene, since, start, fate)
    reminder_id = _remind(scene, tape, booking, since, fate, changed_at)
    match fate:
        case Fate.MOVED:
            _move(scene, tape, booking, changed_at, moves, reminder_id)
        case Fate.CANCELLED_EARLY | Fate.CANCELLED_LATE:
            _cancel(scene, tape, booking, changed_at, reminder_id)
        case Fate.CANCELLED_BY_SALON:
            _cancel_by_salon(scene, tape, booking, changed_at)
        case Fate.ARRIVED:
            _arrive(scene, tape, booking, since)
        case Fate.NO_SHOW:
            _miss(scene, tape, booking)
        case Fate.UNMARKED:
            pass


def _fate(scene: Scene, booking: Booking, point: float) -> Fate:
    column = 0 if scene.world.version(booking.slot.start) == "v13" else 1
    reached = 0.0
    for fate, shares in _FATES.items():
        reached += shares[column]
        if point * 100 < reached:
            return fate
    return Fate.ARRIVED


def _change_moment(scene: Scene, since: datetime, start: datetime, fate: Fate) -> datetime:
    """When the client or the salon lets the visit go: late is within the last day, all in decent hours."""
    hours_min, hours_max = {Fate.CANCELLED_LATE: (2.5, 20), Fate.CANCELLED_BY_SALON: (3, 26)}.get(fate, (25, 70))
    latest = start - timedelta(hours=hours_min)
    wanted = start - timedelta(hours=scene.dice.uniform(hours_min, hours_max))
    decent = max(wanted, moment(wanted.date(), time(9, 20)))
    return min(max(decent, since + timedelta(minutes=40)), max(latest, since + timedelta(minutes=30)))


def _session(scene: Scene, tape: Tape, at: datetime, *, own: bool = False) -> Tape:
    """The booking's own session while it is fresh, else (or when the client comes by herself) a new one."""
    begun = datetime.fromisoformat(
        next(f.event["timestamp"] for f in scene.story.facts if f.event.get("session_id") == tape.session_id)
    )
    if not own and at - begun < timedelta(days=SESSION_DAYS_MAX) and tape.at <= at:
        tape.at = at
        return tape
    fresh = scene.session(tape.client, at)
    fresh.branch = tape.branch
    return fresh


def _remind(scene: Scene, tape: Tape, booking: Booking, since: datetime, fate: Fate, changed_at: datetime) -> str:
    """Plan and send what is due before the visit, as long as it stands; the id of the last that was sent."""
    sent = ""
    if tape.client.channel in ("phone", "avito"):
        return sent
    version = scene.world.version(since)
    plans: list[tuple[datetime, tuple[str, ...]]] = [
        (booking.slot.start - timedelta(hours=24), salon_words.REMINDER_DAY)
    ]
    if version == "v14":
        soon = max(booking.slot.start - timedelta(hours=2), moment(booking.slot.start.date(), QUIET_UNTIL))
        plans.append((soon, salon_words.REMINDER_HOURS))
    standing_until = booking.slot.start if fate in (Fate.ARRIVED, Fate.NO_SHOW, Fate.UNMARKED) else changed_at
    for due, words in plans:
        if due <= since + timedelta(hours=1):
            continue
        planned = max(since, tape.at) + timedelta(seconds=1) if due > tape.at else since
        tape.tell(
            "reminder_planned",
            planned,
            appointment={"id": booking.id},
            until=due.isoformat(),
            state="plan",
            version=REMINDER_VERSIONS[version],
        )
        if due >= standing_until:
            continue
        if words is salon_words.REMINDER_DAY and scene.dice.random() >= _REMINDED_SHARE[scene.world.version(due)]:
            continue
        sent = _send_reminder(scene, tape, booking, due, words, fate) or sent
    return sent


def _send_reminder(
    scene: Scene, tape: Tape, booking: Booking, due: datetime, words: tuple[str, ...], fate: Fate
) -> str:
    talk = _session(scene, tape, due + timedelta(seconds=scene.dice.uniform(1, 40)))
    text = say(scene.dice, words, **scene.facts(talk.at, booking))
    failed = scene.dice.random() < _FAILED_SHARE
    message_id = talk.message_id()
    talk.tell(
        "reminder_sent",
        talk.at,
        message_id=message_id,
        appointment={"id": booking.id},
        state="failed" if failed else "sent",
        message=text,
    )
    if failed:
        talk.tell(
            "message_delivery",
            talk.at + timedelta(seconds=2),
            of_message_id=message_id,
            state="failed",
            reason="клиент закрыл переписку",
        )
        return ""
    talk.tell("message_delivery", talk.at + timedelta(seconds=2), of_message_id=message_id, state="delivered")
    if words is salon_words.REMINDER_HOURS or scene.dice.random() >= _ANSWERS_SHARE:
        return message_id
    if fate in (Fate.ARRIVED, Fate.UNMARKED):
        _confirm(scene, talk, booking, message_id)
    elif fate is Fate.NO_SHOW and scene.dice.random() < _IGNORED_SHARE[scene.world.version(due)]:
        _ignored(scene, talk, booking, message_id)
    return message_id


def _reply(scene: Scene, talk: Tape, booking: Booking, message_id: str, words: tuple[str, ...], result: str) -> None:
    talk.tell(
        "reminder_replied",
        talk.at,
        message_id=talk.message_id(),
        reply_to=message_id,
        appointment={"id": booking.id},
        result=result,
        message=say(scene.dice, words, **scene.facts(talk.at, booking)),
    )


def _read_later(scene: Scene, talk: Tape) -> None:
    """A reminder is read after some minutes, at times after hours."""
    talk.at += timedelta(minutes=min(scene.dice.lognormvariate(2.2, 1.1) + 1, 200))


def _confirm(scene: Scene, talk: Tape, booking: Booking, message_id: str) -> None:
    _read_later(scene, talk)
    _reply(scene, talk, booking, message_id, visit_words.CONFIRMS_REMINDER, "confirm")
    talk.pause(1, 3)
    talk.tell("appointment_confirmed", talk.at, by="client", appointment={"id": booking.id})
    if scene.dice.random() < 0.5:
        talk.answer(say(scene.dice, salon_words.CONFIRM_THANKS, **scene.facts(talk.at, booking)), short=True)


def _ignored(scene: Scene, talk: Tape, booking: Booking, message_id: str) -> None:
    """A question after the reminder, and nobody answers before the visit is missed (F49)."""
    _read_later(scene, talk)
    _reply(scene, talk, booking, message_id, visit_words.ASKS_REMINDER, "question")
    talk.at += timedelta(minutes=scene.dice.uniform(25, 90))
    if talk.at >= booking.slot.start:
        return
    talk.hear(say(scene.dice, client_words.AM_I_BOOKED[3:]))
    talk.at = next_opening(booking.slot.start + timedelta(hours=scene.dice.uniform(1, 3)))
    person = scene.dice.choice(MANAGERS)
    talk.person_says(
        say(scene.dice, salon_words.PERSON_SORRY, **scene.facts(talk.at), person=person.split()[0]), person
    )


def _move(scene: Scene, tape: Tape, booking: Booking, at: datetime, moves: int, reminder_id: str) -> None:
    """The client asks for another time and gets it; the chain goes on with the new slot."""
    free = scene.calendar.options(scene.lead.service.kind, max(at + timedelta(hours=3), booking.slot.start), 6)
    if not free:
        _cancel(scene, tape, booking, at, reminder_id)
        return
    talk = _turn_down(scene, tape, booking, at, reminder_id, Fate.MOVED)
    talk.understand("move_appointment", scene.confidence(), STEP_VISIT)
    slot = scene.dice.choice(free)
    scene.calendar.take(slot)
    moved = Booking(f"{booking.id}m", slot, booking.service, booking.deal_id)
    talk.use(TOOL_MOVE, record=booking.id, staff_id=slot.staff_id, slot=slot.start.isoformat(), status=200)
    talk.branch = moved.master.branch
    talk.pause(0.2, 0.5)
    talk.tell("appointment_moved", talk.at, by="client", appointment=moved.public(booking.id))
    talk.answer(say(scene.dice, salon_words.MOVED, **scene.facts(talk.at, moved)), short=True)
    if scene.dice.random() < 0.7:
        talk.think()
        talk.hear(say(scene.dice, parting_words.GOODBYES), closing=True)
    talk.finish()
    _way(scene, talk, moved, talk.at, scene.dice.random(), moves=moves + 1)


def _turn_down(scene: Scene, tape: Tape, booking: Booking, at: datetime, reminder_id: str, fate: Fate) -> Tape:
    """The client asks to move or to cancel: in answer to the reminder, or by herself in a new session."""
    moves = fate is Fate.MOVED
    if reminder_id and scene.dice.random() < _ANSWERS_SHARE:
        talk = _session(scene, tape, at)
        answers = visit_words.MOVES_REMINDER if moves else visit_words.CANCELS_REMINDER
        _reply(scene, talk, booking, reminder_id, answers, "move" if moves else "cancel")
        return talk
    talk = _session(scene, tape, at, own=True)
    asks = visit_words.MOVES if moves else visit_words.CANCELS
    talk.hear(say(scene.dice, asks, **_client(scene, talk, booking)), first=True)
    return talk


def _cancel(scene: Scene, tape: Tape, booking: Booking, at: datetime, reminder_id: str) -> None:
    talk = _turn_down(scene, tape, booking, at, reminder_id, Fate.CANCELLED_LATE)
    talk.understand("cancel_appointment", scene.confidence(), STEP_VISIT)
    talk.use(TOOL_CANCEL, record=booking.id, status=204)
    talk.pause(0.2, 0.5)
    talk.tell(
        "appointment_cancelled",
        talk.at,
        by="client",
        appointment={"id": booking.id},
        reason=scene.dice.choice(("заболела", "планы поменялись", "работа", "уезжаю")),
    )
    talk.answer(say(scene.dice, salon_words.CANCELLED, **scene.facts(talk.at, booking)), short=True)
    talk.finish()


def _cancel_by_salon(scene: Scene, tape: Tape, booking: Booking, at: datetime) -> None:
    talk = _session(scene, tape, at)
    person = scene.dice.choice(MANAGERS)
    talk.tell(
        "appointment_cancelled",
        talk.at,
        by="business",
        person=person,
        appointment={"id": booking.id},
        reason="мастер заболел",
    )
    talk.person_says(say(scene.dice, salon_words.SALON_CANCELS, **scene.facts(talk.at, booking)), person)


def _arrive(scene: Scene, tape: Tape, booking: Booking, since: datetime) -> None:
    start = booking.slot.start
    chance = scene.dice.random()
    if chance < 0.06 and tape.client.channel != "phone":
        _own_question(
            scene, tape, booking, max(since + timedelta(hours=2), start - timedelta(hours=scene.dice.uniform(5, 9)))
        )
    elif chance < 0.11 and tape.client.channel != "phone":
        _late(scene, tape, booking)
    late_minutes = scene.dice.uniform(-9, 6)
    tape.tell(
        "arrived",
        start + timedelta(minutes=late_minutes),
        by="business",
        person=scene.dice.choice(MANAGERS),
        appointment={"id": booking.id},
    )
    extra = scene.dice.choice((0, 0, 0, 0, 200, 300, 500))
    tape.tell(
        "payment",
        booking.end + timedelta(minutes=scene.dice.uniform(0, 12)),
        amount=booking.service.price + extra,
        appointment={"id": booking.id},
    )


def _own_question(scene: Scene, tape: Tape, booking: Booking, at: datetime) -> None:
    if at >= booking.slot.start - timedelta(hours=1):
        return
    talk = _session(scene, tape, at, own=True)
    talk.hear(say(scene.dice, visit_words.ASKS_OWN_BOOKING, **_client(scene, talk, booking)), first=True)
    talk.understand("visit_status", scene.confidence(), STEP_VISIT)
    talk.answer(say(scene.dice, salon_words.OWN_BOOKING, **scene.facts(talk.at, booking)), short=True)
    talk.finish()


def _late(scene: Scene, tape: Tape, booking: Booking) -> None:
    talk = _session(scene, tape, booking.slot.start - timedelta(minutes=scene.dice.uniform(8, 35)), own=True)
    facts = _client(scene, talk, booking) | {"minutes": scene.dice.choice((5, 10, 15, 15, 20))}
    talk.hear(say(scene.dice, visit_words.LATE, **facts))
    talk.understand("late_to_existing", scene.confidence(), STEP_VISIT)
    talk.answer(say(scene.dice, salon_words.LATE_OK, **scene.facts(talk.at, booking)), short=True)
    talk.finish()


def _miss(scene: Scene, tape: Tape, booking: Booking) -> None:
    at = booking.slot.start + timedelta(minutes=scene.dice.uniform(30, 70))
    tape.tell("no_show", at, by="business", person=scene.dice.choice(MANAGERS), appointment={"id": booking.id})
    if tape.client.channel == "phone" or scene.dice.random() < 0.5:
        return
    written = at + timedelta(hours=scene.dice.uniform(1, 4))
    if not is_open(written):
        written = moment(at.date() + timedelta(days=1), time(11)) + timedelta(minutes=scene.dice.uniform(0, 60))
    talk = _session(scene, tape, min(written, closing(written.date())))
    facts = scene.facts(talk.at, booking) | {"missed": "сегодня" if talk.at.date() == at.date() else "вчера"}
    talk.tell(
        "message_out",
        talk.at,
        message_id=talk.message_id(),
        role="mailing",
        message=say(scene.dice, salon_words.AFTER_NO_SHOW, **facts),
    )
    if scene.dice.random() < 0.3:
        talk.think()
        talk.hear(say(scene.dice, visit_words.EXCUSES))
        talk.at = picked_up(scene.world, talk.at, lost=False)
        talk.person_says(say(scene.dice, salon_words.AFTER_EXCUSE, **facts), scene.dice.choice(MANAGERS))


def _client(scene: Scene, talk: Tape, booking: Booking) -> dict[str, object]:
    facts = scene.client_facts()
    mine = scene.facts(talk.at, booking)
    return facts | {"from_day": mine["from_day"], "day_short": mine["day_short"]}

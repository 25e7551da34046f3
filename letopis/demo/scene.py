"""A lead on the stage: its tape, its facts in words, and the acts that all plots share (offer, choice, booking)."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from letopis.demo import client_words, parting_words, salon_words
from letopis.demo.leads import Lead
from letopis.demo.people import PEOPLE_A_DAY_MAX, Client, spelled
from letopis.demo.salon import (
    MANAGERS,
    MASTER_OF,
    MASTERS,
    SCENARIO,
    STEP_CONFIRM,
    STEP_CONTACT,
    STEP_HELLO,
    STEP_INTENT,
    STEP_OFFER,
    STEP_VISIT,
    Calendar,
    Master,
    Service,
    Slot,
    World,
    day_words,
    is_open,
    moment,
    money,
    next_opening,
)
from letopis.demo.speech import say
from letopis.demo.tape import CRM, TOOL_CATALOGUE, TOOL_CREATE, TOOL_SLOTS, Event, Story, Tape

OPTIONS_MAX = 3
NIGHT_BEFORE = 6
MORNING_BEFORE = 11
DAY_BEFORE = 17
EVENING_BEFORE = 23
# After this hour the shift's phone gets no notices: the hole that the demo's audit is to find.
DEAF_FROM = time(20)
_READ_BACK_SHARE = 0.93
CRM_OUTAGE_DAY = 86
CRM_OUTAGE_HOURS = (12, 16)


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit that stands in the journal of YCLIENTS."""

    id: str
    slot: Slot
    service: Service
    deal_id: str

    @property
    def master(self) -> Master:
        """Who will do it."""
        return MASTER_OF[self.slot.staff_id]

    @property
    def end(self) -> datetime:
        """When it will be over."""
        return self.slot.start + timedelta(minutes=self.service.minutes)

    def public(self, previous_id: str = "") -> Event:
        """The appointment as events carry it."""
        told: Event = {"id": self.id}
        if previous_id:
            told["previous_id"] = previous_id
        return told | {
            "start": self.slot.start.isoformat(),
            "end": self.end.isoformat(),
            "service": self.service.name,
            "resource": self.master.resource,
            "price": self.service.price,
        }


class Scene:
    """One lead's story while it is told."""

    def __init__(self, world: World, lead: Lead, calendar: Calendar) -> None:
        self.world = world
        self.lead = lead
        self.calendar = calendar
        self.dice = world.dice("scene", lead.at.date(), lead.number)
        self.story = Story()
        self.deal_id = f"D-{lead.at.year}-{world.index(lead.at.date()) * PEOPLE_A_DAY_MAX + lead.number:04d}"
        self.bookings: list[tuple[Tape, Booking]] = []
        self.tape = self.session(lead.client, lead.at)
        self.price_told = False
        self._records = 0

    def session(self, client: Client, at: datetime) -> Tape:
        """A new session of the person."""
        return Tape(self.world, self.dice, self.story, client, at)

    def facts(
        self, at: datetime, booking: Booking | None = None, options: list[Slot] | None = None
    ) -> dict[str, object]:
        """What patterns may name at a moment."""
        service = self.lead.service
        master = booking.master if booking else self._some_master(options)
        start = booking.slot.start if booking else options[0].start if options else None
        day = day_words(start.date(), at.date()) if start else ""
        slots = slots_words(options or [], at)
        return {
            "hello": _greeting(at),
            "name": self.lead.client.name,
            "service": service.name,
            "Service": service.name.capitalize(),
            "service_acc": service.accusative,
            "want": self.dice.choice(service.casual),
            "when": self._when(at),
            "price": money(service.price),
            "minutes": service.minutes,
            "master": master.name,
            "branch": master.branch,
            "day": day,
            "Day": day[:1].upper() + day[1:],
            "day_short": day.split(",")[0],
            "from_day": day.split(",")[0],
            "time": f"{start:%H:%M}" if start else "",
            "slots": slots,
            "Slots": slots[:1].upper() + slots[1:],
            "slots_short": f"{start:%H:%M}" if start else "",
            "late": self.dice.choice(("17", "18", "19", "шести", "семи")),
        }

    def open(self, patterns: tuple[str, ...], *, voice: bool = False) -> None:
        """The first words, the lead they make, and its way to the CRM."""
        tape, lead = self.tape, self.lead
        self.price_told = patterns is client_words.ASKS_PRICE_FIRST
        line = say(self.dice, patterns, **self.client_facts())
        at = tape.at
        tape.hear(line, first=True, voice=voice)
        first = next(fact.event for fact in self.story.facts if fact.event["event"] == "message_in")
        first["name"] = lead.client.shown
        fields: Event = {"name": lead.client.shown}
        if lead.campaign:
            first["campaign"] = fields["campaign"] = lead.campaign
        if lead.client.channel in ("whatsapp", "phone"):
            fields["phone"] = lead.client.phone
        if not lead.returning:
            tape.tell("new_lead", at + timedelta(milliseconds=40), **fields)
        if not tape.person:
            tape.tell(
                "step_entered",
                tape.at + timedelta(milliseconds=60),
                scenario=SCENARIO,
                version=tape.version,
                step=STEP_HELLO,
            )

    def client_facts(self) -> dict[str, object]:
        """What the client's patterns may name; her hello follows the hour and her taste."""
        facts = self.facts(self.tape.at)
        master = self._some_master(None)
        hello = self.dice.choice(_hellos(self.tape.at))
        names = {
            "hello": hello,
            "master": self.dice.choice((master.dative, master.short_dative)),
            "master_name": self.dice.choice((master.name, master.short)),
            "master_name_gen": master.genitive,
            "master_acc": master.accusative,
        }
        return facts | names

    def look_for_times(self, *, limit: int = OPTIONS_MAX, skip: int = 0) -> list[Slot]:
        """The free times near the day wanted, asked of YCLIENTS."""
        after = max(self.tape.at + timedelta(minutes=50), moment(self.lead.wanted, time()))
        found = self.calendar.options(self.lead.service.kind, after, limit + skip)[skip:]
        if not found:
            found = self.calendar.options(self.lead.service.kind, self.tape.at + timedelta(minutes=50), limit)
        self.tape.use(TOOL_SLOTS, service=self.lead.service.name, day=self.lead.wanted.isoformat(), found=len(found))
        if found and not self.tape.branch:
            self.tape.branch = MASTER_OF[found[0].staff_id].branch
        return found

    def offer(self) -> list[Slot]:
        """Understand, look, offer times; who opened with the price hears it."""
        self.tape.understand("ask_price" if self.price_told else "book_appointment", self.confidence(), STEP_INTENT)
        if self.price_told:
            self.tape.use(TOOL_CATALOGUE, service=self.lead.service.name, price=self.lead.service.price)
        options = self.look_for_times()
        if not self.tape.person:
            self.tape.enter(STEP_OFFER)
        words = salon_words.PRICE if self.price_told else salon_words.OFFERS
        self.speak(words if options else salon_words.POLITE_END, options=options)
        return options

    def speak(
        self,
        patterns: tuple[str, ...],
        *,
        booking: Booking | None = None,
        options: list[Slot] | None = None,
        short: bool = False,
    ) -> None:
        """The assistant's next line."""
        self.tape.answer(say(self.dice, patterns, **self.facts(self.tape.at, booking, options)), short=short)

    def reply(self, patterns: tuple[str, ...], *, slot: Slot | None = None, closing: bool = False) -> None:
        """The client's next line, after a while."""
        self.tape.think()
        facts = self.client_facts()
        if slot:
            facts |= {
                "time": time_typed(self.dice, slot.start),
                "day_short": day_words(slot.start.date(), self.tape.at.date()).split(",")[0],
            }
        self.tape.hear(say(self.dice, patterns, **facts), closing=closing)

    def choose(self, options: list[Slot]) -> Slot:
        """The client picks one of the times; in v14 by a button."""
        slot = self.dice.choice(options)
        self.calendar.take(slot)
        if self.tape.version == "v14" and not self.tape.person and self.dice.random() < 0.7:
            self.tape.think()
            day = day_words(slot.start.date(), self.tape.at.date()).split(",")[0]
            self.tape.hear(
                client_words.BUTTON_TIME.format(day_short=day.capitalize(), time=f"{slot.start:%H:%M}"), button=True
            )
        else:
            self.reply(client_words.PICKS_TIME, slot=slot)
        self.tape.branch = MASTER_OF[slot.staff_id].branch
        self.tape.understand("choose_time", self.confidence(), STEP_CONFIRM)
        return slot

    def needs_contact(self) -> bool:
        """WhatsApp and the phone bring the number; v14 takes it from the messenger's profile."""
        return self.lead.client.channel not in ("whatsapp", "phone") and (
            self.tape.version == "v13" or self.lead.client.channel == "avito"
        )

    def ask_contact(self, slot: Slot) -> None:
        """The question for name and phone."""
        if not self.tape.person:
            self.tape.enter(STEP_CONTACT)
        self.speak(salon_words.ASKS_CONTACT, options=[slot], short=True)

    def give_contact(self) -> None:
        """The client's name and phone; later events carry it."""
        self.tape.think()
        phone = spelled(self.dice, self.lead.client.phone)
        self.tape.hear(say(self.dice, client_words.GIVES_PHONE, phone=phone, name=self.lead.client.name))
        self.story.facts[-1].event["phone"] = self.lead.client.phone

    def book(self, slot: Slot, *, person: str = "") -> Booking:
        """The record in YCLIENTS and the appointment that follows."""
        self._records += 1
        booking = Booking(
            f"rec_{self.deal_id[2:].replace('-', '')}{self._records}", slot, self.lead.service, self.deal_id
        )
        if not person:
            self.tape.use(TOOL_CREATE, staff_id=slot.staff_id, slot=slot.start.isoformat(), status=201)
        self.tape.pause(0.2, 0.6)
        fields: Event = {
            "appointment": booking.public(),
            "crm": {"provider": CRM, "deal_id": self.deal_id},
            "by": "client",
        }
        fields |= (
            {"person": person} if person else {"intent": "book_appointment", "intent_confidence": self.confidence()}
        )
        self.tape.tell(
            "appointment_created", self.tape.at, phone=self.lead.client.phone, name=self.lead.client.shown, **fields
        )
        if not person and not self.tape.person:
            self.tape.enter(STEP_VISIT)
        self.bookings.append((self.tape, booking))
        if self.dice.random() < _READ_BACK_SHARE:
            read_at = self.tape.at + timedelta(seconds=self.dice.uniform(4, 70))
            self.tape.tell(
                "record_readback",
                read_at,
                what="appointment",
                state="created",
                result="ok",
                appointment={"id": booking.id, "start": slot.start.isoformat(), "resource": booking.master.resource},
            )
        return booking

    def thank(self, *, after_question: bool = False) -> None:
        """Most say thanks; it asks for no answer."""
        if self.dice.random() < 0.8:
            self.reply(parting_words.THANKS if after_question else parting_words.GOODBYES, closing=True)

    def call_person(self, reason: str, *, notice: bool = True, lost: bool = False) -> str:
        """Hand over and wait until one of the staff takes it; returns who."""
        tape = self.tape
        tape.hand_over(reason, say(self.dice, salon_words.HANDS_OVER) if notice else "")
        tape.at = picked_up(self.world, tape.at, lost=lost)
        person = self.dice.choices(MANAGERS, (6, 3, 2))[0]
        tape.take(person)
        tape.pause(15, 120)
        return person

    def person_says(self, patterns: tuple[str, ...], person: str, options: list[Slot] | None = None) -> None:
        """A line of the staff."""
        self.tape.person_says(
            say(self.dice, patterns, **self.facts(self.tape.at, None, options), person=person.split()[0]), person
        )

    def send_to_crm(self) -> None:
        """The deal goes to Bitrix24: mostly at once, sometimes late, seldom refused for an empty field."""
        at = self.lead.at + timedelta(seconds=self.dice.uniform(2, 6))
        outage = self.world.index(at.date()) == CRM_OUTAGE_DAY and CRM_OUTAGE_HOURS[0] <= at.hour < CRM_OUTAGE_HOURS[1]
        chance = 0.93 if outage else self.dice.random()
        if chance < 0.925:
            self._deliver(at, 1)
        elif chance < 0.975:
            self._deliver(at, 1, "503 QUERY_LIMIT_EXCEEDED: Битрикс24 занят")
            later = moment(at.date(), time(CRM_OUTAGE_HOURS[1])) if outage else at
            self._deliver(later + timedelta(seconds=self.dice.uniform(60, 900)), 2)
        else:
            refusal = "400 ERROR_REQUIRED_FIELD: не заполнено поле «Услуга»"
            for attempt, minutes in enumerate((0, 5, 20), start=1):
                self._deliver(at + timedelta(minutes=minutes), attempt, refusal)
            if chance < 0.991:
                filled = next_opening(at + timedelta(minutes=self.dice.uniform(40, 400)))
                self._deliver(filled, 4)

    def confidence(self) -> float:
        """How sure the model is of an intent it acts upon."""
        return round(min(0.99, self.dice.betavariate(18, 2.2)), 2)

    def _deliver(self, at: datetime, attempt: int, refusal: str = "") -> None:
        outcome: Event = {"result": "error", "reason": refusal, "level": "WARN"} if refusal else {"result": "ok"}
        self.tape.tell(
            "crm_delivery",
            at,
            what="deal",
            version="3",
            attempt=attempt,
            latency_ms=self.dice.randrange(180, 900),
            crm={"provider": CRM, "deal_id": self.deal_id},
            **outcome,
        )

    def _some_master(self, options: list[Slot] | None) -> Master:
        if options:
            return MASTER_OF[options[0].staff_id]
        return self.dice.choice([master for master in MASTERS if master.kind == self.lead.service.kind])

    def _when(self, at: datetime) -> str:
        day = day_words(self.lead.wanted, at.date()).split(",")[0]
        part = self.dice.choice(
            ("", "", "", "вечером", "утром", "после обеда", "после работы", "днём", "часа в три", "к шести")
        )
        if (self.lead.wanted - at.date()).days > 2 and self.dice.random() < 0.25:
            day = self.dice.choice(
                (f"{self.lead.wanted.day} числа", "на неделе", "в ближайшие дни", "на этой или следующей неделе")
            )
        return f"{day} {part}".strip()


def picked_up(world: World, at: datetime, *, lost: bool) -> datetime:
    """When one of the staff comes to an escalation: minutes by day, next morning for those that nobody heard."""
    dice = world.dice("pick", at.isoformat())
    usual = 19.0 if world.version(at) == "v13" else 11.0
    minutes = min(dice.lognormvariate(0, 0.75) * usual, 170)
    if lost or (at.timetz().replace(tzinfo=None) >= DEAF_FROM and dice.random() < 0.5):
        tomorrow = moment(at.date() + timedelta(days=1), time(10))
        return tomorrow + timedelta(minutes=dice.uniform(4, 55))
    soon = at + timedelta(minutes=minutes)
    return soon if is_open(soon) else next_opening(soon) + timedelta(minutes=dice.uniform(3, 40))


def slots_words(options: list[Slot], said_at: datetime) -> str:
    """Free times by day: «завтра, 19 ноября, в 13:30, 15:00 и 17:45»."""
    parts = []
    for day, slots in groupby(sorted(options), key=lambda slot: slot.start.date()):
        times = [f"{slot.start:%H:%M}" for slot in slots]
        listed = " и ".join(filter(None, (", ".join(times[:-1]), times[-1])))
        parts.append(f"{day_words(day, said_at.date())}, в {listed}")
    return "; ".join(parts) or "на эти дни всё занято"


def time_typed(dice: random.Random, start: datetime) -> str:
    """A time as fingers type it: 15:00, 15.00, 15-00, 15."""
    forms = [f"{start:%H:%M}", f"{start:%H:%M}", f"{start:%H.%M}", f"{start:%H-%M}"]
    return dice.choice([*forms, f"{start.hour}", f"{start.hour}"] if start.minute == 0 else forms)


def _hellos(at: datetime) -> tuple[str, ...]:
    if at.hour < NIGHT_BEFORE or at.hour >= EVENING_BEFORE:
        return client_words.HELLO_NIGHT
    if at.hour < MORNING_BEFORE:
        return client_words.HELLO_MORNING
    return client_words.HELLO_DAY if at.hour < DAY_BEFORE else client_words.HELLO_EVENING


def _greeting(at: datetime) -> str:
    if at.hour < NIGHT_BEFORE or at.hour >= EVENING_BEFORE:
        return "Здравствуйте"
    if at.hour < MORNING_BEFORE:
        return "Доброе утро"
    return "Добрый день" if at.hour < DAY_BEFORE else "Добрый вечер"

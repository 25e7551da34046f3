"""Marina K., to the second: her slot was taken four seconds before the booking, and nobody told her."""

from datetime import datetime, time, timedelta

from letopis.demo.people import Client, client_of
from letopis.demo.salon import (
    LITE,
    MANAGERS,
    MANICURE,
    MASTER_OF,
    PRO,
    SCENARIO,
    STEP_CONFIRM,
    STEP_HELLO,
    STEP_OFFER,
    STEP_VISIT,
    World,
    day_words,
    moment,
    money,
)
from letopis.demo.tape import CRM, TOOL_CREATE, TOOL_SLOTS, Event, Story, Tape

SESSION_ID = "sess_8f3c21"
CLIENT_ID = "tg_12345678"
NUMBER = 27
DEAL_NUMBER = 1187
REFUSED = "400 ERROR_REQUIRED_FIELD: не заполнено поле «Услуга»"


def marina(world: World) -> Client:
    """Who she is."""
    phone = client_of(world, world.marina_day, NUMBER, "telegram", world.dice("marina")).phone
    return Client(CLIENT_ID, "telegram", "Марина", "К", phone)


def lost(world: World) -> Story:
    """The evening on which she was lost."""
    story = Story()
    tape = _Script(world, story, SESSION_ID, moment(world.marina_day, time(19, 42, 8)))
    _asks_for_tomorrow(tape)
    _slot_is_taken(tape)
    _asks_whether_booked(tape)
    _person_comes_late(tape)
    story.waits.append((tape.when("19:47:29"), tape.when("20:31:02")))
    return story


def _asks_for_tomorrow(tape: "_Script") -> None:
    wish = tape.world.marina_wish
    day = day_words(wish.start.date(), tape.world.marina_day)
    tape.says("19:42:08", "Здравствуйте! Хочу на маникюр завтра после обеда")
    tape.put("19:42:08.040", "step_entered", step=STEP_HELLO, **tape.scenario)
    tape.model("19:42:08.100", LITE, 600, 312, 14, 0.17, STEP_HELLO)
    tape.put("19:42:08.700", "intent_detected", intent="book_appointment", intent_confidence=0.92, model=LITE)
    tape.put("19:42:08.720", "step_entered", step=STEP_OFFER, **tape.scenario)
    tape.put(
        "19:42:08.750",
        "tool_call",
        tool=TOOL_SLOTS,
        latency_ms=300,
        result="ok",
        step=STEP_OFFER,
        **tape.scenario,
        attributes={"service": MANICURE.name, "day": wish.start.date().isoformat(), "found": 3},
    )
    tape.model("19:42:09.060", PRO, 900, 941, 92, 0.62, STEP_OFFER)
    tape.answers(
        "19:42:10", f"Добрый день! {day.capitalize()}, есть 13:30, 15:00 и 17:45. Какое время удобнее?", STEP_OFFER
    )


def _slot_is_taken(tape: "_Script") -> None:
    """The record is refused, and the scenario ends its turn without a word."""
    wish = tape.world.marina_wish
    tape.says("19:47:29", "15:00 подойдёт")
    tape.put("19:47:29.050", "step_entered", step=STEP_CONFIRM, **tape.scenario)
    tape.model("19:47:29.400", LITE, 500, 1404, 146, 0.31, STEP_CONFIRM)
    tape.put(
        "19:47:29.900",
        "tool_call",
        tool=TOOL_CREATE,
        latency_ms=1100,
        result="error",
        level="ERROR",
        reason="409 Conflict: slot_taken",
        attempt=1,
        step=STEP_CONFIRM,
        **tape.scenario,
        attributes={
            "request": "POST /records",
            "status": 409,
            "key": "rec_8f3c21_15",
            "staff_id": wish.staff_id,
            "slot": f"{wish.start:%Y-%m-%dT%H:%M}",
            "error": "slot_taken",
            "taken_at": "19:47:27",
        },
    )
    tape.put(
        "19:47:31",
        "error",
        level="ERROR",
        tool=TOOL_CREATE,
        result="no_branch",
        step=STEP_CONFIRM,
        **tape.scenario,
        reason="Нет ветки для ответа 409: сценарий завершил ход без сообщения",
    )


def _asks_whether_booked(tape: "_Script") -> None:
    """The assistant hands over; meanwhile the CRM refuses the deal twice."""
    tape.says("19:49:34", "Так я записана?")
    tape.model("19:49:34.300", LITE, 400, 982, 68, 0.21, STEP_CONFIRM)
    tape.put(
        "19:49:34.700",
        "intent_detected",
        intent="unknown",
        intent_confidence=0.41,
        level="WARN",
        model=LITE,
        attributes={"threshold": "0.60"},
    )
    tape.put(
        "19:49:34.800", "escalation", level="WARN", reason="не уверен в намерении", step=STEP_CONFIRM, **tape.scenario
    )
    tape.crm("19:49:35", 1, REFUSED)
    tape.answers("19:49:36", "Секунду, уточню у администратора", STEP_CONFIRM)
    tape.crm("19:50:05", 2, REFUSED)
    tape.crm("20:25:17", 3)


def _person_comes_late(tape: "_Script") -> None:
    person = MANAGERS[0]
    tape.put("20:25:41", "escalation_taken", person=person)
    tape.message(
        "20:31:02",
        "message_out",
        "Марина, простите за ожидание! На 15:00 уже занято, есть 16:15. Записать вас?",
        role="human",
        person=person,
    )
    tape.says("20:33:40", "Спасибо, уже записалась в другое место")
    tape.put("20:33:40.500", "refusal", reason="elsewhere")
    tape.put("20:35:12", "escalation_closed", person=person, result="lost")


def first_visit(world: World) -> Story:
    """Two months earlier: written, booked, came, paid."""
    story = Story()
    visit = world.marina_visit
    day = visit.start.date() - timedelta(days=1)
    master = MASTER_OF[visit.staff_id]
    tape = _Script(world, story, "sess_41d0a7", moment(day, time(13, 5, 22)))
    start, end = visit.start, visit.start + timedelta(minutes=MANICURE.minutes)
    words = day_words(start.date(), day)

    tape.says("13:05:22", "Добрый день! Запишите на маникюр с покрытием на завтра")
    tape.put("13:05:22.060", "new_lead", name=tape.client.shown)
    tape.model("13:05:22.200", LITE, 540, 298, 13, 0.16, STEP_HELLO)
    tape.put("13:05:22.760", "intent_detected", intent="book_appointment", intent_confidence=0.95, model=LITE)
    tape.put("13:05:22.780", "step_entered", step=STEP_OFFER, **tape.scenario)
    tape.model("13:05:22.800", PRO, 980, 870, 70, 0.56, STEP_OFFER)
    tape.answers(
        "13:05:24",
        f"Добрый день! {words.capitalize()}, есть 12:30. Записать вас? Если да, напишите номер телефона",
        STEP_OFFER,
    )
    tape.message("13:07:51", "message_in", "Да, 8" + tape.client.phone[2:], role="client", phone=tape.client.phone)
    tape.put("13:07:52", "tool_call", tool=TOOL_CREATE, latency_ms=640, result="ok", step=STEP_CONFIRM, **tape.scenario)
    appointment = {
        "id": "rec_41d0a7_1",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "service": MANICURE.name,
        "resource": master.resource,
        "price": MANICURE.price,
    }
    tape.put(
        "13:07:53",
        "appointment_created",
        by="client",
        appointment=appointment,
        intent="book_appointment",
        intent_confidence=0.97,
        crm=tape.deal(DEAL_NUMBER - 2),
    )
    price = money(MANICURE.price)
    tape.answers(
        "13:07:54",
        f"Записала: {words} в 12:30, мастер {master.name}, {master.branch}. Стоимость {price}. Ждём вас!",
        STEP_VISIT,
    )
    tape.says("13:08:30", "Спасибо!")
    tape.tell(
        "arrived",
        start - timedelta(minutes=4),
        by="business",
        person=MANAGERS[0],
        appointment={"id": appointment["id"]},
    )
    tape.tell("payment", end + timedelta(minutes=3), amount=MANICURE.price, appointment={"id": appointment["id"]})
    return story


class _Script(Tape):
    """A tape whose every line has its own written time."""

    def __init__(self, world: World, story: Story, session_id: str, at: datetime) -> None:
        super().__init__(world, world.dice("marina", session_id), story, marina(world), at)
        self.session_id = session_id
        self.branch = MASTER_OF[world.marina_wish.staff_id].branch
        self.scenario: Event = {"scenario": SCENARIO, "version": self.version}

    def when(self, clock: str) -> datetime:
        """A written time on the day of the script."""
        return moment(self.at.date(), time.fromisoformat(clock))

    def put(self, clock: str, event: str, **fields: object) -> None:
        """One event at its written time."""
        self.tell(event, self.when(clock), **fields)

    def message(self, clock: str, event: str, line: str, **fields: object) -> None:
        """One message, either way."""
        self.put(clock, event, message_id=self.message_id(), message=line, **fields)

    def says(self, clock: str, line: str) -> None:
        """Marina writes."""
        self.message(clock, "message_in", line, role="client", content_type="text", name=self.client.shown)

    def answers(self, clock: str, line: str, step: str) -> None:
        """The assistant answers."""
        self.message(clock, "message_out", line, role="assistant", step=step, **self.scenario)

    def model(
        self, clock: str, model: str, latency_ms: int, tokens_in: int, tokens_out: int, cost: float, step: str
    ) -> None:
        """One call of the model."""
        self.put(
            clock,
            "model_call",
            model=model,
            latency_ms=latency_ms,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=cost,
            result="ok",
            step=step,
            **self.scenario,
        )

    def crm(self, clock: str, attempt: int, refusal: str = "") -> None:
        """One delivery to the CRM."""
        outcome: Event = {"result": "error", "reason": refusal, "level": "WARN"} if refusal else {"result": "ok"}
        self.put(
            clock,
            "crm_delivery",
            what="deal",
            version="3",
            attempt=attempt,
            latency_ms=410,
            crm=self.deal(DEAL_NUMBER),
            **outcome,
        )

    def deal(self, number: int) -> dict[str, str]:
        """A deal of the CRM by its number."""
        return {"provider": CRM, "deal_id": f"D-{self.at.year}-{number}"}

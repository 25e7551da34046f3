"""The ways a dialogue goes, one function a plot; template errors of the demo are plots too.

To add one: a member of `leads.Plot` with its share, and a function here that ends with nobody waiting.
"""

from collections.abc import Callable
from datetime import time, timedelta

from letopis.demo import client_words, parting_words, question_words, salon_words, visit_words
from letopis.demo.leads import Plot
from letopis.demo.salon import (
    MANAGERS,
    PRO,
    STEP_CONFIRM,
    STEP_CONTACT,
    STEP_HELLO,
    STEP_MASTER,
    STEP_OFFER,
    Slot,
    is_open,
    moment,
)
from letopis.demo.scene import OPTIONS_MAX, Booking, Scene, picked_up
from letopis.demo.speech import say
from letopis.demo.tape import TOOL_CATALOGUE, TOOL_CREATE

PERSON_ANSWERS_SHARE = {"telegram": 0.0, "whatsapp": 0.04, "vk": 0.12, "avito": 0.45, "phone": 1.0}
_PRICE_FIRST_SHARE = 0.22
_ASKS_PRICE_SHARE = 0.2
_ASKS_MASTER_SHARE = 0.1
_ASKS_OTHER_TIME_SHARE = 0.2
_FAMILY_SHARE = 0.05
_AUTO_GREETING_SHARE = 0.5
_MODEL_FAILS_SHARE = {"v13": 0.07, "v14": 0.025}
_CALL_MISSED_SHARE = 0.22
_LINK_SHARE = 0.06
_LINK_TO = {"telegram": "whatsapp", "vk": "telegram", "avito": "telegram", "whatsapp": "telegram"}


def play(scene: Scene) -> None:
    """Tell the lead's dialogue from the first word to the last."""
    if scene.lead.client.channel == "phone":
        _call(scene)
    else:
        _answered_by(scene)
        _PLAYS[scene.lead.plot](scene)
        if scene.bookings and scene.dice.random() < _LINK_SHARE:
            _link(scene)
    if scene.lead.plot not in (Plot.QUESTION, Plot.JOB, Plot.SALES, Plot.WRONG_NUMBER):
        scene.send_to_crm()
    scene.tape.finish()


def _answered_by(scene: Scene) -> None:
    """Avito, and now and then other channels, are answered by people rather than by the assistant."""
    if (
        scene.lead.plot not in _BY_ASSISTANT_ONLY
        and scene.dice.random() < PERSON_ANSWERS_SHARE[scene.lead.client.channel]
    ):
        scene.tape.person = scene.dice.choice(MANAGERS)


def _begin(scene: Scene) -> None:
    scene.open(
        client_words.ASKS_PRICE_FIRST if scene.dice.random() < _PRICE_FIRST_SHARE else client_words.WANTS_BOOKING
    )
    if scene.tape.person and scene.dice.random() < _AUTO_GREETING_SHARE:
        scene.tape.greet(say(scene.dice, salon_words.AUTO_GREETING))
    elif not scene.tape.person and scene.dice.random() < _MODEL_FAILS_SHARE[scene.tape.version]:
        _fail(scene)


def _fail(scene: Scene) -> None:
    """The model does not answer in time and the assistant stays silent; a person sees it later."""
    tape = scene.tape
    tape.call_model(PRO, 700, 1, result="timeout")
    tape.tell("error", tape.at, level="ERROR", model=PRO, result="timeout", reason="Модель не ответила за 20 секунд")
    tape.at = picked_up(scene.world, tape.at, lost=False)
    tape.person = scene.dice.choice(MANAGERS)


def _offered(scene: Scene) -> list[Slot]:
    """Open and offer; a quarter ask the price and see it, some want other times."""
    _begin(scene)
    options = scene.offer()
    if options and not scene.price_told and scene.dice.random() < _ASKS_PRICE_SHARE:
        scene.reply(client_words.ASKS_PRICE_LATER)
        scene.tape.understand("ask_price", scene.confidence(), scene.tape.step)
        scene.tape.use(TOOL_CATALOGUE, service=scene.lead.service.name, price=scene.lead.service.price)
        scene.speak(salon_words.PRICE_SHORT, options=options)
    if options and scene.dice.random() < _ASKS_OTHER_TIME_SHARE:
        options = _other_times(scene) or options
    if options and scene.dice.random() < _ASKS_MASTER_SHARE:
        scene.reply(client_words.ASKS_MASTER)
        scene.tape.understand("ask_master", scene.confidence(), STEP_MASTER)
        scene.speak(salon_words.MASTER_KNOWN, options=options[:1])
        options = options[:1]
    return options


def _other_times(scene: Scene) -> list[Slot]:
    scene.reply(client_words.TIME_NO_GOOD)
    scene.tape.understand("other_time", scene.confidence(), STEP_OFFER)
    options = scene.look_for_times(skip=OPTIONS_MAX)
    scene.speak(salon_words.OFFERS_MORE, options=options)
    return options


def _booked(scene: Scene) -> None:
    options = _offered(scene)
    if not options:
        return
    slot = scene.choose(options)
    if scene.needs_contact():
        scene.ask_contact(slot)
        scene.give_contact()
        scene.tape.understand("give_contact", scene.confidence(), STEP_CONTACT)
    booking = scene.book(slot, person=scene.tape.person)
    scene.speak(salon_words.BOOKED, booking=booking)
    if scene.dice.random() < _FAMILY_SHARE:
        _family(scene, booking)
    scene.thank()


def _family(scene: Scene, booking: Booking) -> None:
    """A second guest: the next free time of the same day, or the nearest."""
    options = [
        slot
        for slot in scene.calendar.options(scene.lead.service.kind, booking.slot.start, 1)
        if slot.start > scene.tape.at
    ]
    if not options:
        return
    scene.reply(client_words.BOOKS_FAMILY)
    scene.tape.understand("book_appointment", scene.confidence(), STEP_CONFIRM)
    scene.calendar.take(options[0])
    second = scene.book(options[0], person=scene.tape.person)
    scene.speak(salon_words.BOOKED_FAMILY, booking=second)


def _booked_by_person(scene: Scene) -> None:
    """Something the scenario does not know; a person takes over and books."""
    odd = scene.dice.random() < 0.5
    scene.open(client_words.ODD_QUESTION if odd else client_words.WANTS_BOOKING)
    if odd:
        scene.tape.understand("unknown", round(scene.dice.uniform(0.25, 0.55), 2), STEP_HELLO)
        reason = "вопрос вне сценария"
    else:
        scene.offer()
        scene.reply(client_words.WANTS_HUMAN)
        scene.tape.understand("ask_human", scene.confidence(), scene.tape.step)
        reason = "просит человека"
    person = scene.tape.person or scene.call_person(reason)
    options = scene.look_for_times()
    if odd:
        scene.person_says(salon_words.PERSON_ANSWERS, person, options)
        scene.reply(client_words.SAYS_YES)
        scene.tape.pause(40, 400)
    scene.person_says(salon_words.PERSON_OFFERS, person, options)
    if options:
        slot = scene.dice.choice(options)
        scene.calendar.take(slot)
        scene.reply(client_words.PICKS_TIME, slot=slot)
        scene.tape.pause(30, 240)
        booking = scene.book(slot, person=person)
        scene.tape.person_says(say(scene.dice, salon_words.BOOKED, **scene.facts(scene.tape.at, booking)), person)
    if not scene.tape.person:
        scene.tape.close(person, "booked" if options else "no_time")
    scene.thank()


def _leaves(scene: Scene, words: tuple[str, ...], code: str, intent: str) -> None:
    """The client says no; she is answered kindly."""
    scene.reply(words)
    scene.tape.refuse(code)
    scene.tape.understand(intent, scene.confidence(), scene.tape.step)
    scene.speak(salon_words.POLITE_END, options=[], short=True)


def _time(scene: Scene) -> None:
    if _offered(scene) and scene.dice.random() < 0.6:
        _other_times(scene)
    _leaves(scene, parting_words.TIME_LEAVES, "time", "refuse")


def _price(scene: Scene) -> None:
    scene.open(client_words.ASKS_PRICE_FIRST)
    scene.offer()
    if scene.dice.random() < 0.35:
        scene.reply(client_words.ASKS_DISCOUNT)
        scene.tape.understand("ask_discount", scene.confidence(), STEP_HELLO)
        scene.speak(salon_words.NO_DISCOUNT)
    _leaves(scene, parting_words.TOO_DEAR, "price", "refuse")


def _vanished(scene: Scene) -> None:
    _offered(scene)


def _vanished_at_contact(scene: Scene) -> None:
    options = _offered(scene)
    if options:
        scene.ask_contact(scene.choose(options))


def _thinking(scene: Scene) -> None:
    _offered(scene)
    scene.reply(parting_words.THINKS)
    scene.tape.understand("think", scene.confidence(), scene.tape.step)
    scene.speak(salon_words.POLITE_END, options=[], short=True)


def _changed_mind(scene: Scene) -> None:
    options = _offered(scene)
    if options:
        scene.choose(options)
        scene.speak(salon_words.ASKS_CONTACT, options=options[:1], short=True)
    _leaves(scene, parting_words.CHANGED_MIND, "changed_mind", "refuse")


def _master_silence(scene: Scene) -> None:
    """After the question about the master the scenario promises to find out and stays silent (F07)."""
    tape = scene.tape
    _begin(scene)
    if tape.person:
        scene.offer()
        return
    scene.offer()
    scene.reply(client_words.ASKS_MASTER)
    tape.understand("ask_master", scene.confidence(), STEP_MASTER)
    tape.answer(say(scene.dice, salon_words.MASTER_SILENCE), short=True)
    if scene.dice.random() < 0.55:
        tape.at += timedelta(minutes=scene.dice.uniform(14, 160))
        tape.hear(say(scene.dice, client_words.AM_I_BOOKED))
    _found_too_late(scene, lost=True)


def _escalation_lost(scene: Scene) -> None:
    """The assistant promises a person, and nobody of the shift gets the notice (F42)."""
    scene.open(client_words.WANTS_BOOKING)
    scene.offer()
    scene.reply(client_words.ODD_QUESTION)
    scene.tape.understand("unknown", round(scene.dice.uniform(0.25, 0.55), 2), STEP_OFFER)
    person = scene.call_person("вопрос вне сценария", lost=True)
    _sorry(scene, person)
    scene.tape.close(person, "lost")


def _slot_taken(scene: Scene) -> None:
    """YCLIENTS answers 409, the scenario has no branch for it and says nothing (F17)."""
    _begin(scene)
    options = scene.offer()
    if scene.tape.person or not options:
        return
    tape = scene.tape
    slot = scene.choose(options)
    tape.use(
        TOOL_CREATE,
        result="error",
        reason="409 Conflict: slot_taken",
        staff_id=slot.staff_id,
        slot=slot.start.isoformat(),
        status=409,
    )
    tape.tell(
        "error",
        tape.at,
        level="ERROR",
        tool=TOOL_CREATE,
        result="no_branch",
        step=STEP_CONFIRM,
        reason="Нет ветки для ответа 409: сценарий завершил ход без сообщения",
    )
    tape.at += timedelta(minutes=scene.dice.uniform(2, 25))
    tape.hear(say(scene.dice, client_words.AM_I_BOOKED))
    tape.understand("unknown", round(scene.dice.uniform(0.3, 0.5), 2), STEP_CONFIRM)
    person = scene.call_person("не уверен в намерении", lost=scene.dice.random() < 0.4)
    _sorry(scene, person)
    tape.close(person, "lost")


def _phone_twice(scene: Scene) -> None:
    """The number is given and asked for again; the client is gone (F12)."""
    options = _offered(scene)
    if not options:
        return
    scene.ask_contact(scene.choose(options))
    scene.give_contact()
    scene.tape.understand("unknown", round(scene.dice.uniform(0.5, 0.62), 2), STEP_CONTACT)
    scene.speak(salon_words.ASKS_CONTACT_AGAIN, short=True)
    if scene.dice.random() < 0.5:
        _leaves(scene, parting_words.PHONE_WAS_GIVEN, "other", "refuse")


def _price_evaded(scene: Scene) -> None:
    """The price is asked and not given (F15)."""
    scene.open(client_words.ASKS_PRICE_FIRST)
    scene.tape.understand("ask_price", scene.confidence(), STEP_HELLO)
    scene.speak(salon_words.PRICE_EVADED)
    if scene.dice.random() < 0.6:
        scene.reply(client_words.PRICE_AGAIN)
        scene.tape.understand("ask_price", scene.confidence(), STEP_HELLO)
        scene.speak(salon_words.PRICE_EVADED)


def _question(scene: Scene) -> None:
    asks, answers = scene.dice.choice(_QUESTIONS)
    scene.open(asks)
    scene.tape.understand("ask_info", scene.confidence(), STEP_HELLO)
    scene.speak(answers)
    scene.thank(after_question=True)


def _stranger(words: tuple[str, ...], intent: str) -> Callable[[Scene], None]:
    """People who do not come as clients: the intent says so, and metrics leave them out."""

    def told(scene: Scene) -> None:
        scene.open(words)
        scene.tape.understand(intent, scene.confidence(), STEP_HELLO)
        scene.speak(salon_words.INFO_OTHER, short=True)

    return told


def _found_too_late(scene: Scene, *, lost: bool) -> None:
    """One of the staff sees the silence, by day within hours, else next morning."""
    scene.tape.at = picked_up(scene.world, scene.tape.at, lost=lost)
    _sorry(scene, scene.dice.choice(MANAGERS))


def _sorry(scene: Scene, person: str) -> None:
    """The late word of a person; most clients are gone by then, some say so."""
    options = scene.calendar.options(scene.lead.service.kind, scene.tape.at + timedelta(hours=1), 2)
    scene.person_says(salon_words.PERSON_SORRY, person, options)
    if scene.dice.random() < 0.45:
        scene.reply(parting_words.ELSEWHERE, closing=True)
        scene.tape.refuse("elsewhere")


def _call(scene: Scene) -> None:
    """The phone: a call, answered or called back; what is said is speech turned into text."""
    lead, dice, tape = scene.lead, scene.dice, scene.tape
    tape.person = dice.choice(MANAGERS)
    missed = not is_open(tape.at) or dice.random() < _CALL_MISSED_SHARE
    if missed:
        since = tape.at
        tape.tell(
            "new_lead", tape.at, phone=lead.client.phone, **({"campaign": lead.campaign} if lead.campaign else {})
        )
        tape.tell("call", tape.at, by="client", result="missed", phone=lead.client.phone)
        forgotten = dice.random() < 0.3
        tape.at = picked_up(scene.world, tape.at, lost=forgotten)
        scene.story.waits.append((since, tape.at))
        reached = not forgotten or dice.random() < 0.4
        talk_until = tape.at + timedelta(seconds=dice.randrange(70, 280) if reached else 20)
        tape.tell(
            "call",
            tape.at,
            by="business",
            result="answered" if reached else "missed",
            phone=lead.client.phone,
            person=tape.person,
            until=talk_until.isoformat(),
        )
        if not reached:
            scene.person_says(salon_words.PERSON_CALLS_BACK, tape.person)
            return
        tape.pause(3, 8)
        scene.person_says(salon_words.PERSON_CALLS_BACK, tape.person)
        tape.pause(3, 10)
        _say_by_voice(scene, client_words.ON_PHONE)
    else:
        until = tape.at + timedelta(seconds=dice.randrange(60, 320))
        tape.tell(
            "call",
            tape.at,
            by="client",
            result="answered",
            phone=lead.client.phone,
            person=tape.person,
            until=until.isoformat(),
        )
        tape.pause(4, 12)
        scene.open(client_words.ON_PHONE, voice=True)
    _talk(scene)


def _talk(scene: Scene) -> None:
    """The rest of a call, in voice."""
    tape = scene.tape
    options = scene.look_for_times(limit=2)
    tape.pause(4, 12)
    scene.person_says(salon_words.PERSON_ON_PHONE, tape.person, options)
    tape.pause(4, 15)
    if scene.lead.plot in (Plot.BOOKED, Plot.BOOKED_BY_PERSON) and options:
        slot = scene.dice.choice(options)
        scene.calendar.take(slot)
        tape.branch = scene.facts(tape.at, None, [slot])["branch"]  # type: ignore[assignment]
        tape.hear(f"давайте на {slot.start:%H:%M}", voice=True)
        tape.pause(10, 30)
        booking = scene.book(slot, person=tape.person)
        tape.person_says(say(scene.dice, salon_words.BOOKED, **scene.facts(tape.at, booking)), tape.person)
        return
    code, words = _CALL_ENDS.get(scene.lead.plot, ("", ("спасибо я подумаю", "поняла спасибо я перезвоню")))
    tape.hear(scene.dice.choice(words), voice=True)
    if code:
        tape.refuse(code)
    tape.pause(2, 6)
    scene.person_says(salon_words.PERSON_ENDS_CALL, tape.person)


def _say_by_voice(scene: Scene, patterns: tuple[str, ...]) -> None:
    scene.tape.hear(say(scene.dice, patterns, **scene.client_facts()), voice=True)


def _link(scene: Scene) -> None:
    """The person writes once more in another channel, and her phone shows that it is she."""
    channel = _LINK_TO[scene.lead.client.channel]
    at = scene.tape.at + timedelta(minutes=scene.dice.uniform(30, 300))
    other = scene.session(
        scene.lead.client.elsewhere(channel), at if is_open(at) else moment(at.date() + timedelta(days=1), time(12))
    )
    other.branch = scene.tape.branch
    _, booking = scene.bookings[0]
    if other.at >= booking.slot.start - timedelta(hours=1):
        return
    facts = scene.client_facts() | {"from_day": scene.facts(other.at, booking)["from_day"]}
    other.hear(say(scene.dice, visit_words.ASKS_OWN_BOOKING, **facts), first=True)
    other.tell(
        "identity_link",
        other.at + timedelta(milliseconds=300),
        other_client_id=scene.lead.client.client_id,
        by="business",
        reason="same_phone",
        phone=scene.lead.client.phone,
    )
    other.understand("visit_status", scene.confidence(), STEP_HELLO)
    other.answer(say(scene.dice, salon_words.OWN_BOOKING, **scene.facts(other.at, booking)), short=True)
    other.finish()


_QUESTIONS = (
    (question_words.ASKS_WHERE, salon_words.WHERE),
    (question_words.ASKS_WHEN_OPEN, salon_words.WHEN_OPEN),
    (question_words.ASKS_PAYING, salon_words.PAYING),
    (question_words.ASKS_CLEAN, salon_words.CLEAN),
    (question_words.ASKS_WEARING, salon_words.WEARING),
    (question_words.ASKS_PARKING, salon_words.PARKING),
    (question_words.ASKS_WHOM, salon_words.WHOM),
    (question_words.LOST_THINGS, salon_words.LOST_THINGS),
)
_CALL_ENDS = {
    Plot.TIME: ("time", ("нет это не подходит спасибо", "не успеваю спасибо тогда не надо")),
    Plot.PRICE: ("price", ("ой дорого спасибо", "нет спасибо дороговато")),
    Plot.CHANGED_MIND: ("changed_mind", ("спасибо тогда не надо",)),
}
_BY_ASSISTANT_ONLY = (Plot.MASTER_SILENCE, Plot.ESCALATION_LOST, Plot.SLOT_TAKEN, Plot.PHONE_TWICE, Plot.PRICE_EVADED)
_PLAYS: dict[Plot, Callable[[Scene], None]] = {
    Plot.BOOKED: _booked,
    Plot.BOOKED_BY_PERSON: _booked_by_person,
    Plot.TIME: _time,
    Plot.PRICE: _price,
    Plot.VANISHED: _vanished,
    Plot.VANISHED_AT_CONTACT: _vanished_at_contact,
    Plot.THINKING: _thinking,
    Plot.CHANGED_MIND: _changed_mind,
    Plot.MASTER_SILENCE: _master_silence,
    Plot.ESCALATION_LOST: _escalation_lost,
    Plot.SLOT_TAKEN: _slot_taken,
    Plot.PHONE_TWICE: _phone_twice,
    Plot.PRICE_EVADED: _price_evaded,
    Plot.QUESTION: _question,
    Plot.JOB: _stranger(question_words.SEEKS_JOB, "job_seeker"),
    Plot.SALES: _stranger(question_words.SELLS, "supplier"),
    Plot.WRONG_NUMBER: _stranger(question_words.WRONG_NUMBER, "wrong_number"),
}

"""Which event belongs to which dialogue."""

from datetime import UTC, datetime, timedelta

from letopis.dialogues.assignment import FACTS_MAX, Desk, Event

NOON = datetime(2026, 10, 5, 9, tzinfo=UTC)


def event(
    seq: int,
    hours: float,
    type_: str = "message_in",
    *,
    client: str = "tg_1",
    session: str = "",
    channel: str = "telegram",
    visit: str = "",
) -> Event:
    at = NOON + timedelta(hours=hours)
    return Event(seq, at, type_, channel, client, session, (visit,) if visit else ())


def assigned(*events: Event) -> list[int | None]:
    desk = Desk()
    return [desk.assign(one) for one in events]


def test_silence_of_a_day_ends_a_dialogue() -> None:
    assert assigned(event(1, 0), event(2, 24), event(3, 48.1)) == [1, 1, 3]


def test_late_event_joins_the_nearest_dialogue() -> None:
    assert assigned(event(1, 0), event(2, 40), event(3, 23), event(4, -5)) == [1, 2, 2, 1]


def test_other_channel_is_another_dialogue() -> None:
    assert assigned(event(1, 0), event(2, 0.1, channel="whatsapp")) == [1, 2]


def test_session_names_the_dialogue_of_its_client() -> None:
    assert assigned(
        event(1, 0, session="s1"), event(2, 90, session="s1"), event(3, 1, client="tg_2", session="s1")
    ) == [1, 1, 3]


def test_session_without_client_is_adopted_by_its_client() -> None:
    assert assigned(
        event(1, 0, "model_call", client="", session="s1"),
        event(2, 0, session="s1"),
        event(3, 1, "tool_call", client="", session="s1"),
    ) == [1, 1, 1]


def test_lead_without_session_joins_the_session_that_follows() -> None:
    assert assigned(event(1, 0, "new_lead"), event(2, 0.1, session="s1"), event(3, 30, session="s1")) == [1, 1, 1]


def test_session_silent_for_thirty_days_goes_on_as_new() -> None:
    day = 24
    assert assigned(event(1, 0, session="s1"), event(2, 29 * day, session="s1"), event(3, 60 * day, session="s1")) == [
        1,
        1,
        3,
    ]


def test_full_session_goes_on_as_new() -> None:
    desk = Desk()
    ids = [desk.assign(event(seq, seq / 3600, session="s1")) for seq in range(1, FACTS_MAX + 3)]
    assert ids[FACTS_MAX - 1 :] == [1, FACTS_MAX + 1, FACTS_MAX + 1]


def test_staff_mark_follows_its_appointment() -> None:
    assert assigned(
        event(1, 0),
        event(2, 0.1, "appointment_created", visit="A1"),
        event(3, 100),
        event(4, 200, "arrived", client="tel_9", channel="yclients", visit="A1"),
        event(5, 201, "payment", channel="yclients"),
        event(6, 202),
    ) == [1, 1, 3, 1, 3, 6]


def test_booking_at_the_desk_opens_no_dialogue() -> None:
    assert assigned(event(1, 0, "appointment_created", channel="yclients", visit="A1")) == [None]


def test_what_concerns_nobody_has_no_dialogue() -> None:
    assert assigned(event(1, 0, "heartbeat", client=""), event(2, 0, "change_mark"), event(3, 0, client="")) == [
        None,
        None,
        None,
    ]

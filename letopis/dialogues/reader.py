"""The second step of the pipeline: entries find their dialogues, and the dialogues they touch are told anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import Difference, as_json, by_key, load
from letopis.base.sql import Queries
from letopis.clients.identities import People, client_of, plain
from letopis.dialogues import words
from letopis.dialogues.assignment import FACTS_MAX, SILENCE, Desk, Event, Known
from letopis.dialogues.conversation import Conversation, converse
from letopis.dialogues.facts import Fact, appointment_ids_of, fact_of
from letopis.dialogues.judgement import Rows, Surroundings, rows_of
from letopis.dialogues.records import Dialogue, Escalation, Step, Turn
from letopis.dialogues.remains import CLIENT, SESSION
from letopis.journal.entries import Entry, read_some
from letopis.journal.erasing import Renamed

QUERIES = Queries("letopis.dialogues")
FIRST_LINE_CHARS_MAX = 120
AGAIN_AT_ONCE_MAX = 50
"""So many dialogues are told again together, each of FACTS_MAX facts at most."""


class _StoredFact(msgspec.Struct):
    """A row of `dialogues_fact`."""

    business_id: UUID
    dialogue_id: int
    seq: int
    at: datetime
    type: str
    level: int
    body: str


class _Stored(msgspec.Struct):
    """What is stored of a dialogue that a batch may touch."""

    dialogue_id: int
    client_id: str
    session_id: str
    channel: str
    started_at: datetime
    last_at: datetime
    facts: int
    spoken: bool
    person_id: int
    first_seq: int | None
    first_line: str


@dataclass(slots=True)
class Taken:
    """A batch after assignment: each entry's dialogue, the touched dialogues told anew, and who left a person.

    `left` are persons that a touched dialogue belonged to and does not any more.
    """

    placed: list[tuple[Entry, int | None]] = field(default_factory=list)
    rows: dict[int, Rows] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)


def take(
    cur: Any,
    business: UUID,
    entries: Sequence[Entry],
    people: People,
    made_in: dict[str, int],
    around: Surroundings,
) -> Taken:
    """Take a batch; facts and words are stored, the rows are the caller's to judge and to store."""
    taken = Taken()
    events = [_event(entry) for entry in entries]
    stored = _known(cur, business, events, made_in)
    desk = Desk(made_in=made_in)
    desk.lay(_laid(row) for row in stored.values())
    facts: list[_StoredFact] = []
    for entry, event in zip(entries, events, strict=True):
        dialogue_id = None if entry.kind else desk.assign(event)
        taken.placed.append((entry, dialogue_id))
        if dialogue_id is not None:
            facts.append(_stored_fact(business, entry, dialogue_id))
    if not facts:
        return taken
    QUERIES.run(cur, "add_facts", rows=as_json(facts))
    words.store(cur, business, taken.placed)
    told = _told(cur, business, {fact.dialogue_id for fact in facts})
    first_lines = _first_lines(cur, business, told, stored, entries)
    for dialogue_id, conversation in told.items():
        known, before = desk.by_id[dialogue_id], stored.get(dialogue_id)
        person_id = people.person_of(known.client_id) or (before.person_id if before else dialogue_id)
        if before is not None and before.person_id != person_id:
            taken.left.add(before.person_id)
        taken.rows[dialogue_id] = rows_of(
            conversation,
            around,
            business=business,
            dialogue_id=dialogue_id,
            person_id=person_id,
            client_id=known.client_id,
            session_id=known.session_id,
            first_line=first_lines.get(conversation.first_seq, ""),
        )
    return taken


def dialogues_of(cur: Any, business: UUID, seqs: Collection[int]) -> list[int]:
    """The dialogues in which these entries are."""
    rows = QUERIES.rows(cur, "dialogues_of_entries", business=business, seqs=list(seqs), last=max(seqs))
    return [row["dialogue_id"] for row in rows]


def tell_again(
    cur: Any, business: UUID, dialogues: Sequence[int], gone: Collection[int], renamed: Renamed, around: Surroundings
) -> dict[int, Rows]:
    """Dialogues out of which the content of the entries `gone` was taken, as the journal has them now.

    Facts and words are stored; the rows are the caller's to judge and to store. Which dialogue an entry belongs to
    stays as it is: whoever took the content out has kept what decides it.
    """
    assert len(dialogues) <= AGAIN_AT_ONCE_MAX, "an unbounded read"
    known = QUERIES.rows(cur, "ids_of_dialogues", business=business, dialogues=list(dialogues))
    placed: list[tuple[Entry, int | None]] = []
    for row in known:
        placed += [(entry, row["dialogue_id"]) for entry in read_some(cur, business, row["seqs"]).values()]
    changed = [_stored_fact(business, entry, at) for entry, at in placed if at is not None and entry.seq in gone]
    QUERIES.run(cur, "change_facts", business=business, rows=as_json(changed))
    QUERIES.run(cur, "drop_words", business=business, dialogues=list(dialogues))
    words.store(cur, business, placed)
    texts = {entry.seq: entry.text for entry, _ in placed}
    told = _told(cur, business, set(dialogues))
    return {
        row["dialogue_id"]: rows_of(
            told[row["dialogue_id"]],
            around,
            business=business,
            dialogue_id=row["dialogue_id"],
            person_id=row["person_id"],
            client_id=renamed.get((CLIENT, row["client_id"]), row["client_id"]),
            session_id=renamed.get((SESSION, row["session_id"]), row["session_id"]),
            first_line=_line(texts.get(told[row["dialogue_id"]].first_seq or 0)),
        )
        for row in known
    }


def rows_around(cur: Any, business: UUID, persons: Iterable[int], dialogues: Iterable[int]) -> dict[int, Dialogue]:
    """The stored dialogues of these persons, and these."""
    rows = load(
        QUERIES, cur, "dialogues_around", Dialogue, business=business, persons=list(persons), dialogues=list(dialogues)
    )
    return by_key(rows, "dialogue_id")


def turns_of(cur: Any, business: UUID, dialogues: Iterable[int]) -> dict[tuple[int, int], Turn]:
    """The stored turns of these dialogues, by dialogue and number."""
    return by_key(
        load(QUERIES, cur, "turns_of", Turn, business=business, dialogues=list(dialogues)), "dialogue_id", "n"
    )


def escalations_of(cur: Any, business: UUID, dialogues: Iterable[int]) -> dict[tuple[int, int], Escalation]:
    """The stored escalations of these dialogues, by dialogue and number."""
    rows = load(QUERIES, cur, "escalations_of", Escalation, business=business, dialogues=list(dialogues))
    return by_key(rows, "dialogue_id", "n")


def steps_of(cur: Any, business: UUID, dialogues: Iterable[int]) -> dict[tuple[int, int], Step]:
    """The stored stays on steps of these dialogues, by dialogue and number."""
    rows = load(QUERIES, cur, "steps_of", Step, business=business, dialogues=list(dialogues))
    return by_key(rows, "dialogue_id", "n")


def store(
    cur: Any,
    business: UUID,
    dialogues: Difference[Dialogue, int],
    turns: Difference[Turn, tuple[int, int]],
    escalations: Difference[Escalation, tuple[int, int]],
    steps: Difference[Step, tuple[int, int]],
) -> None:
    """Write the differences."""
    if dialogues.dropped:
        QUERIES.run(cur, "drop_dialogues", business=business, dialogues=[key for key, _ in dialogues.dropped])
    if dialogues.added:
        QUERIES.run(cur, "add_dialogues", rows=as_json(dialogues.added))
    if dialogues.changed:
        QUERIES.run(cur, "change_dialogues", business=business, rows=as_json(dialogues.renewed))
    for table, change in (("turns", turns), ("escalations", escalations), ("steps", steps)):
        if stale := change.stale:
            ids, numbers = zip(*stale, strict=True)
            QUERIES.run(cur, f"drop_{table}", business=business, dialogues=list(ids), numbers=list(numbers))
        if fresh := change.fresh:
            QUERIES.run(cur, f"add_{table}", rows=as_json(fresh))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    for table in ("dialogues", "facts", "turns", "escalations", "steps", "words", "schedules"):
        QUERIES.run(cur, f"clear_{table}", business=business)


def _event(entry: Entry) -> Event:
    return Event(
        entry.seq,
        entry.at,
        entry.type,
        entry.source,
        client_of(entry),
        plain(entry.who.get("session_id")),
        appointment_ids_of(entry),
    )


def _known(cur: Any, business: UUID, events: Sequence[Event], made_in: Mapping[str, int]) -> dict[int, _Stored]:
    """Every stored dialogue that assignment may look at for these events."""
    rows = load(
        QUERIES,
        cur,
        "dialogues_to_assign",
        _Stored,
        business=business,
        dialogues=list(set(made_in.values())),
        sessions=list({event.session_id for event in events} - {""}),
        clients=list({event.client_id for event in events} - {""}),
        since=min(event.at for event in events) - SILENCE,
        until=max(event.at for event in events) + SILENCE,
        facts_max=FACTS_MAX,
    )
    return by_key(rows, "dialogue_id")


def _laid(row: _Stored) -> Known:
    return Known(
        row.dialogue_id,
        row.client_id,
        row.session_id,
        row.channel,
        row.started_at,
        row.last_at,
        row.facts,
        row.spoken,
    )


def _told(cur: Any, business: UUID, dialogues: set[int]) -> dict[int, Conversation]:
    rows = QUERIES.rows(cur, "facts_of_dialogues", business=business, dialogues=list(dialogues))
    return {row["dialogue_id"]: converse(_decode(row["bodies"])) for row in rows}


def _first_lines(
    cur: Any,
    business: UUID,
    told: Mapping[int, Conversation],
    stored: Mapping[int, _Stored],
    entries: Sequence[Entry],
) -> dict[int | None, str]:
    """What each conversation begins with, by the number of its first message."""
    lines: dict[int | None, str] = {
        row.first_seq: row.first_line for row in stored.values() if row.first_seq is not None
    }
    texts = {entry.seq: entry.text for entry in entries}
    wanted = {talk.first_seq for talk in told.values() if talk.first_seq is not None} - lines.keys()
    earlier = read_some(cur, business, [seq for seq in wanted if seq not in texts])
    texts |= {seq: entry.text for seq, entry in earlier.items()}
    return lines | {seq: _line(texts.get(seq)) for seq in wanted}


def _stored_fact(business: UUID, entry: Entry, dialogue_id: int) -> _StoredFact:
    body = _encode(fact_of(entry)).decode()
    return _StoredFact(business, dialogue_id, entry.seq, entry.at, entry.type, entry.level, body)


def _line(text: str | None) -> str:
    return " ".join((text or "").replace("\0", "").split())[:FIRST_LINE_CHARS_MAX]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Fact]).decode

"""The last step of the pipeline: persons are judged as a whole, and what differs from the stored rows is written.

A person's dialogues, visits and leads depend on each other (an answer in another channel, a booking, a return), so
they are judged together. Written is the difference alone: on repeat nothing changes, and the rollup moves by exactly
what has changed.
"""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from letopis.appointments import reader as appointments
from letopis.appointments.chains import Visit
from letopis.appointments.records import Slot
from letopis.base.rows import Difference, as_json, by_key, difference, load
from letopis.base.sql import Queries
from letopis.clients.identities import People
from letopis.clients.reader import identities_of
from letopis.dialogues import reader as dialogues
from letopis.dialogues.judgement import ELSEWHERE_WITHIN, Rows, Surroundings, end_stays
from letopis.dialogues.records import Dialogue, Escalation, Step, Turn
from letopis.metrics.cells import Tally
from letopis.metrics.judgement import cases_of, dues_of, judge_case
from letopis.metrics.leads import Terms
from letopis.metrics.records import Due, Lead

QUERIES = Queries("letopis.metrics")


@dataclass(slots=True)
class Changes:
    """What a batch brings to the persons it concerns.

    `persons` are to be judged even if nothing of theirs is told anew; `whole` are those of them whose turns must be
    judged again too, not only where something is due.
    """

    told: dict[int, Rows] = field(default_factory=dict)
    owned: appointments.Owned = field(default_factory=appointments.Owned)
    people: People = field(default_factory=People)
    persons: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)


def settle(cur: Any, business: UUID, changes: Changes, around: Surroundings, terms: Terms) -> None:
    """Judge every person that the changes concern, and store what came of it."""
    fresh_slots = _slots(cur, business, changes, around)
    persons = _concerned(changes, fresh_slots)
    stored_slots = appointments.slots_around(cur, business, persons, changes.owned.visits)
    persons |= {slot.person_id for slot in stored_slots.values()}
    if not persons:
        return
    stored = dialogues.rows_around(cur, business, persons, changes.told)
    slots = _current_slots(stored_slots, fresh_slots, changes)
    rows = _current_dialogues(stored, changes)
    again = _to_judge_again(rows, changes, around)
    stored_turns = dialogues.turns_of(cur, business, again)
    stored_escalations = dialogues.escalations_of(cur, business, again)
    stored_steps = dialogues.steps_of(cur, business, again)
    _lay_open(rows, again - changes.told.keys(), stored_turns, stored_escalations, stored_steps)

    cases = cases_of(rows.values(), slots.values())
    leads = [lead for case in cases.values() for lead in judge_case(business, case, around, terms)]
    stored_steps |= _end_stays(cur, business, rows, stored)

    dialogue_change = difference(stored, {dialogue_id: one.dialogue for dialogue_id, one in rows.items()})
    turn_change = difference(stored_turns, _turns(rows.values()))
    escalation_change = difference(stored_escalations, _escalations(rows.values()))
    others, others_wanted = appointments.refill_others(cur, business, stored_slots, slots)
    slot_change = difference(stored_slots | others, slots | others_wanted)
    step_change = difference(stored_steps, _steps(rows.values()))
    dialogues.store(cur, business, dialogue_change, turn_change, escalation_change, step_change)
    appointments.store(cur, business, slot_change)
    concerned = list(persons | cases.keys())
    lead_change = _store_leads(cur, business, concerned, leads)
    _store_dues(cur, business, concerned, dues_of(business, cases, around))

    tally = Tally()
    for change in (dialogue_change, turn_change, escalation_change, step_change, slot_change, lead_change):
        tally.note(change)
    tally.store(cur, business)


def _slots(cur: Any, business: UUID, changes: Changes, around: Surroundings) -> dict[int, Slot]:
    """The slots of the owners that a batch touched, told anew."""
    owned, people = changes.owned, changes.people
    unknown = {client_id for client_id in owned.clients.values() if client_id not in people.identities} - {""}
    identities = people.identities | identities_of(cur, business, unknown)
    slots: dict[int, Slot] = {}
    for owner, visits in owned.visits.items():
        client_id = owned.clients.get(owner, "")
        person_id = identities[client_id].person_id if client_id in identities else owner
        for visit in visits:
            slots[visit.slot_id] = _slot(business, owner, client_id, person_id, visit, around)
    return slots


def _slot(business: UUID, owner: int, client_id: str, person_id: int, visit: Visit, around: Surroundings) -> Slot:
    return Slot(
        business_id=business,
        slot_id=visit.slot_id,
        owner=owner,
        chain_id=visit.chain_id,
        appointment_id=visit.fact.appointment_id,
        person_id=person_id,
        client_id=client_id,
        dialogue_id=visit.fact.dialogue_id,
        start_at=visit.start_at,
        end_at=visit.end_at,
        day=None if visit.start_at is None else around.hours.local_day(visit.start_at),
        service=visit.service,
        resource=visit.resource,
        price_kop=visit.price_kop,
        channel=visit.fact.channel,
        campaign=visit.fact.campaign,
        told_branch=visit.branch,
        state=visit.state.value,
        created_at=visit.created_at,
        confirmed_at=visit.confirmed_at,
        final_at=visit.final_at,
        unknown_at=visit.unknown_at,
        reminded_at=visit.reminded_at,
        asked_at=visit.asked_at,
        first_of_chain=visit.first_of_chain,
        corrected=visit.corrected,
        test=visit.test,
    )


def _concerned(changes: Changes, slots: dict[int, Slot]) -> set[int]:
    people = changes.people
    persons = set(changes.persons)
    persons.update(one.dialogue.person_id for one in changes.told.values())
    persons.update(slot.person_id for slot in slots.values())
    for client_id, former in people.moved.items():
        persons.update((former, people.identities[client_id].person_id))
    return persons


def _current_slots(stored: dict[int, Slot], fresh: dict[int, Slot], changes: Changes) -> dict[int, Slot]:
    slots = dict(fresh)
    for slot_id, slot in stored.items():
        if slot.owner not in changes.owned.visits:
            slots[slot_id] = slot = copy(slot)
            slot.person_id = _person_now(slot.client_id, slot.person_id, changes.people)
    return slots


def _current_dialogues(stored: dict[int, Dialogue], changes: Changes) -> dict[int, Rows]:
    rows = dict(changes.told)
    for dialogue_id, dialogue in stored.items():
        if dialogue_id not in rows:
            rows[dialogue_id] = Rows(copy(dialogue))
            current = rows[dialogue_id].dialogue
            current.person_id = _person_now(dialogue.client_id, dialogue.person_id, changes.people)
    return rows


def _person_now(client_id: str, person_id: int, people: People) -> int:
    return people.identities[client_id].person_id if client_id in people.moved else person_id


def _to_judge_again(rows: dict[int, Rows], changes: Changes, around: Surroundings) -> set[int]:
    """Dialogues whose turns must be looked at: told anew, due, or talking at the same time as one told anew."""
    moved = {changes.people.identities[client_id].person_id for client_id in changes.people.moved}
    whole = changes.whole | moved | set(changes.people.moved.values())
    told_of: dict[int, list[Dialogue]] = defaultdict(list)
    for one in changes.told.values():
        told_of[one.dialogue.person_id].append(one.dialogue)
    again = set(changes.told)
    for dialogue_id, one in rows.items():
        dialogue = one.dialogue
        is_due = dialogue.due_at is not None and dialogue.due_at <= around.worked_until
        if is_due or dialogue.person_id in whole or any(_meet(dialogue, told) for told in told_of[dialogue.person_id]):
            again.add(dialogue_id)
    return again


def _meet(one: Dialogue, other: Dialogue) -> bool:
    reach: timedelta = ELSEWHERE_WITHIN
    return one.started_at - reach <= other.last_at and other.started_at - reach <= one.last_at


def _lay_open(
    rows: dict[int, Rows],
    again: Iterable[int],
    turns: dict[tuple[int, int], Turn],
    escalations: dict[tuple[int, int], Escalation],
    steps: dict[tuple[int, int], Step],
) -> None:
    """Give stored dialogues their stored turns, escalations and stays, to be judged again."""
    for dialogue_id in again:
        rows[dialogue_id].turns = []
        rows[dialogue_id].escalations = []
        rows[dialogue_id].steps = []
    for turn in sorted(turns.values(), key=lambda turn: turn.n):
        one = rows[turn.dialogue_id]
        if turn.dialogue_id in again and one.turns is not None:
            one.turns.append(copy(turn))
    for escalation in sorted(escalations.values(), key=lambda escalation: escalation.n):
        one = rows[escalation.dialogue_id]
        if escalation.dialogue_id in again and one.escalations is not None:
            one.escalations.append(copy(escalation))
    for step in sorted(steps.values(), key=lambda step: step.n):
        one = rows[step.dialogue_id]
        if step.dialogue_id in again and one.steps is not None:
            one.steps.append(copy(step))


def _end_stays(
    cur: Any, business: UUID, rows: dict[int, Rows], stored: dict[int, Dialogue]
) -> dict[tuple[int, int], Step]:
    """End the stays anew where a word elsewhere changed what a dialogue came to that was not to be judged again."""
    changed = [
        dialogue_id
        for dialogue_id, one in rows.items()
        if one.steps is None and _came_to(one.dialogue) != _came_to(stored[dialogue_id])
    ]
    steps = dialogues.steps_of(cur, business, changed)
    for dialogue_id in changed:
        stays = (copy(step) for step in steps.values() if step.dialogue_id == dialogue_id)
        rows[dialogue_id].steps = sorted(stays, key=lambda step: step.n)
        end_stays(rows[dialogue_id])
    return steps


def _came_to(dialogue: Dialogue) -> tuple[str, str]:
    return dialogue.outcome, dialogue.cause


def _turns(rows: Iterable[Rows]) -> dict[tuple[int, int], Turn]:
    return {(turn.dialogue_id, turn.n): turn for one in rows for turn in one.turns or ()}


def _escalations(rows: Iterable[Rows]) -> dict[tuple[int, int], Escalation]:
    return {(one.dialogue_id, one.n): one for row in rows for one in row.escalations or ()}


def _steps(rows: Iterable[Rows]) -> dict[tuple[int, int], Step]:
    return {(step.dialogue_id, step.n): step for one in rows for step in one.steps or ()}


def _store_leads(cur: Any, business: UUID, persons: list[int], leads: Iterable[Lead]) -> Difference[Lead, int]:
    stored = by_key(load(QUERIES, cur, "leads_of", Lead, business=business, persons=persons), "lead_id")
    change = difference(stored, {lead.lead_id: lead for lead in leads})
    if change.stale:
        QUERIES.run(cur, "drop_leads", business=business, leads=change.stale)
    if change.fresh:
        QUERIES.run(cur, "add_leads", rows=as_json(change.fresh))
    return change


def _store_dues(cur: Any, business: UUID, persons: list[int], dues: Iterable[Due]) -> None:
    stored = by_key(load(QUERIES, cur, "dues_of", Due, business=business, persons=persons), "person_id")
    change = difference(stored, {due.person_id: due for due in dues})
    if change.stale:
        QUERIES.run(cur, "drop_dues", business=business, persons=change.stale)
    if change.fresh:
        QUERIES.run(cur, "add_dues", rows=as_json(change.fresh))

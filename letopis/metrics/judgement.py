"""One person judged as a whole: dialogues, visits and leads, which depend on each other. Data only, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from letopis.appointments.records import OPEN, Slot, State
from letopis.dialogues import intents
from letopis.dialogues.judgement import NO_VISITS, Rows, Surroundings, Visits, judge, next_after
from letopis.metrics.leads import Terms, leads_of
from letopis.metrics.parts import KNOWN, NEW
from letopis.metrics.records import Due, Lead

SIBLINGS_MAX = 50
"""So many dialogues of the person before and after one are looked at when it is judged; who has more is a machine."""


@dataclass(slots=True)
class Case:
    """One person: everything that is judged together."""

    dialogues: list[Rows] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def cases_of(rows: Iterable[Rows], slots: Iterable[Slot]) -> dict[int, Case]:
    """Each person with what is theirs."""
    cases: dict[int, Case] = defaultdict(Case)
    for one in rows:
        cases[one.dialogue.person_id].dialogues.append(one)
    for slot in slots:
        cases[slot.person_id].slots.append(slot)
    return cases


def judge_case(business: UUID, case: Case, around: Surroundings, terms: Terms) -> list[Lead]:
    """Judge a person's dialogues and visits in place; the leads they make."""
    _judge_dialogues(case, around)
    case.leads = leads_of(business, [one.dialogue for one in case.dialogues], case.slots, around, terms)
    _note_leads(case)
    return case.leads


def _judge_dialogues(case: Case, around: Surroundings) -> None:
    excluded: dict[int | None, str] = {one.dialogue.dialogue_id: one.dialogue.excluded for one in case.dialogues}
    branches: dict[int | None, str] = {one.dialogue.dialogue_id: one.dialogue.branch for one in case.dialogues}
    made: dict[int, list[Slot]] = defaultdict(list)
    for slot in case.slots:
        slot.branch = slot.told_branch or branches.get(slot.dialogue_id, "")
        slot.excluded = intents.TEST if slot.test else excluded.get(slot.dialogue_id, "")
        if slot.dialogue_id is not None:
            made[slot.dialogue_id].append(slot)
        _note_started(slot, around)
        _note_unknown(slot, around)
    case.dialogues.sort(key=lambda one: (one.dialogue.started_at, one.dialogue.dialogue_id))
    for index, one in enumerate(case.dialogues):
        dialogue_id = one.dialogue.dialogue_id
        beside = case.dialogues[max(0, index - SIBLINGS_MAX) : index + SIBLINGS_MAX + 1]
        siblings = [other.dialogue for other in beside if other is not one]
        judge(one, around, siblings, _visits(made[dialogue_id]) if dialogue_id in made else NO_VISITS)


def _note_leads(case: Case) -> None:
    """Let the list behind M1 and M2 be one of dialogues."""
    counted = {lead.dialogue_id: lead for lead in case.leads if not lead.excluded}
    for one in case.dialogues:
        lead = counted.get(one.dialogue.dialogue_id)
        one.dialogue.lead_state = "" if lead is None else lead.state
        one.dialogue.lead_day = None if lead is None else lead.day
        one.dialogue.lead_stage = "" if lead is None else lead.stage
        one.dialogue.lead_stopped = "" if lead is None else lead.stopped
        one.dialogue.lead_cause = "" if lead is None else lead.cause
        one.dialogue.lead_service = "" if lead is None else lead.service
        one.dialogue.lead_branch = "" if lead is None else lead.branch
        one.dialogue.lead_master = "" if lead is None else lead.master
        one.dialogue.lead_known = "" if lead is None else KNOWN if lead.known else NEW
        one.dialogue.lead_crm = "" if lead is None else lead.crm
        one.dialogue.lead_visit = "" if lead is None else lead.visit


def _visits(slots: Iterable[Slot]) -> Visits:
    slots = list(slots)
    return Visits(
        booked_at=tuple(slot.created_at for slot in slots if slot.first_of_chain and not slot.corrected),
        no_show=any(slot.state == State.NO_SHOW for slot in slots),
    )


def _note_started(slot: Slot, around: Surroundings) -> None:
    """Whether its time has come, whatever became of it."""
    slot.started = slot.start_at is not None and slot.start_at <= around.worked_until


def _note_unknown(slot: Slot, around: Surroundings) -> None:
    """An open visit that nobody marked is unknown from `unknown_at` on."""
    if slot.unknown_at is None:
        return
    still_open = State.CREATED if slot.confirmed_at is None else State.CONFIRMED
    assert slot.state in OPEN or slot.state == State.UNKNOWN, "only open visits become unknown"
    slot.state = (State.UNKNOWN if slot.unknown_at <= around.worked_until else still_open).value


def dues_of(business: UUID, cases: Mapping[int, Case], around: Surroundings) -> list[Due]:
    """When each person is to be looked at next, where time alone will change anything."""
    dues = []
    for person_id, case in cases.items():
        turning_points = [
            *(one.dialogue.due_at for one in case.dialogues),
            *(slot.start_at for slot in case.slots),
            *(slot.unknown_at for slot in case.slots),
            *(at for lead in case.leads for at in (lead.due_at, lead.visit_due_at, lead.crm_due_at)),
        ]
        due_at = next_after(turning_points, around.worked_until)
        if due_at is not None:
            dues.append(Due(business, person_id, due_at))
    return dues

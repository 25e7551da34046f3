"""What a dialogue came to: waits by the clock, outcome, cause, and how the assistant closed it.

Pure: the rows of a dialogue, what is known around it, and the instant up to which time has been worked off. The same
input gives the same rows, whenever and in whatever steps it is judged; `due_at` is the next instant at which waiting
alone would change the answer.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from letopis.base.worktime import Hours, Schedule
from letopis.dialogues import intents
from letopis.dialogues.conversation import ASSISTANT, CLIENT, HUMAN, ClientTurn, Conversation, Handover
from letopis.dialogues.records import Cause, ClosedAs, Dialogue, Ended, Escalation, Outcome, Step, Turn

ANSWER_TARGET_S = 5 * 60
PICKUP_TARGET_S = 10 * 60
UNANSWERED_AFTER_S = 24 * 3600
DEATH_WALL = timedelta(hours=72)
DEATH_WORKING_S = 24 * 3600
"""A silent dialogue is over when both clocks have passed; without a schedule the wall clock alone."""
ELSEWHERE_WITHIN = timedelta(hours=2)
"""An answer in another channel or by phone counts as one within this time."""
RETURN_WITHIN = timedelta(hours=72)
ERROR_WITHIN = timedelta(minutes=2)
ELSEWHERE = "elsewhere"

_ALOUD = frozenset(field for field in Conversation.__dataclass_fields__ if field not in ("turns", "handovers", "stays"))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around the dialogues of one person."""

    hours: Hours
    worked_until: datetime
    record_since: datetime | None


@dataclass(slots=True)
class Rows:
    """A dialogue with its turns, escalations and stays on steps; these are None where they need not be judged again."""

    dialogue: Dialogue
    turns: list[Turn] | None = None
    escalations: list[Escalation] | None = None
    steps: list[Step] | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """What became of visits made in a dialogue: when chains were first booked, and whether anybody did not come."""

    booked_at: tuple[datetime, ...] = ()
    no_show: bool = False


NO_VISITS = Visits()


def quiet_after(last_at: datetime, schedule: Schedule) -> datetime:
    """When a dialogue that stays silent from `last_at` on is over."""
    by_wall = last_at + DEATH_WALL
    return max(by_wall, schedule.deadline(last_at, DEATH_WORKING_S) or by_wall)


def rows_of(
    told: Conversation,
    around: Surroundings,
    *,
    business: UUID,
    dialogue_id: int,
    person_id: int,
    client_id: str,
    session_id: str,
    first_line: str,
) -> Rows:
    """The rows of a conversation, to be judged next."""
    schedule = around.hours.of(branch=told.branch, channel=told.channel)
    last = told.handovers[-1] if told.handovers else None
    dialogue = Dialogue(
        business_id=business,
        dialogue_id=dialogue_id,
        person_id=person_id,
        client_id=client_id,
        session_id=session_id,
        day=schedule.local_day(told.started_at),
        first_line=first_line,
        quiet_at=quiet_after(told.last_at, schedule),
        escalated_at=last.opened_at if last else None,
        escalation_reason=last.reason if last else "",
        taken_at=last.taken_at if last else None,
        closed_at=last.closed_at if last else None,
        **{name: getattr(told, name) for name in _ALOUD},
    )
    opening = next((n for n, turn in enumerate(told.turns) if not turn.closing), None)
    turns = [_turn(dialogue, n, turn, schedule, opening=n == opening) for n, turn in enumerate(told.turns)]
    escalations = [_escalation(dialogue, n, handover, schedule) for n, handover in enumerate(told.handovers)]
    return Rows(dialogue, turns, escalations, _steps(dialogue, told, schedule))


def _turn(dialogue: Dialogue, n: int, turn: ClientTurn, schedule: Schedule, *, opening: bool) -> Turn:
    return Turn(
        business_id=dialogue.business_id,
        dialogue_id=dialogue.dialogue_id,
        n=n,
        started_at=turn.started_at,
        day=schedule.local_day(turn.started_at),
        channel=dialogue.channel,
        opening=opening,
        closing=turn.closing,
        escalation=turn.escalation,
        suspect=turn.suspect,
        branch=dialogue.branch,
        hour=turn.started_at.astimezone(schedule.zone).hour,
        own_replied_at=turn.replied_at,
        own_replied_by=turn.replied_by,
        person=turn.person,
        due_wall_at=turn.started_at + timedelta(seconds=ANSWER_TARGET_S),
    )


def _escalation(dialogue: Dialogue, n: int, handover: Handover, schedule: Schedule) -> Escalation:
    return Escalation(
        business_id=dialogue.business_id,
        dialogue_id=dialogue.dialogue_id,
        n=n,
        opened_at=handover.opened_at,
        day=schedule.local_day(handover.opened_at),
        channel=dialogue.channel,
        branch=dialogue.branch,
        reason=handover.reason,
        person=handover.person,
        taken_at=handover.taken_at,
        closed_at=handover.closed_at,
    )


def _steps(dialogue: Dialogue, told: Conversation, schedule: Schedule) -> list[Step]:
    """The stays as rows; how the last one ended is for the judgement to say."""
    seen: set[tuple[str, str, str]] = set()
    rows = []
    for n, stay in enumerate(told.stays):
        place = (stay.scenario, stay.version, stay.step)
        rows.append(
            Step(
                business_id=dialogue.business_id,
                dialogue_id=dialogue.dialogue_id,
                n=n,
                scenario=stay.scenario,
                version=stay.version,
                step=stay.step,
                entered_at=stay.entered_at,
                day=schedule.local_day(stay.entered_at),
                channel=dialogue.channel,
                branch=dialogue.branch,
                first=place not in seen,
                seconds=int((stay.left_at - stay.entered_at).total_seconds()),
                next=stay.next,
                ended=Ended.PASSED.value,
            )
        )
        seen.add(place)
    return rows


def judge(rows: Rows, around: Surroundings, siblings: Sequence[Dialogue], visits: Visits) -> None:
    """Judge a dialogue in place; `siblings` are the person's other dialogues."""
    dialogue = rows.dialogue
    dialogue.quiet_at = quiet_after(dialogue.last_at, _hours(dialogue, around))
    _conclude(dialogue, around, siblings, visits)
    instants = [dialogue.quiet_at]
    if rows.turns is not None:
        answers = sorted(at for sibling in siblings for at in sibling.answers_at)
        for turn in rows.turns:
            _judge_turn(turn, dialogue, around, answers)
            if turn.replied_at is None and not turn.closing:
                instants += [turn.due_wall_at, turn.due_at or turn.due_wall_at, *_unanswered_at(turn, dialogue, around)]
        _note_waits(dialogue, rows.turns, around)
    end_stays(rows)
    for escalation in rows.escalations or ():
        _judge_escalation(escalation, dialogue, around)
        if escalation.taken_at is None and escalation.due_at is not None:
            instants.append(escalation.due_at)
    if rows.turns is not None:
        dialogue.due_at = next_after(instants, around.worked_until)


def end_stays(rows: Rows) -> None:
    """How the last stay ended, as its dialogue was judged; those before it were passed."""
    for step in rows.steps or ():
        step.excluded = rows.dialogue.excluded
    if rows.steps:
        rows.steps[-1].ended = _ended(rows.dialogue).value


def _hours(dialogue: Dialogue, around: Surroundings) -> Schedule:
    return around.hours.of(branch=dialogue.branch, channel=dialogue.channel)


def next_after(instants: Iterable[datetime | None], worked_until: datetime) -> datetime | None:
    """The first instant that has not been worked off yet."""
    return min((at for at in instants if at is not None and at > worked_until), default=None)


def _conclude(dialogue: Dialogue, around: Surroundings, siblings: Sequence[Dialogue], visits: Visits) -> None:
    is_quiet = dialogue.quiet_at <= around.worked_until
    booked_at = min(visits.booked_at, default=None)
    dialogue.has_no_show = visits.no_show
    if booked_at is not None:
        outcome, at = Outcome.BOOKED, booked_at
    elif dialogue.refused_at is not None:
        outcome, at = Outcome.REFUSED, dialogue.refused_at
    elif is_quiet:
        outcome, at = Outcome.NOT_BOOKED, dialogue.quiet_at
    else:
        outcome, at = Outcome.PENDING, None
    dialogue.outcome, dialogue.outcome_at = outcome.value, at
    dialogue.cause = (_cause(dialogue, siblings) if outcome is Outcome.NOT_BOOKED else Cause.NONE).value
    answered_by_assistant = dialogue.assistant_out > 0
    closed_as = (
        _closed_as(dialogue, around, siblings, booked_at) if is_quiet and answered_by_assistant else ClosedAs.NONE
    )
    dialogue.closed_as = closed_as.value


def _ended(dialogue: Dialogue) -> Ended:
    """How the last stay on a step ended (M15); until a dialogue is quiet it may go on."""
    if dialogue.outcome == Outcome.BOOKED:
        return Ended.GOAL
    if dialogue.outcome == Outcome.PENDING:
        return Ended.PENDING
    if dialogue.human_out or dialogue.taken_at is not None:
        return Ended.HUMAN
    if dialogue.outcome == Outcome.REFUSED:
        return Ended.REFUSED
    wanted_booking = intents.is_booking(dialogue.intent) or intents.is_price(dialogue.intent)
    match dialogue.cause:
        case Cause.ELSEWHERE:
            return Ended.ELSEWHERE
        case Cause.ERROR:
            return Ended.ERROR
        case Cause.WE_SILENT:
            return Ended.WE_SILENT
        case Cause.CLOSED if not wanted_booking:
            # Thanks without a wish to book: the question was answered (clarification 19).
            return Ended.GOAL
    return Ended.CLIENT_SILENT


def _cause(dialogue: Dialogue, siblings: Sequence[Dialogue]) -> Cause:
    """Who spoke last at death, and what lay in the way."""
    if any(_contacts_between(sibling, dialogue.last_at, dialogue.quiet_at) for sibling in siblings):
        return Cause.ELSEWHERE
    if dialogue.failed_at is not None and dialogue.failed_at >= dialogue.last_at - ERROR_WITHIN:
        return Cause.ERROR
    if dialogue.last_by == CLIENT and not dialogue.thanked:
        return Cause.WE_SILENT
    if dialogue.asked and dialogue.last_by in (ASSISTANT, HUMAN):
        return Cause.CLIENT_SILENT
    return Cause.CLOSED if dialogue.thanked else Cause.CLIENT_SILENT


def _contacts_between(sibling: Dialogue, after: datetime, until: datetime) -> bool:
    first, last = sibling.contact_first_at, sibling.contact_last_at
    return any(at is not None and after < at <= until for at in (first, last))


def _closed_as(
    dialogue: Dialogue, around: Surroundings, siblings: Sequence[Dialogue], booked_at: datetime | None
) -> ClosedAs:
    wants = intents.is_booking(dialogue.intent) or intents.is_price(dialogue.intent)
    if dialogue.human_out or dialogue.taken_at is not None:
        return ClosedAs.HUMAN
    if booked_at is not None:
        if _came_back(dialogue, siblings, booked_at):
            return ClosedAs.RETURNED
        recorded = dialogue.recorded_at is not None and dialogue.recorded_at >= booked_at
        unconnected = around.record_since is None or around.record_since > booked_at
        return ClosedAs.VERIFIED if recorded or unconnected else ClosedAs.NOT_READ_BACK
    if dialogue.refused_at is not None:
        return ClosedAs.REFUSED
    if dialogue.thanked and not wants:
        return ClosedAs.RETURNED if _came_back(dialogue, siblings, dialogue.last_at) else ClosedAs.VERIFIED
    if wants:
        return ClosedAs.ABANDONED
    return ClosedAs.ASSUMED if dialogue.last_by == ASSISTANT else ClosedAs.OTHER


def _came_back(dialogue: Dialogue, siblings: Sequence[Dialogue], goal_at: datetime) -> bool:
    """With the same wish in any channel, or with a complaint."""
    until = goal_at + RETURN_WITHIN
    if dialogue.complained_at is not None and goal_at < dialogue.complained_at <= until:
        return True
    return any(
        sibling.contact_first_at is not None
        and goal_at < sibling.contact_first_at <= until
        and (sibling.intent == dialogue.intent != "" or sibling.complained_at is not None)
        for sibling in siblings
    )


def _judge_turn(turn: Turn, dialogue: Dialogue, around: Surroundings, answers: Sequence[datetime]) -> None:
    turn.excluded = dialogue.excluded
    turn.replied_at, turn.replied_by = turn.own_replied_at, turn.own_replied_by
    if not turn.closing:
        elsewhere = _first_between(answers, turn.started_at, turn.started_at + ELSEWHERE_WITHIN)
        if elsewhere is not None and (turn.replied_at is None or elsewhere < turn.replied_at):
            turn.replied_at, turn.replied_by = elsewhere, ELSEWHERE
    end = turn.replied_at or max(dialogue.quiet_at, turn.started_at)
    turn.wall_s = int((end - turn.started_at).total_seconds())
    turn.working_s = _hours(dialogue, around).seconds_between(turn.started_at, end)
    turn.due_at = _hours(dialogue, around).deadline(turn.started_at, ANSWER_TARGET_S)
    turn.in_time = turn.in_time_wall = None
    if not turn.closing:
        turn.in_time = _in_time(turn.replied_at, turn.due_at, around.worked_until)
        turn.in_time_wall = _in_time(turn.replied_at, turn.due_wall_at, around.worked_until)
    wall_at, *working_at = _unanswered_at(turn, dialogue, around)
    turn.unanswered_wall = _is_unanswered(turn, wall_at, around.worked_until)
    turn.unanswered = _is_unanswered(turn, working_at[0], around.worked_until) if working_at else None
    turn.lost = turn.replied_at is None and not turn.closing and dialogue.quiet_at <= around.worked_until


def _unanswered_at(turn: Turn, dialogue: Dialogue, around: Surroundings) -> list[datetime]:
    """When a turn that stays without a reply counts as unanswered (M11): by the wall clock, and in working time."""
    by_wall = turn.started_at + timedelta(seconds=UNANSWERED_AFTER_S)
    working = _hours(dialogue, around).deadline(turn.started_at, UNANSWERED_AFTER_S)
    return [by_wall] if working is None else [by_wall, working]


def _is_unanswered(turn: Turn, due_at: datetime, worked_until: datetime) -> bool | None:
    """None while it is not decided, and for a turn that wants no answer."""
    if turn.closing:
        return None
    in_time = _in_time(turn.replied_at, due_at, worked_until)
    return None if in_time is None else not in_time


def _first_between(answers: Sequence[datetime], after: datetime, until: datetime) -> datetime | None:
    index = bisect_right(answers, after)
    return answers[index] if index < len(answers) and answers[index] <= until else None


def _in_time(done_at: datetime | None, due_at: datetime | None, worked_until: datetime) -> bool | None:
    """None while it is not decided, or where no schedule sets a time."""
    if due_at is None:
        return None
    if done_at is not None:
        return done_at <= due_at
    return False if due_at <= worked_until else None


def _note_waits(dialogue: Dialogue, turns: Sequence[Turn], around: Surroundings) -> None:
    opening = next((turn for turn in turns if turn.opening), None)
    dialogue.opening_day = None if opening is None else opening.day
    replied = opening is not None and opening.replied_at is not None
    dialogue.answered_at = None if opening is None else opening.replied_at
    dialogue.first_reply_s = opening.wall_s if opening and replied else None
    dialogue.first_reply_working_s = opening.working_s if opening and replied else None
    judged = None if opening is None else opening.in_time if opening.due_at is not None else opening.in_time_wall
    dialogue.late = judged is False
    last = turns[-1] if turns else None
    waits = last is not None and last.replied_at is None and not last.closing
    waiting = last if waits and dialogue.quiet_at > around.worked_until else None
    dialogue.waiting_since = None if waiting is None else waiting.started_at
    dialogue.answer_due_at = None if waiting is None else waiting.due_at or waiting.due_wall_at


def _judge_escalation(escalation: Escalation, dialogue: Dialogue, around: Surroundings) -> None:
    end = escalation.taken_at or escalation.closed_at or max(dialogue.quiet_at, escalation.opened_at)
    escalation.excluded = dialogue.excluded
    escalation.wall_s = int((end - escalation.opened_at).total_seconds())
    escalation.working_s = _hours(dialogue, around).seconds_between(escalation.opened_at, end)
    escalation.due_at = _hours(dialogue, around).deadline(escalation.opened_at, PICKUP_TARGET_S)
    escalation.in_time = None
    if escalation.taken_at is not None or escalation.closed_at is None:
        escalation.in_time = _in_time(escalation.taken_at, escalation.due_at, around.worked_until)
    escalation.ended = end <= around.worked_until or escalation.taken_at is not None or escalation.closed_at is not None

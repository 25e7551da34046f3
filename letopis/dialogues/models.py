"""Conversations as rows: dialogues, their facts, turns, escalations, words, and the working hours they are judged by.

All but `Schedule` are written by the pipeline as the difference between what is stored and what the facts say;
texts are not copied here (but for `first_line`): a page reads them from the journal by `seq`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Dialogue(models.Model):
    """One conversation; `dialogue_id` is the number of the entry that opened it.

    Above the line: what its own facts say. `refused_for` is the code of a refusal's reason. `offered_at`: when a time
    was first offered; `tried_at`, `delivered_at`: the first delivery to a CRM that was tried, that succeeded;
    `failed_first_at`, `failed_at`: the first and the last failure of ours.
    Below: what also depends on visits, on the person's other dialogues, on working hours and on time passing; `due_at`
    is the next instant at which one of these changes by itself. While a client waits, `waiting_since` is the start of
    the turn and `answer_due_at` the end of its target, by the working clock if there is one. `answered_at` is the first
    reply to the first client turn, also one in another channel. `opening_day` is the day of the first client turn (M8,
    M9), `lead_day` that of the new lead which began here (M1, M2; empty `lead_state`: none, or one that no number
    counts), so that a list behind a number has its days; the other `lead_` columns are those of that lead, for the
    lists behind the funnel.
    """

    pk = models.CompositePrimaryKey("business_id", "dialogue_id")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    client_id = models.TextField(default="")
    session_id = models.TextField(default="")
    channel = models.TextField()
    branch = models.TextField(default="")
    campaign = models.TextField(default="")
    scenario = models.TextField(default="")
    version = models.TextField(default="")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    day = models.DateField()
    facts = models.IntegerField()
    spoken = models.BooleanField()
    intent = models.TextField(default="")
    confidence_ppm_min = models.IntegerField(null=True)
    deal_ref = models.TextField(default="")
    service = models.TextField(default="")
    messages_in = models.IntegerField(default=0)
    messages_out = models.IntegerField(default=0)
    assistant_out = models.IntegerField(default=0)
    human_out = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    model_calls = models.IntegerField(default=0)
    cost_mkop = models.BigIntegerField(default=0)
    fallbacks = models.IntegerField(default=0)
    offered_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    paid_kop = models.BigIntegerField(default=0)
    first_line = models.TextField(default="")
    first_seq = models.BigIntegerField(null=True)
    contact_first_at = models.DateTimeField(null=True)
    contact_last_at = models.DateTimeField(null=True)
    answers_at = ArrayField(models.DateTimeField(), default=list)
    last_by = models.TextField(default="")
    asked = models.BooleanField(default=False)
    thanked = models.BooleanField(default=False)
    failed_first_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_for = models.TextField(default="")
    complained_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalation_reason = models.TextField(default="")
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    excluded = models.TextField(default="")
    test = models.BooleanField(default=False)
    # ---
    outcome = models.TextField(default="pending")
    outcome_at = models.DateTimeField(null=True)
    cause = models.TextField(default="")
    closed_as = models.TextField(default="")
    quiet_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    first_reply_s = models.IntegerField(null=True)
    first_reply_working_s = models.IntegerField(null=True)
    late = models.BooleanField(default=False)
    has_no_show = models.BooleanField(default=False)
    opening_day = models.DateField(null=True)
    lead_state = models.TextField(default="")
    lead_day = models.DateField(null=True)
    lead_stage = models.TextField(default="")
    lead_stopped = models.TextField(default="")
    lead_cause = models.TextField(default="")
    lead_service = models.TextField(default="")
    lead_branch = models.TextField(default="")
    lead_master = models.TextField(default="")
    lead_known = models.TextField(default="")
    lead_crm = models.TextField(default="")
    lead_visit = models.TextField(default="")
    due_at = models.DateTimeField(null=True)

    class Meta:
        # What moves with every message (`last_at`, counts) stands in no index: such updates stay on their page.
        indexes = (
            # The list of dialogues, newest first, by keyset.
            models.Index(fields=("business_id", "started_at", "dialogue_id"), name="dialogues_dialogue_started"),
            # Days of a period: counts and causes of losses are read from the index alone.
            models.Index(
                fields=("business_id", "day", "outcome"), include=("cause", "failed_at"), name="dialogues_dialogue_days"
            ),
            # What the list may be narrowed to: one step in the index a channel, a branch.
            models.Index(fields=("business_id", "channel"), name="dialogues_dialogue_channel"),
            models.Index(
                fields=("business_id", "branch"), name="dialogues_dialogue_branch", condition=~models.Q(branch="")
            ),
            # A person's dialogues: judging, the client's card.
            models.Index(fields=("business_id", "person_id"), name="dialogues_dialogue_person"),
            # To which dialogue an event belongs.
            models.Index(fields=("business_id", "session_id"), name="dialogues_dialogue_session"),
            models.Index(fields=("business_id", "client_id"), name="dialogues_dialogue_client"),
            # Who waits now.
            models.Index(
                fields=("business_id", "waiting_since"),
                name="dialogues_dialogue_waiting",
                condition=models.Q(waiting_since__isnull=False),
            ),
        )


class Fact(models.Model):
    """One journal entry as its dialogue's derivation needs it; `body` is a `facts.Fact` as JSON, without any text."""

    pk = models.CompositePrimaryKey("business_id", "dialogue_id", "seq")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    type = models.TextField()
    level = models.SmallIntegerField()
    body = models.TextField()


class Turn(models.Model):
    """One client turn: from its first message that expects an answer to the first substantive reply.

    `replied_at` counts an answer in another channel too, `own_replied_at` does not. For a turn nobody answered `wall_s`
    and `working_s` run to the dialogue's `quiet_at`. `in_time` (working clock) and `in_time_wall` are null while the
    target has not passed and for a closing turn, which wants no answer; `in_time` and `working_s` are null for ever
    without a schedule. `unanswered` (M11: 24 working hours without a reply) and `unanswered_wall` follow the same rule.
    `hour` is the local hour of its start, `person` the colleague who replied (empty: the assistant, or nobody named).
    """

    pk = models.CompositePrimaryKey("business_id", "dialogue_id", "n")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    n = models.IntegerField()
    started_at = models.DateTimeField()
    day = models.DateField()
    channel = models.TextField()
    opening = models.BooleanField()
    closing = models.BooleanField()
    escalation = models.BooleanField()
    suspect = models.BooleanField()
    branch = models.TextField(default="")
    hour = models.SmallIntegerField(default=0)
    excluded = models.TextField(default="")
    own_replied_at = models.DateTimeField(null=True)
    own_replied_by = models.TextField(default="")
    replied_at = models.DateTimeField(null=True)
    replied_by = models.TextField(default="")
    person = models.TextField(default="")
    wall_s = models.IntegerField()
    working_s = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    due_wall_at = models.DateTimeField()
    in_time = models.BooleanField(null=True)
    in_time_wall = models.BooleanField(null=True)
    unanswered = models.BooleanField(null=True)
    unanswered_wall = models.BooleanField(null=True)
    lost = models.BooleanField()

    class Meta:
        indexes = (
            # Failures of M8 behind a day's number.
            models.Index(fields=("business_id", "day"), name="dialogues_turn_day"),
        )


class Escalation(models.Model):
    """The assistant handed a dialogue over to people: opened, taken (an explicit take or a person's message), closed.

    `person` is who took it. For one nobody took, `wall_s` and `working_s` run to its closing or to the dialogue's
    `quiet_at`; `ended` tells that this has come.
    """

    pk = models.CompositePrimaryKey("business_id", "dialogue_id", "n")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    n = models.IntegerField()
    opened_at = models.DateTimeField()
    day = models.DateField()
    channel = models.TextField()
    branch = models.TextField(default="")
    reason = models.TextField(default="")
    person = models.TextField(default="")
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    wall_s = models.IntegerField()
    working_s = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    ended = models.BooleanField()
    excluded = models.TextField(default="")

    class Meta:
        indexes = (
            # Escalations of a period and their pick-up.
            models.Index(fields=("business_id", "day"), name="dialogues_escalation_day"),
        )


class Step(models.Model):
    """One stay of a dialogue on a step of its scenario, in the order of entering; staying on is no new stay.

    `seconds` run to the next step or to the dialogue's last fact. `next` is the step after it, empty for the last one;
    `ended` is a `records.Ended`: passed on, reached the goal, still open, or how the dialogue died there (M15).
    """

    pk = models.CompositePrimaryKey("business_id", "dialogue_id", "n")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    n = models.IntegerField()
    scenario = models.TextField()
    version = models.TextField(default="")
    step = models.TextField()
    entered_at = models.DateTimeField()
    day = models.DateField()
    channel = models.TextField()
    branch = models.TextField(default="")
    first = models.BooleanField()
    seconds = models.IntegerField()
    next = models.TextField(default="")
    ended = models.TextField()
    excluded = models.TextField(default="")

    class Meta:
        indexes = (
            # Dialogues behind a node or a drop of the scenario map.
            models.Index(fields=("business_id", "day", "step"), name="dialogues_step_day"),
        )


class Word(models.Model):
    """The inverted index of search: a word or a `phone:`, `deal:`, `id:`, `name:` key, and a dialogue with it.

    Words stand in the order of their letters' codes on every server: beginnings of words are ranges.
    """

    pk = models.CompositePrimaryKey("business_id", "word", "dialogue_id")
    business_id = models.UUIDField()
    word = models.TextField(db_collation="C")
    dialogue_id = models.BigIntegerField()


class Schedule(models.Model):
    """Working hours as schedule_version events told them; the last told for a scope and a `valid_from` stands.

    The scope is whom the hours are of: a branch, a channel or a person, or the whole business (all three empty).
    `calendar` names the official calendar (`ru`) whose days off and transferred working days these hours follow.
    """

    pk = models.CompositePrimaryKey("business_id", "branch", "channel", "person", "valid_from")
    business_id = models.UUIDField()
    branch = models.TextField(default="")
    channel = models.TextField(default="")
    person = models.TextField(default="")
    valid_from = models.DateField()
    weekly = models.JSONField()
    calendar = models.TextField(default="")
    seq = models.BigIntegerField()

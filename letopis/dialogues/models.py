"""Conversations as rows: dialogues, their facts, turns, escalations, words, and the working hours they are judged by.

All but `Schedule` are written by the pipeline as the difference between what is stored and what the facts say;
texts are not copied here (but for `first_line`): a page reads them from the journal by `seq`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Dialogue(models.Model):
    """One conversation; `dialogue_id` is the number of the entry that opened it.

    Above the line: what its own facts say. Below: what also depends on visits, on the person's other dialogues, on
    working hours and on time passing; `due_at` is the next instant at which one of these changes by itself.
    `opening_day` is the day of the first client turn (M8, M9), `lead_day` that of the new lead which began here (M1,
    M2; empty `lead_state`: none, or one that no number counts), so that a list behind a number has its days.
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
    first_line = models.TextField(default="")
    first_seq = models.BigIntegerField(null=True)
    contact_first_at = models.DateTimeField(null=True)
    contact_last_at = models.DateTimeField(null=True)
    answers_at = ArrayField(models.DateTimeField(), default=list)
    last_by = models.TextField(default="")
    asked = models.BooleanField(default=False)
    thanked = models.BooleanField(default=False)
    failed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
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
    first_reply_s = models.IntegerField(null=True)
    first_reply_working_s = models.IntegerField(null=True)
    late = models.BooleanField(default=False)
    has_no_show = models.BooleanField(default=False)
    opening_day = models.DateField(null=True)
    lead_state = models.TextField(default="")
    lead_day = models.DateField(null=True)
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
    target has not passed; `in_time` and `working_s` are null for ever without a schedule.
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
    excluded = models.TextField(default="")
    own_replied_at = models.DateTimeField(null=True)
    own_replied_by = models.TextField(default="")
    replied_at = models.DateTimeField(null=True)
    replied_by = models.TextField(default="")
    wall_s = models.IntegerField()
    working_s = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    due_wall_at = models.DateTimeField()
    in_time = models.BooleanField(null=True)
    in_time_wall = models.BooleanField(null=True)
    lost = models.BooleanField()

    class Meta:
        indexes = (
            # Failures of M8 behind a day's number.
            models.Index(fields=("business_id", "day"), name="dialogues_turn_day"),
        )


class Escalation(models.Model):
    """The assistant handed a dialogue over to people: opened, taken (an explicit take or a person's message), closed.

    For one nobody took, `wall_s` and `working_s` run to its closing or to the dialogue's `quiet_at`; `ended` tells that
    this has come.
    """

    pk = models.CompositePrimaryKey("business_id", "dialogue_id", "n")
    business_id = models.UUIDField()
    dialogue_id = models.BigIntegerField()
    n = models.IntegerField()
    opened_at = models.DateTimeField()
    day = models.DateField()
    channel = models.TextField()
    reason = models.TextField(default="")
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


class Word(models.Model):
    """The inverted index of search: a word or a `phone:`, `deal:`, `id:`, `name:` key, and a dialogue with it.

    Words stand in the order of their letters' codes on every server: beginnings of words are ranges.
    """

    pk = models.CompositePrimaryKey("business_id", "word", "dialogue_id")
    business_id = models.UUIDField()
    word = models.TextField(db_collation="C")
    dialogue_id = models.BigIntegerField()


class Schedule(models.Model):
    """Working hours as schedule_version events told them; the last told for a `valid_from` stands."""

    pk = models.CompositePrimaryKey("business_id", "valid_from")
    business_id = models.UUIDField()
    valid_from = models.DateField()
    weekly = models.JSONField()
    seq = models.BigIntegerField()

"""The numbers as rows: leads, daily cells, windows, and where the pipeline stands in time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Reader(models.Model):
    """The pipeline's own row of a business: its lock, and the clock of everything that depends on time passing.

    Derived rows are a function of the facts, of `worked_until` (no due row before it is left), and of the windows.
    `record_since`: from when on a system of record was seen to answer, so that a booking wants its read-back.
    `crm_since`: from when on leads were seen to go to a CRM, so that a booking wants its deal there (M17).
    """

    business_id = models.UUIDField(primary_key=True)
    worked_until = models.DateTimeField()
    record_since = models.DateTimeField(null=True)
    crm_since = models.DateTimeField(null=True)


class Due(models.Model):
    """The next instant at which something of a person changes by itself; one row a person."""

    pk = models.CompositePrimaryKey("business_id", "person_id")
    business_id = models.UUIDField()
    person_id = models.BigIntegerField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = (
            # The worker asks what is due, over all businesses and in one.
            models.Index(fields=("due_at", "business_id"), name="metrics_due_at"),
            models.Index(fields=("business_id", "due_at"), name="metrics_due_business"),
        )


class Lead(models.Model):
    """A new lead: a person's first contact, or a contact after thirty days of silence without an open visit.

    `lead_id` is the dialogue of that contact. `booked_at` is the first chain before the person's next lead, however
    late; `state` is `booked` only when it came within the window that ends at `due_at`. The instants from `answered_at`
    to `paid_at` are the first ones before the person's next lead; `stage` is the furthest of them, and `stopped` says
    what became of who went no further (`records.Stopped`), `cause` why. `harm` is the mistake of ours that the lead
    met while it could still book, at `harm_at`. `visit` is where it stands with its visit (M3), `crm` with its record
    in the CRM (M17), each until its own due instant.
    `known`: has been here before.
    """

    pk = models.CompositePrimaryKey("business_id", "lead_id")
    business_id = models.UUIDField()
    lead_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    dialogue_id = models.BigIntegerField()
    channel = models.TextField()
    campaign = models.TextField(default="")
    branch = models.TextField(default="")
    intent = models.TextField(default="")
    service = models.TextField(default="")
    master = models.TextField(default="")
    known = models.BooleanField(default=False)
    hour = models.SmallIntegerField(default=0)
    at = models.DateTimeField()
    day = models.DateField()
    state = models.TextField()
    booked_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    mature = models.BooleanField()
    answered_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    paid_kop = models.BigIntegerField(default=0)
    stage = models.TextField(default="lead")
    stopped = models.TextField(default="")
    cause = models.TextField(default="")
    harm = models.TextField(default="")
    harm_at = models.DateTimeField(null=True)
    visit = models.TextField(default="")
    visit_due_at = models.DateTimeField(null=True)
    crm = models.TextField(default="")
    crm_due_at = models.DateTimeField(null=True)
    excluded = models.TextField(default="")

    class Meta:
        indexes = (
            # Cohorts of a period, and the list behind M1 and M2.
            models.Index(fields=("business_id", "day", "state"), name="metrics_lead_day"),
            # A person's leads: judging, the client's card.
            models.Index(fields=("business_id", "person_id"), name="metrics_lead_person"),
        )


class Cell(models.Model):
    """One cell of the rollup: a series of a metric on a local day, in one part of the business. See `definitions/`.

    `branch` empty means all branches. `by` names how the day is parted (`all`: not at all; `channel`, `campaign`, ...)
    and `member` one of its parts, so a total is read without adding parts up, and a part without the others.
    `n` and `k` are the rate's denominator and numerator. `total` and `hits` are the same over all objects, also those
    too young to enter the rate. `seconds` are lengths that ended, `censored` those that were still open, both sorted.
    """

    # In the order in which a page asks: which series, how parted, over which days; no other index.
    pk = models.CompositePrimaryKey("business_id", "metric", "by", "branch", "day", "member")
    business_id = models.UUIDField()
    metric = models.TextField()
    by = models.TextField()
    branch = models.TextField()
    day = models.DateField()
    member = models.TextField()
    n = models.IntegerField(default=0)
    k = models.IntegerField(default=0)
    pending = models.IntegerField(default=0)
    excluded = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    hits = models.IntegerField(default=0)
    seconds = ArrayField(models.IntegerField(), default=list)
    censored = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    n__gte=0, k__gte=0, pending__gte=0, excluded__gte=0, unknown__gte=0, total__gte=0, hits__gte=0
                ),
                name="metrics_cell_not_below_nothing",
            ),
        )


class Window(models.Model):
    """W of M2 for leads of a month, in days: reckoned once when the month begins and fixed from then on."""

    pk = models.CompositePrimaryKey("business_id", "month")
    business_id = models.UUIDField()
    month = models.DateField()
    days = models.IntegerField()


class Mark(models.Model):
    """A change that somebody made, to compare before and after; `seq` is the entry that told it.

    `kind` is what was changed (`marks.mark.What`), `made_by` who told: a page, a sender, or the readers themselves when
    a version of a scenario first appeared. `expected_ppm` is the effect promised before the result was seen, in
    millionths.
    """

    pk = models.CompositePrimaryKey("business_id", "seq")
    business_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    kind = models.TextField(default="")
    what = models.TextField(default="")
    effect = models.TextField(default="")
    metric = models.TextField(default="")
    expected_ppm = models.BigIntegerField(null=True)
    scenario = models.TextField(default="")
    version = models.TextField(default="")
    person = models.TextField(default="")
    made_by = models.TextField(default="")
    ended = models.BooleanField(default=False)

    class Meta:
        indexes = (
            # Marks of a period: every chart.
            models.Index(fields=("business_id", "day"), name="metrics_mark_day"),
        )


class Goal(models.Model):
    """What the owner wants of a metric from a day on; the last told for a day stands, `ended` takes the goal away.

    `target_ppm` is in millionths of the metric's unit: of one for shares, of a second, of a case.
    """

    pk = models.CompositePrimaryKey("business_id", "metric", "valid_from")
    business_id = models.UUIDField()
    metric = models.TextField()
    valid_from = models.DateField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    target_ppm = models.BigIntegerField(null=True)
    margin_ppm = models.BigIntegerField(null=True)
    person = models.TextField(default="")
    ended = models.BooleanField(default=False)


class Cost(models.Model):
    """What a campaign cost from one day to another, both included; the last told for a first day stands."""

    pk = models.CompositePrimaryKey("business_id", "campaign", "first_day")
    business_id = models.UUIDField()
    campaign = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    kop = models.BigIntegerField()
    seq = models.BigIntegerField()


class Frozen(models.Model):
    """A figure of a closed month as it was when the month was closed; entry `seq` of the journal holds it for ever."""

    pk = models.CompositePrimaryKey("business_id", "month", "metric")
    business_id = models.UUIDField()
    month = models.DateField()
    metric = models.TextField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    version = models.IntegerField()
    value = models.FloatField(null=True)
    numerator = models.IntegerField()
    denominator = models.IntegerField()
    n = models.IntegerField()
    pending = models.IntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

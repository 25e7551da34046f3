"""The numbers as rows: leads, daily cells, windows, and where the pipeline stands in time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Reader(models.Model):
    """The pipeline's own row of a business: its lock, and the clock of everything that depends on time passing.

    Derived rows are a function of the facts, of `worked_until` (no due row before it is left), and of the windows.
    `record_since`: from when on a system of record was seen to answer, so that a booking wants its read-back.
    """

    business_id = models.UUIDField(primary_key=True)
    worked_until = models.DateTimeField()
    record_since = models.DateTimeField(null=True)


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
    late; `state` is `booked` only when it came within the window that ends at `due_at`.
    """

    pk = models.CompositePrimaryKey("business_id", "lead_id")
    business_id = models.UUIDField()
    lead_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    dialogue_id = models.BigIntegerField()
    channel = models.TextField()
    campaign = models.TextField(default="")
    branch = models.TextField(default="")
    at = models.DateTimeField()
    day = models.DateField()
    state = models.TextField()
    booked_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    mature = models.BooleanField()
    excluded = models.TextField(default="")

    class Meta:
        indexes = (
            # Cohorts of a period, and the list behind M1 and M2.
            models.Index(fields=("business_id", "day", "state"), name="metrics_lead_day"),
            # A person's leads: judging, the client's card.
            models.Index(fields=("business_id", "person_id"), name="metrics_lead_person"),
        )


class Daily(models.Model):
    """One cell of the rollup: a metric on a local day in a channel. Sums of what each row weighs; see `definitions/`.

    `n` and `k` are the rate's denominator and numerator. `total` and `hits` are the same over all objects, also those
    too young to enter the rate. `seconds` are lengths that ended, `censored` those that were still open, both sorted.
    """

    pk = models.CompositePrimaryKey("business_id", "metric", "day", "channel")
    business_id = models.UUIDField()
    metric = models.TextField()
    day = models.DateField()
    channel = models.TextField()
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
        indexes = (
            # A page asks one period for all metrics at once.
            models.Index(fields=("business_id", "day"), name="metrics_daily_day"),
        )


class Window(models.Model):
    """W of M2 for leads of a month, in days: reckoned once when the month begins and fixed from then on."""

    pk = models.CompositePrimaryKey("business_id", "month")
    business_id = models.UUIDField()
    month = models.DateField()
    days = models.IntegerField()

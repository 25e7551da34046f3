"""The tables of the doors: what could not be understood, and what each source last sent."""

from django.db import models

from letopis.base import clock, ids


class State(models.TextChoices):
    """What became of a quarantined piece."""

    OPEN = "open"
    REPLAYED = "replayed"
    DROPPED = "dropped"


class Quarantine(models.Model):
    """One piece as received that could not become an event; written by `quarantine.py`, read by its page.

    `faults` is a list of {field, code, message: {ru, en}, remedy: {ru, en}}, the weightiest first.
    """

    pk = models.CompositePrimaryKey("business_id", "id")
    business_id = models.UUIDField()
    id = models.UUIDField(default=ids.new_uuid)
    received_at = models.DateTimeField(default=clock.now)
    source = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    field = models.CharField(max_length=64, blank=True)
    faults = models.JSONField()
    raw = models.BinaryField()
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    replayed_seq = models.BigIntegerField(null=True)
    edited_by = models.BigIntegerField(null=True)
    dropped_reason = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # Serves the quarantine page, newest first, and the count of open pieces.
            models.Index(fields=("business_id", "state", "-received_at", "-id"), name="intake_quarantine_page"),
        )

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"


class Source(models.Model):
    """What one connection last sent and how much today; written once a second by `sources.py`, read by its page.

    `connection` is the source of the key, `source` the channel its events name (empty: what was rejected).
    """

    pk = models.CompositePrimaryKey("business_id", "connection", "source")
    business_id = models.UUIDField()
    connection = models.CharField(max_length=64)
    source = models.CharField(max_length=64, blank=True)
    first_event_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    last_type = models.CharField(max_length=64, blank=True)
    day = models.DateField()
    accepted_today = models.BigIntegerField(default=0)
    duplicates_today = models.BigIntegerField(default=0)
    conflicts_today = models.BigIntegerField(default=0)
    rejected_today = models.BigIntegerField(default=0)
    last_rejected_at = models.DateTimeField(null=True)
    last_reason = models.CharField(max_length=64, blank=True)
    last_field = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.connection}: {self.source}"

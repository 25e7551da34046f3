"""Visits as rows: slots in chains, and the facts they are derived from; written by the pipeline alone."""

from django.db import models


class Key(models.Model):
    """Whose appointment an id is: `owner` is the client's `first_seq`, or, not `claimed` by a client yet, the first
    entry that named it; `dialogue_id` is where the appointment was made.
    """

    pk = models.CompositePrimaryKey("business_id", "appointment_id")
    business_id = models.UUIDField()
    appointment_id = models.TextField()
    owner = models.BigIntegerField()
    claimed = models.BooleanField()
    dialogue_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            # All ids of an owner, when a client turns out to be behind them.
            models.Index(fields=("business_id", "owner"), name="appointments_key_owner"),
        )


class Fact(models.Model):
    """One entry about a visit, kept by its owner; `body` is a `facts.VisitFact` as JSON."""

    pk = models.CompositePrimaryKey("business_id", "owner", "seq")
    business_id = models.UUIDField()
    owner = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    body = models.TextField()


class Slot(models.Model):
    """One visit at one time; a move makes a new slot of the same chain. Times are null when no sender told them.

    `state` becomes `unknown` at `unknown_at`, when nobody has marked the visit; `corrected` is a booking that the
    business itself took back within ten minutes. `reminded_at` is the first reminder that was sent and did not fail,
    `asked_at` the first that asked whether the client comes. `started`: its time has come, whatever became of it.
    `refilled`: it was freed two hours before its start at the latest, and another visit was made in its place (M21).
    `branch` is the one that its own events told, `told_branch`, or else that of the talk in which it was made.
    """

    pk = models.CompositePrimaryKey("business_id", "slot_id")
    business_id = models.UUIDField()
    slot_id = models.BigIntegerField()
    owner = models.BigIntegerField()
    chain_id = models.BigIntegerField()
    appointment_id = models.TextField(default="")
    person_id = models.BigIntegerField()
    client_id = models.TextField(default="")
    dialogue_id = models.BigIntegerField(null=True)
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    service = models.TextField(default="")
    resource = models.TextField(default="")
    price_kop = models.BigIntegerField(null=True)
    channel = models.TextField()
    campaign = models.TextField(default="")
    branch = models.TextField(default="")
    told_branch = models.TextField(default="")
    state = models.TextField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    unknown_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    started = models.BooleanField(default=False)
    refilled = models.BooleanField(default=False)
    first_of_chain = models.BooleanField()
    corrected = models.BooleanField()
    test = models.BooleanField()
    excluded = models.TextField(default="")

    class Meta:
        indexes = (
            # Visits of a day or a period, in the order of their start.
            models.Index(fields=("business_id", "start_at", "slot_id"), name="appointments_slot_start"),
            # A person's visits: judging, the client's card.
            models.Index(fields=("business_id", "person_id"), name="appointments_slot_person"),
            # What an owner's facts made before.
            models.Index(fields=("business_id", "owner"), name="appointments_slot_owner"),
            # Visits of a dialogue: its page and its outcome.
            models.Index(fields=("business_id", "dialogue_id"), name="appointments_slot_dialogue"),
            # The last visits with a price: the usual ticket (M22), read from the index alone.
            models.Index(
                fields=("business_id", "start_at"),
                include=("price_kop",),
                condition=models.Q(state="arrived", price_kop__isnull=False, excluded=""),
                name="appointments_slot_priced",
            ),
        )


class Service(models.Model):
    """A service as it is from a day on, until its next version; the last told for a day stands.

    Equal prices are an exact one, without `price_to_kop` it is «from»; `ended` is a version that takes it out.
    """

    pk = models.CompositePrimaryKey("business_id", "service_id", "valid_from")
    business_id = models.UUIDField()
    service_id = models.TextField()
    valid_from = models.DateField()
    seq = models.BigIntegerField()
    name = models.TextField(default="")
    aliases = models.JSONField(default=list)
    category = models.TextField(default="")
    minutes = models.IntegerField(null=True)
    price_from_kop = models.BigIntegerField(null=True)
    price_to_kop = models.BigIntegerField(null=True)
    ended = models.BooleanField(default=False)


class Master(models.Model):
    """A master or room as it is from a day on, until its next version; `services` are ids or names, none means all."""

    pk = models.CompositePrimaryKey("business_id", "master_id", "valid_from")
    business_id = models.UUIDField()
    master_id = models.TextField()
    valid_from = models.DateField()
    seq = models.BigIntegerField()
    name = models.TextField(default="")
    services = models.JSONField(default=list)
    branch = models.TextField(default="")
    ended = models.BooleanField(default=False)

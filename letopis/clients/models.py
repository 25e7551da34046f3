"""Who wrote to us: identities of channels, and the reversible links that make one person of them.

Written by `reader.py` alone, in the pipeline's transaction; read by dialogues, metrics, pages and `twins.py`.
"""

from django.db import models


class Identity(models.Model):
    """One client id as a sender gives it; `person_id` is the smallest `first_seq` among linked identities."""

    pk = models.CompositePrimaryKey("business_id", "client_id")
    business_id = models.UUIDField()
    client_id = models.TextField()
    person_id = models.BigIntegerField()
    channel = models.TextField()
    name = models.TextField(default="")
    phone = models.TextField(default="")
    first_seq = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = (
            # All identities of a person: the client's card, and merges.
            models.Index(fields=("business_id", "person_id"), name="clients_identity_person"),
        )


class Link(models.Model):
    """Two identities told to be one person by entry `seq`; undone by entry `undone_seq`. `a` sorts before `b`.

    Both numbers are the same where two were parted who had not been linked.
    """

    pk = models.CompositePrimaryKey("business_id", "a", "b", "seq")
    business_id = models.UUIDField()
    a = models.TextField()
    b = models.TextField()
    seq = models.BigIntegerField()
    undone_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            # A link is walked from either end.
            models.Index(fields=("business_id", "b"), name="clients_link_b"),
        )


class Phone(models.Model):
    """A verified number that a client gave first in entry `seq`, `at` its time.

    `twin_of` is the first client that gave it, empty for that one; `untold` while no link has ever named the two.
    """

    pk = models.CompositePrimaryKey("business_id", "phone", "client_id")
    business_id = models.UUIDField()
    client_id = models.TextField()
    phone = models.TextField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    twin_of = models.TextField(default="")
    untold = models.BooleanField(default=False)

    class Meta:
        indexes = (
            # The worker asks after each batch; mostly there is none.
            models.Index(fields=("business_id", "seq"), condition=models.Q(untold=True), name="clients_phone_untold"),
        )


class Block(models.Model):
    """A person who is frozen since entry `seq`; `first_seq` is the first entry that named him."""

    pk = models.CompositePrimaryKey("business_id", "first_seq")
    business_id = models.UUIDField()
    first_seq = models.BigIntegerField()
    seq = models.BigIntegerField()

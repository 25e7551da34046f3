"""Who wrote to us: identities of channels, and the reversible links that make one person of them.

Written by `reader.py` alone, in the pipeline's transaction; read by dialogues, metrics and pages.
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
    """Two identities told to be one person by entry `seq`; undone by entry `undone_seq`. `a` sorts before `b`."""

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

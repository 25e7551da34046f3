"""What the owner has decided about personal data; written by the pipeline from the journal's own entries."""

from django.db import models


class Policy(models.Model):
    """How many days each class of content is kept, from entry `seq` on; `ground` is why longer than a year."""

    pk = models.CompositePrimaryKey("business_id", "seq")
    business_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    raw_days = models.IntegerField()
    trace_days = models.IntegerField()
    attach_days = models.IntegerField()
    text_days = models.IntegerField()
    who_days = models.IntegerField()
    ground = models.TextField(default="")
    person = models.TextField(default="")


class Expired(models.Model):
    """Up to entry `to_seq` the content of class `kept` has been taken out; entry `seq`, at `at`, told so last."""

    pk = models.CompositePrimaryKey("business_id", "kept")
    business_id = models.UUIDField()
    kept = models.TextField()
    to_seq = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()

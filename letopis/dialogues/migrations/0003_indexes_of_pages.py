"""Indexes that lists and losses are read from alone; built beside the work that goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("dialogues", "0002_words_that_meet")]

    operations = [
        AddIndexConcurrently(
            "dialogue",
            models.Index(
                fields=("business_id", "day", "outcome"), include=("cause", "failed_at"), name="dialogues_dialogue_days"
            ),
        ),
        RemoveIndexConcurrently("dialogue", "dialogues_dialogue_day"),
        AddIndexConcurrently(
            "dialogue", models.Index(fields=("business_id", "channel"), name="dialogues_dialogue_channel")
        ),
        AddIndexConcurrently(
            "dialogue",
            models.Index(
                fields=("business_id", "branch"), name="dialogues_dialogue_branch", condition=~models.Q(branch="")
            ),
        ),
    ]

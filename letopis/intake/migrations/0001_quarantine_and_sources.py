"""Quarantine of what could not be understood, and the last news of each source; both behind the wall."""

from django.db import migrations, models

import letopis.base.clock
import letopis.base.ids
from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "connection",
                        "source",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("connection", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("first_event_at", models.DateTimeField(null=True)),
                ("last_event_at", models.DateTimeField(null=True)),
                ("last_type", models.CharField(blank=True, max_length=64)),
                ("day", models.DateField()),
                ("accepted_today", models.BigIntegerField(default=0)),
                ("duplicates_today", models.BigIntegerField(default=0)),
                ("conflicts_today", models.BigIntegerField(default=0)),
                ("rejected_today", models.BigIntegerField(default=0)),
                ("last_rejected_at", models.DateTimeField(null=True)),
                ("last_reason", models.CharField(blank=True, max_length=64)),
                ("last_field", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("id", models.UUIDField(default=letopis.base.ids.new_uuid)),
                ("received_at", models.DateTimeField(default=letopis.base.clock.now)),
                ("source", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=64)),
                ("field", models.CharField(blank=True, max_length=64)),
                ("faults", models.JSONField()),
                ("raw", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("replayed", "Replayed"), ("dropped", "Dropped")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("replayed_seq", models.BigIntegerField(null=True)),
                ("edited_by", models.BigIntegerField(null=True)),
                ("dropped_reason", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business_id", "state", "-received_at", "-id"], name="intake_quarantine_page")
                ],
            },
        ),
        *walled("intake_source", grants="SELECT, INSERT, UPDATE"),
        *walled("intake_quarantine"),
    ]

"""Stays on scenario steps, what the numbers ask of dialogues and turns, and hours of a branch, a channel, a person.

Hours are derived from the journal: the new table begins empty, and the readers, whose version has risen, fill it.
"""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0003_indexes_of_pages")]

    operations = [
        migrations.AddField("dialogue", "refused_for", models.TextField(default="")),
        migrations.AddField("dialogue", "fallbacks", models.IntegerField(default=0)),
        migrations.AddField("dialogue", "offered_at", models.DateTimeField(null=True)),
        migrations.AddField("dialogue", "tried_at", models.DateTimeField(null=True)),
        migrations.AddField("dialogue", "delivered_at", models.DateTimeField(null=True)),
        migrations.AddField("dialogue", "paid_at", models.DateTimeField(null=True)),
        migrations.AddField("dialogue", "paid_kop", models.BigIntegerField(default=0)),
        migrations.AddField("dialogue", "answered_at", models.DateTimeField(null=True)),
        migrations.AddField("dialogue", "lead_stage", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_stopped", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_cause", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_master", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_known", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_crm", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_visit", models.TextField(default="")),
        migrations.AddField("turn", "branch", models.TextField(default="")),
        migrations.AddField("turn", "hour", models.SmallIntegerField(default=0)),
        migrations.AddField("turn", "person", models.TextField(default="")),
        migrations.AddField("turn", "unanswered", models.BooleanField(null=True)),
        migrations.AddField("turn", "unanswered_wall", models.BooleanField(null=True)),
        migrations.AddField("escalation", "branch", models.TextField(default="")),
        migrations.AddField("escalation", "person", models.TextField(default="")),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "dialogue_id", "n", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("dialogue_id", models.BigIntegerField()),
                ("n", models.IntegerField()),
                ("scenario", models.TextField()),
                ("version", models.TextField(default="")),
                ("step", models.TextField()),
                ("entered_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("channel", models.TextField()),
                ("branch", models.TextField(default="")),
                ("first", models.BooleanField()),
                ("seconds", models.IntegerField()),
                ("next", models.TextField(default="")),
                ("ended", models.TextField()),
                ("excluded", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "day", "step"], name="dialogues_step_day")],
            },
        ),
        migrations.DeleteModel("Schedule"),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "branch",
                        "channel",
                        "person",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("branch", models.TextField(default="")),
                ("channel", models.TextField(default="")),
                ("person", models.TextField(default="")),
                ("valid_from", models.DateField()),
                ("weekly", models.JSONField()),
                ("calendar", models.TextField(default="")),
                ("seq", models.BigIntegerField()),
            ],
        ),
        *walled("dialogues_step", "dialogues_schedule"),
    ]

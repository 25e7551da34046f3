"""Conversations: dialogues, facts, turns, escalations, words, working hours."""

import django.contrib.postgres.fields
from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "dialogue_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("dialogue_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("type", models.TextField()),
                ("level", models.SmallIntegerField()),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "valid_from", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("valid_from", models.DateField()),
                ("weekly", models.JSONField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "word",
                        "dialogue_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("word", models.TextField()),
                ("dialogue_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Dialogue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "dialogue_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("dialogue_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("client_id", models.TextField(default="")),
                ("session_id", models.TextField(default="")),
                ("channel", models.TextField()),
                ("branch", models.TextField(default="")),
                ("campaign", models.TextField(default="")),
                ("scenario", models.TextField(default="")),
                ("version", models.TextField(default="")),
                ("started_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("facts", models.IntegerField()),
                ("spoken", models.BooleanField()),
                ("intent", models.TextField(default="")),
                ("confidence_ppm_min", models.IntegerField(null=True)),
                ("deal_ref", models.TextField(default="")),
                ("service", models.TextField(default="")),
                ("messages_in", models.IntegerField(default=0)),
                ("messages_out", models.IntegerField(default=0)),
                ("assistant_out", models.IntegerField(default=0)),
                ("human_out", models.IntegerField(default=0)),
                ("errors", models.IntegerField(default=0)),
                ("model_calls", models.IntegerField(default=0)),
                ("cost_mkop", models.BigIntegerField(default=0)),
                ("first_line", models.TextField(default="")),
                ("first_seq", models.BigIntegerField(null=True)),
                ("contact_first_at", models.DateTimeField(null=True)),
                ("contact_last_at", models.DateTimeField(null=True)),
                (
                    "answers_at",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=None
                    ),
                ),
                ("last_by", models.TextField(default="")),
                ("asked", models.BooleanField(default=False)),
                ("thanked", models.BooleanField(default=False)),
                ("failed_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("complained_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("escalation_reason", models.TextField(default="")),
                ("taken_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("excluded", models.TextField(default="")),
                ("test", models.BooleanField(default=False)),
                ("outcome", models.TextField(default="pending")),
                ("outcome_at", models.DateTimeField(null=True)),
                ("cause", models.TextField(default="")),
                ("closed_as", models.TextField(default="")),
                ("quiet_at", models.DateTimeField()),
                ("waiting_since", models.DateTimeField(null=True)),
                ("first_reply_s", models.IntegerField(null=True)),
                ("first_reply_working_s", models.IntegerField(null=True)),
                ("late", models.BooleanField(default=False)),
                ("has_no_show", models.BooleanField(default=False)),
                ("opening_day", models.DateField(null=True)),
                ("lead_state", models.TextField(default="")),
                ("lead_day", models.DateField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["business_id", "started_at", "dialogue_id"], name="dialogues_dialogue_started"
                    ),
                    models.Index(fields=["business_id", "day", "outcome"], name="dialogues_dialogue_day"),
                    models.Index(fields=["business_id", "person_id"], name="dialogues_dialogue_person"),
                    models.Index(fields=["business_id", "session_id"], name="dialogues_dialogue_session"),
                    models.Index(fields=["business_id", "client_id"], name="dialogues_dialogue_client"),
                    models.Index(
                        condition=models.Q(("waiting_since__isnull", False)),
                        fields=["business_id", "waiting_since"],
                        name="dialogues_dialogue_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
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
                ("opened_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("channel", models.TextField()),
                ("reason", models.TextField(default="")),
                ("taken_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("wall_s", models.IntegerField()),
                ("working_s", models.IntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("in_time", models.BooleanField(null=True)),
                ("ended", models.BooleanField()),
                ("excluded", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "day"], name="dialogues_escalation_day")],
            },
        ),
        migrations.CreateModel(
            name="Turn",
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
                ("started_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("channel", models.TextField()),
                ("opening", models.BooleanField()),
                ("closing", models.BooleanField()),
                ("escalation", models.BooleanField()),
                ("suspect", models.BooleanField()),
                ("excluded", models.TextField(default="")),
                ("own_replied_at", models.DateTimeField(null=True)),
                ("own_replied_by", models.TextField(default="")),
                ("replied_at", models.DateTimeField(null=True)),
                ("replied_by", models.TextField(default="")),
                ("wall_s", models.IntegerField()),
                ("working_s", models.IntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_wall_at", models.DateTimeField()),
                ("in_time", models.BooleanField(null=True)),
                ("in_time_wall", models.BooleanField(null=True)),
                ("lost", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "day"], name="dialogues_turn_day")],
            },
        ),
        # Room on every page for the next state of its dialogues, so that an update need not touch the indexes.
        migrations.RunSQL("ALTER TABLE dialogues_dialogue SET (fillfactor = 70)", migrations.RunSQL.noop),
        *walled(
            "dialogues_dialogue",
            "dialogues_fact",
            "dialogues_turn",
            "dialogues_escalation",
            "dialogues_word",
            "dialogues_schedule",
        ),
    ]

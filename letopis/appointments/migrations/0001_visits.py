"""Visits: keys, facts, slots."""

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
                        "business_id", "owner", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("owner", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "appointment_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("appointment_id", models.TextField()),
                ("owner", models.BigIntegerField()),
                ("claimed", models.BooleanField()),
                ("dialogue_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "owner"], name="appointments_key_owner")],
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "slot_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("slot_id", models.BigIntegerField()),
                ("owner", models.BigIntegerField()),
                ("chain_id", models.BigIntegerField()),
                ("appointment_id", models.TextField(default="")),
                ("person_id", models.BigIntegerField()),
                ("client_id", models.TextField(default="")),
                ("dialogue_id", models.BigIntegerField(null=True)),
                ("start_at", models.DateTimeField(null=True)),
                ("end_at", models.DateTimeField(null=True)),
                ("day", models.DateField(null=True)),
                ("service", models.TextField(default="")),
                ("resource", models.TextField(default="")),
                ("price_kop", models.BigIntegerField(null=True)),
                ("channel", models.TextField()),
                ("campaign", models.TextField(default="")),
                ("state", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("final_at", models.DateTimeField(null=True)),
                ("unknown_at", models.DateTimeField(null=True)),
                ("first_of_chain", models.BooleanField()),
                ("corrected", models.BooleanField()),
                ("test", models.BooleanField()),
                ("excluded", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business_id", "start_at", "slot_id"], name="appointments_slot_start"),
                    models.Index(fields=["business_id", "person_id"], name="appointments_slot_person"),
                    models.Index(fields=["business_id", "owner"], name="appointments_slot_owner"),
                    models.Index(fields=["business_id", "dialogue_id"], name="appointments_slot_dialogue"),
                ],
            },
        ),
        *walled("appointments_key", "appointments_fact", "appointments_slot"),
    ]

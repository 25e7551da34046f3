"""The numbers: the pipeline's clock, dues, leads, daily cells, windows."""

import django.contrib.postgres.fields
from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("business_id", models.UUIDField(primary_key=True, serialize=False)),
                ("worked_until", models.DateTimeField()),
                ("record_since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("month", models.DateField()),
                ("days", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Daily",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "metric",
                        "day",
                        "channel",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("metric", models.TextField()),
                ("day", models.DateField()),
                ("channel", models.TextField()),
                ("n", models.IntegerField(default=0)),
                ("k", models.IntegerField(default=0)),
                ("pending", models.IntegerField(default=0)),
                ("excluded", models.IntegerField(default=0)),
                ("unknown", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("hits", models.IntegerField(default=0)),
                (
                    "seconds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "censored",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "day"], name="metrics_daily_day")],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "person_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("person_id", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["due_at", "business_id"], name="metrics_due_at"),
                    models.Index(fields=["business_id", "due_at"], name="metrics_due_business"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "lead_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("lead_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("dialogue_id", models.BigIntegerField()),
                ("channel", models.TextField()),
                ("campaign", models.TextField(default="")),
                ("branch", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("day", models.DateField()),
                ("state", models.TextField()),
                ("booked_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("mature", models.BooleanField()),
                ("excluded", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business_id", "day", "state"], name="metrics_lead_day"),
                    models.Index(fields=["business_id", "person_id"], name="metrics_lead_person"),
                ],
            },
        ),
        *walled("metrics_reader", "metrics_lead", "metrics_daily", "metrics_window"),
    ]

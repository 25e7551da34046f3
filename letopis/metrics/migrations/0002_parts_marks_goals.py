"""Cells by part of the business, the way of a lead, and marks, goals, costs and frozen figures.

All rows here but those of `Window` are derived from the journal: the readers, whose version has risen, fill them anew.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

from letopis.access.wall import walled


def _key(*fields: str) -> tuple[str, models.CompositePrimaryKey]:
    return "pk", models.CompositePrimaryKey(*fields, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_numbers")]

    operations = [
        migrations.AddField("reader", "crm_since", models.DateTimeField(null=True)),
        migrations.AddField("lead", "intent", models.TextField(default="")),
        migrations.AddField("lead", "service", models.TextField(default="")),
        migrations.AddField("lead", "master", models.TextField(default="")),
        migrations.AddField("lead", "known", models.BooleanField(default=False)),
        migrations.AddField("lead", "hour", models.SmallIntegerField(default=0)),
        migrations.AddField("lead", "answered_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "offered_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "came_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "paid_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "paid_kop", models.BigIntegerField(default=0)),
        migrations.AddField("lead", "stage", models.TextField(default="lead")),
        migrations.AddField("lead", "stopped", models.TextField(default="")),
        migrations.AddField("lead", "cause", models.TextField(default="")),
        migrations.AddField("lead", "harm", models.TextField(default="")),
        migrations.AddField("lead", "visit", models.TextField(default="")),
        migrations.AddField("lead", "visit_due_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "crm", models.TextField(default="")),
        migrations.AddField("lead", "crm_due_at", models.DateTimeField(null=True)),
        migrations.DeleteModel("Daily"),
        migrations.CreateModel(
            name="Cell",
            fields=[
                _key("business_id", "metric", "by", "branch", "day", "member"),
                ("business_id", models.UUIDField()),
                ("metric", models.TextField()),
                ("by", models.TextField()),
                ("branch", models.TextField()),
                ("day", models.DateField()),
                ("member", models.TextField()),
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
        ),
        migrations.AddConstraint(
            "cell",
            models.CheckConstraint(
                condition=models.Q(
                    n__gte=0, k__gte=0, pending__gte=0, excluded__gte=0, unknown__gte=0, total__gte=0, hits__gte=0
                ),
                name="metrics_cell_not_below_nothing",
            ),
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                _key("business_id", "seq"),
                ("business_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("day", models.DateField()),
                ("kind", models.TextField(default="")),
                ("what", models.TextField(default="")),
                ("effect", models.TextField(default="")),
                ("metric", models.TextField(default="")),
                ("expected_ppm", models.BigIntegerField(null=True)),
                ("scenario", models.TextField(default="")),
                ("version", models.TextField(default="")),
                ("person", models.TextField(default="")),
                ("made_by", models.TextField(default="")),
                ("ended", models.BooleanField(default=False)),
            ],
            options={"indexes": [models.Index(fields=["business_id", "day"], name="metrics_mark_day")]},
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                _key("business_id", "metric", "valid_from"),
                ("business_id", models.UUIDField()),
                ("metric", models.TextField()),
                ("valid_from", models.DateField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("target_ppm", models.BigIntegerField(null=True)),
                ("margin_ppm", models.BigIntegerField(null=True)),
                ("person", models.TextField(default="")),
                ("ended", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                _key("business_id", "campaign", "first_day"),
                ("business_id", models.UUIDField()),
                ("campaign", models.TextField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("kop", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Frozen",
            fields=[
                _key("business_id", "month", "metric"),
                ("business_id", models.UUIDField()),
                ("month", models.DateField()),
                ("metric", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("version", models.IntegerField()),
                ("value", models.FloatField(null=True)),
                ("numerator", models.IntegerField()),
                ("denominator", models.IntegerField()),
                ("n", models.IntegerField()),
                ("pending", models.IntegerField()),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
            ],
        ),
        *walled("metrics_cell", "metrics_mark", "metrics_goal", "metrics_cost", "metrics_frozen"),
    ]

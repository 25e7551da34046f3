"""What owners have decided about terms, and how far content has expired. The pipeline fills both."""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_who_is_who")]

    operations = [
        migrations.CreateModel(
            name="Expired",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "kept", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("kept", models.TextField()),
                ("to_seq", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("raw_days", models.IntegerField()),
                ("trace_days", models.IntegerField()),
                ("attach_days", models.IntegerField()),
                ("text_days", models.IntegerField()),
                ("who_days", models.IntegerField()),
                ("ground", models.TextField(default="")),
                ("person", models.TextField(default="")),
            ],
        ),
        *walled("privacy_policy", "privacy_expired"),
    ]

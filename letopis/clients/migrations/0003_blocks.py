"""Persons who are frozen while somebody disputes what is kept of them. The pipeline fills it."""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_phones"),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "first_seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("first_seq", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        *walled("clients_block"),
    ]

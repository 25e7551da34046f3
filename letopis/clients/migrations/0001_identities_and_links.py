"""Identities of channels and the links between them."""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "client_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("client_id", models.TextField()),
                ("person_id", models.BigIntegerField()),
                ("channel", models.TextField()),
                ("name", models.TextField(default="")),
                ("phone", models.TextField(default="")),
                ("first_seq", models.BigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "person_id"], name="clients_identity_person")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "a", "b", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("a", models.TextField()),
                ("b", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("undone_seq", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["business_id", "b"], name="clients_link_b")],
            },
        ),
        # Room on every page for the next state of its rows, so that an update need not touch the indexes.
        migrations.RunSQL("ALTER TABLE clients_identity SET (fillfactor = 70)", migrations.RunSQL.noop),
        *walled("clients_identity", "clients_link"),
    ]

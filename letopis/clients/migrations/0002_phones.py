"""Who gave which phone, so that clients with the same one become one person."""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_identities_and_links")]

    operations = [
        migrations.CreateModel(
            name="Phone",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "phone",
                        "client_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("client_id", models.TextField()),
                ("phone", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("twin_of", models.TextField(default="")),
                ("untold", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("untold", True)),
                        fields=["business_id", "seq"],
                        name="clients_phone_untold",
                    )
                ],
            },
        ),
        *walled("clients_phone"),
    ]

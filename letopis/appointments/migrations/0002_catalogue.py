"""The catalogue: services with their prices, and masters, in versions."""

from django.db import migrations, models

from letopis.access.wall import walled


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_visits")]

    operations = [
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "service_id",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("service_id", models.TextField()),
                ("valid_from", models.DateField()),
                ("seq", models.BigIntegerField()),
                ("name", models.TextField(default="")),
                ("aliases", models.JSONField(default=list)),
                ("category", models.TextField(default="")),
                ("minutes", models.IntegerField(null=True)),
                ("price_from_kop", models.BigIntegerField(null=True)),
                ("price_to_kop", models.BigIntegerField(null=True)),
                ("ended", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Master",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id",
                        "master_id",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("master_id", models.TextField()),
                ("valid_from", models.DateField()),
                ("seq", models.BigIntegerField()),
                ("name", models.TextField(default="")),
                ("services", models.JSONField(default=list)),
                ("branch", models.TextField(default="")),
                ("ended", models.BooleanField(default=False)),
            ],
        ),
        *walled("appointments_service", "appointments_master"),
    ]

"""The catalogue of businesses, people, roles and keys; the access log behind the wall."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import letopis.base.clock
import letopis.base.ids
from letopis.access.wall import walled


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Business",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=letopis.base.ids.new_uuid, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("timezone", models.CharField(max_length=64)),
                (
                    "vertical",
                    models.CharField(
                        choices=[("salon", "Beauty salon"), ("clinic", "Clinic"), ("repair", "Repair shop")],
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField(default=letopis.base.clock.now)),
            ],
            options={
                "verbose_name_plural": "businesses",
            },
        ),
        migrations.CreateModel(
            name="Network",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "language",
                    models.CharField(choices=[("ru", "Русский"), ("en", "English")], default="ru", max_length=2),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
                        default="auto",
                        max_length=8,
                    ),
                ),
                ("keys_on", models.BooleanField(default=True)),
                ("is_operator", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=letopis.base.clock.now)),
            ],
            options={
                "verbose_name_plural": "people",
                "constraints": [
                    models.UniqueConstraint(fields=("email",), name="access_person_email"),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="access_person_email_folded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "at", "look_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.UUIDField()),
                ("at", models.DateTimeField(default=letopis.base.clock.now)),
                ("look_id", models.UUIDField(default=letopis.base.ids.new_uuid)),
                ("person_id", models.BigIntegerField(null=True)),
                ("key_id", models.BigIntegerField(null=True)),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key_id__isnull", False), ("person_id__isnull", True)),
                            models.Q(("key_id__isnull", True), ("person_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="access_look_one_looker",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_id", "person_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("integrator", "Integrator")],
                        max_length=16,
                    ),
                ),
                ("since", models.DateTimeField(default=letopis.base.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="access.business"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="business",
            name="network",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="businesses",
                to="access.network",
            ),
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="branches", to="access.business"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "branches",
                "constraints": [models.UniqueConstraint(fields=("business", "code"), name="access_branch_code")],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=8, unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("source", models.CharField(max_length=64)),
                ("scope", models.CharField(choices=[("send", "Sends events"), ("read", "Reads")], max_length=8)),
                ("created_at", models.DateTimeField(default=letopis.base.clock.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="access.business"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["business", "source"], name="access_apikey_source")],
            },
        ),
        *walled("access_look", grants="SELECT, INSERT"),
        # Counters of attempts that all web processes share; the table is the one of Django's database cache.
        migrations.RunSQL(
            [
                "CREATE TABLE access_cache"
                " (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX access_cache_expires ON access_cache (expires)",
            ],
            ["DROP TABLE access_cache"],
        ),
    ]

"""Whether a business wants a second factor of its owners and integrators."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_may_ask"),
    ]

    operations = [
        migrations.AddField(
            model_name="business",
            name="second_factor",
            field=models.BooleanField(db_default=False),
        ),
    ]

"""The branch that a visit's own events told, beside the one it may take over from its talk. Readers fill it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_priced_visits")]

    operations = [
        migrations.AddField("slot", "told_branch", models.TextField(default="")),
    ]

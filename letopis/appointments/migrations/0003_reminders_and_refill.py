"""What the numbers ask of a visit: its branch, its reminders, whether its time has come, whether it was refilled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_catalogue")]

    operations = [
        migrations.AddField("slot", "branch", models.TextField(default="")),
        migrations.AddField("slot", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField("slot", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("slot", "started", models.BooleanField(default=False)),
        migrations.AddField("slot", "refilled", models.BooleanField(default=False)),
    ]

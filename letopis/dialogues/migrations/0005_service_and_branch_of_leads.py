"""The service and the branch of a lead beside its dialogue: a booking elsewhere may have told them. Readers fill them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0004_steps_and_scopes")]

    operations = [
        migrations.AddField("dialogue", "lead_service", models.TextField(default="")),
        migrations.AddField("dialogue", "lead_branch", models.TextField(default="")),
    ]

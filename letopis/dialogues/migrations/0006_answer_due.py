"""Until when an answer is owed to whoever waits, beside since when. Readers fill it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0005_service_and_branch_of_leads")]

    operations = [
        migrations.AddField("dialogue", "answer_due_at", models.DateTimeField(null=True)),
    ]

"""When something of ours first failed in a dialogue, beside the last time. Readers fill it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0006_answer_due")]

    operations = [
        migrations.AddField("dialogue", "failed_first_at", models.DateTimeField(null=True)),
    ]

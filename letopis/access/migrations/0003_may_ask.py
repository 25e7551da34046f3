"""Who sees people masked may be allowed to ask for one dialogue unmasked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_looks_say_why")]

    operations = [
        migrations.AddField("Membership", "may_ask", models.BooleanField(db_default=False)),
    ]

"""A look says in which role, what was done and why; the scribe takes it away when it stands in the ledger."""

from django.db import migrations, models

TAKEN = "GRANT SELECT, DELETE ON access_look TO letopis_scribe"
NOT_TAKEN = "REVOKE SELECT, DELETE ON access_look FROM letopis_scribe"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_who_is_who")]

    operations = [
        migrations.AddField("Look", "role", models.CharField(blank=True, db_default="", max_length=32)),
        migrations.AddField("Look", "act", models.CharField(db_default="opened", max_length=32)),
        migrations.AddField("Look", "reason", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.AddField("Look", "refused", models.BooleanField(db_default=False)),
        migrations.RunSQL(TAKEN, NOT_TAKEN),
    ]

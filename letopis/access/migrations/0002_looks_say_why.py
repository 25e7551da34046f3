"""A look says in which role, what was done and why, and the scribe takes it away; a key may see people masked."""

from django.db import migrations, models

TAKEN = "GRANT SELECT, DELETE ON access_look TO letopis_scribe"
# A key that somebody made who sees no people must see none either.
MASKED = """
UPDATE access_apikey k SET masked = true FROM access_membership m
WHERE m.business_id = k.business_id AND m.person_id = k.created_by_id AND m.role = 'integrator'
"""
NOT_TAKEN = "REVOKE SELECT, DELETE ON access_look FROM letopis_scribe"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_who_is_who")]

    operations = [
        migrations.AddField("Look", "role", models.CharField(blank=True, db_default="", max_length=32)),
        migrations.AddField("Look", "act", models.CharField(db_default="opened", max_length=32)),
        migrations.AddField("Look", "reason", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.AddField("Look", "refused", models.BooleanField(db_default=False)),
        migrations.AddField("ApiKey", "masked", models.BooleanField(db_default=False)),
        migrations.RunSQL(MASKED, migrations.RunSQL.noop),
        migrations.RunSQL(TAKEN, NOT_TAKEN),
    ]

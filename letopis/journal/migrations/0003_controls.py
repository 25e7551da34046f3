"""Control entries are found by themselves: they are a few among millions.

Made without holding up the scribe, so outside of a transaction.
"""

from django.db import migrations

CONTROLS = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_entry_controls ON journal_entry (business_id, log, seq) WHERE kind = 1
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0002_seal")]

    operations = [
        # Serves the page of a dialogue whose texts were erased, and `verify`.
        migrations.RunSQL(CONTROLS, "DROP INDEX journal_entry_controls"),
    ]

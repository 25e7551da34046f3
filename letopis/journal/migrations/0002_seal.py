"""The outcome of the last verification of each log, shown at the foot of every page."""

from django.db import migrations

from letopis.access.wall import walled

SEAL = """
CREATE TABLE journal_seal (
  business_id uuid NOT NULL,
  log text NOT NULL,
  entries bigint NOT NULL,
  root bytea NOT NULL,
  problems integer NOT NULL,
  first_problem text NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, log)
);
COMMENT ON TABLE journal_seal IS 'The last verification of a log: the worker writes it, every page shows it';
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_journal")]

    operations = [
        migrations.RunSQL(SEAL, "DROP TABLE journal_seal"),
        *walled("journal_seal", grants="SELECT, INSERT, UPDATE"),
    ]

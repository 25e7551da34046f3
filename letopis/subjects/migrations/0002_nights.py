"""What each night took out of a business, for the page of terms."""

from django.db import migrations

from letopis.access.wall import walled

NIGHT = """
CREATE TABLE subjects_night (
  business_id uuid NOT NULL,
  day date NOT NULL,
  at timestamptz NOT NULL,
  gone jsonb NOT NULL,
  PRIMARY KEY (business_id, day)
);
COMMENT ON TABLE subjects_night IS 'One row a night: how many entries, or persons, went by each class; the worker writes it';
"""


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_acts")]

    operations = [migrations.RunSQL(NIGHT, "DROP TABLE subjects_night"), *walled("subjects_night")]

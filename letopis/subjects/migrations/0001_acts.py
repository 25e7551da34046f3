"""How many acts of the list of erasures this database knows, and when tables were last made anew after them."""

from django.db import migrations

ACTS = """
CREATE TABLE subjects_acts (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  acts bigint NOT NULL CHECK (acts >= 0),
  rewritten_us bigint NOT NULL
);
COMMENT ON TABLE subjects_acts IS
  'One row: how many acts of the file of erasures are done here, and up to when the files hold nothing of them';
INSERT INTO subjects_acts (acts, rewritten_us) VALUES (0, 0);
REVOKE ALL ON subjects_acts FROM letopis_app;
GRANT SELECT, UPDATE ON subjects_acts TO letopis_eraser;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("journal", "0004_erasable")]

    operations = [migrations.RunSQL(ACTS, "DROP TABLE subjects_acts")]

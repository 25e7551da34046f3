"""What remains of content that was taken out, and the rights of the one role that takes it."""

from django.db import migrations

from letopis.access.wall import walled

REMAINS = """
CREATE TABLE journal_remains (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  log text NOT NULL,
  who bytea,
  said bytea,
  PRIMARY KEY (business_id, log, seq)
);
COMMENT ON TABLE journal_remains IS
  'What figures still need of an entry whose content is gone: pseudonyms in place of ids, and what its words amounted to';
"""

GRANTS = """
GRANT SELECT ON journal_remains TO letopis_scribe;
GRANT INSERT, UPDATE ON journal_remains TO letopis_eraser;
GRANT UPDATE ON journal_content TO letopis_eraser;
GRANT DELETE ON journal_raw TO letopis_eraser;
"""

NO_GRANTS = """
REVOKE UPDATE ON journal_content FROM letopis_eraser;
REVOKE DELETE ON journal_raw FROM letopis_eraser;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_controls")]

    operations = [
        migrations.RunSQL(REMAINS, "DROP TABLE journal_remains"),
        *walled("journal_remains", grants="SELECT"),
        migrations.RunSQL(GRANTS, NO_GRANTS),
    ]

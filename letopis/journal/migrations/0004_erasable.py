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

RENAMING = """
CREATE TABLE journal_renaming (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  log text NOT NULL,
  sort text NOT NULL,
  former text NOT NULL,
  alias text NOT NULL,
  PRIMARY KEY (business_id, log, seq, sort, former)
);
COMMENT ON TABLE journal_renaming IS
  'Ids that an erasure has just replaced, until the reader has replaced them too. The eraser adds, the reader deletes';
"""

GRANTS = """
GRANT SELECT (business_id, log, seq) ON journal_remains TO letopis_scribe;
GRANT INSERT, UPDATE ON journal_remains TO letopis_eraser;
GRANT INSERT ON journal_renaming TO letopis_eraser;
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
        migrations.RunSQL(RENAMING, "DROP TABLE journal_renaming"),
        *walled("journal_remains", grants="SELECT"),
        *walled("journal_renaming", grants="SELECT, DELETE"),
        migrations.RunSQL(GRANTS, NO_GRANTS),
    ]

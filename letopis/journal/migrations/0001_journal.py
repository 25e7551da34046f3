"""The tables of the journal: logs, entries, content, raw bodies, tags, nodes, positions.

What must not be changed is not granted: `letopis_app` reads, `letopis_scribe` inserts and moves log rows on. Partitions
are made ahead by `letopis.journal.partitions`; the default ones here catch what comes outside of them.
"""

from django.db import migrations

from letopis.access.wall import walled

LOG = """
CREATE TABLE journal_log (
  business_id uuid NOT NULL,
  log text NOT NULL,
  origin text NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  frontier bytea NOT NULL,
  last_us bigint NOT NULL,
  min_index bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  PRIMARY KEY (business_id, log)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE journal_log IS 'One row a log; its row lock is the order of the log. The scribe writes it, all read it';
COMMENT ON COLUMN journal_log.frontier IS 'roots of the perfect subtrees of this size, largest first, 32 bytes each';
REVOKE ALL ON journal_log FROM letopis_app;
GRANT SELECT ON journal_log TO letopis_app;
GRANT SELECT, INSERT, UPDATE ON journal_log TO letopis_scribe;
"""

ENTRY = """
CREATE TABLE journal_entry (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  received_us bigint NOT NULL,
  occurred_us bigint NOT NULL,
  flags integer NOT NULL,
  kind smallint NOT NULL,
  level smallint NOT NULL,
  log text NOT NULL,
  type text NOT NULL,
  source text NOT NULL,
  leaf bytea NOT NULL,
  PRIMARY KEY (business_id, log, seq)
);
COMMENT ON TABLE journal_entry IS 'The leaves, insert only: the scribe writes, readers and verify read';
GRANT INSERT ON journal_entry TO letopis_scribe;
"""

CONTENT = """
CREATE TABLE journal_content (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  month date NOT NULL,
  log text NOT NULL,
  meta_salt bytea, meta bytea,
  who_salt bytea, who bytea,
  text_salt bytea, text bytea,
  attach_salt bytea, attach bytea,
  PRIMARY KEY (business_id, log, seq, month)
) PARTITION BY RANGE (month);
COMMENT ON TABLE journal_content IS 'Slots 1, 2, 3 and 5 with their salts, erasable; month is that of receipt in UTC';
CREATE TABLE journal_content_rest PARTITION OF journal_content DEFAULT;
REVOKE ALL ON journal_content_rest FROM letopis_app;
GRANT INSERT ON journal_content TO letopis_scribe;
"""

RAW = """
CREATE TABLE journal_raw (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  day date NOT NULL,
  log text NOT NULL,
  salt bytea NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (business_id, log, seq, day)
) PARTITION BY RANGE (day);
COMMENT ON TABLE journal_raw IS 'Slot 4, bodies as received; partitions are dropped whole when their term is over';
CREATE TABLE journal_raw_rest PARTITION OF journal_raw DEFAULT;
REVOKE ALL ON journal_raw_rest FROM letopis_app;
GRANT INSERT ON journal_raw TO letopis_scribe;
"""

TAG = """
CREATE TABLE journal_tag (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  seen_us bigint NOT NULL,
  log text NOT NULL,
  id_tag bytea NOT NULL,
  body_tag bytea NOT NULL,
  PRIMARY KEY (business_id, log, id_tag)
);
COMMENT ON TABLE journal_tag IS 'Keyed hashes of senders'' ids: what came before. Only the scribe looks here';
GRANT SELECT, INSERT ON journal_tag TO letopis_scribe;
"""

NODE = """
CREATE TABLE journal_node (
  business_id uuid NOT NULL,
  idx bigint NOT NULL,
  level smallint NOT NULL,
  log text NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (business_id, log, level, idx)
);
COMMENT ON TABLE journal_node IS 'Hashes of full subtrees of 256, 65 536, ... leaves; serve proofs and verify';
GRANT INSERT ON journal_node TO letopis_scribe;
"""

POSITION = """
CREATE TABLE journal_position (
  business_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= -1),
  version integer NOT NULL,
  reader text NOT NULL,
  log text NOT NULL,
  PRIMARY KEY (business_id, reader, log)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE journal_position IS 'The last entry that a reader has done, moved in the transaction of its effects';
"""

TABLES = {
    "journal_log": LOG,
    "journal_entry": ENTRY,
    "journal_content": CONTENT,
    "journal_raw": RAW,
    "journal_tag": TAG,
    "journal_node": NODE,
    "journal_position": POSITION,
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_who_is_who")]

    operations = [
        *(migrations.RunSQL(text, f"DROP TABLE {table}") for table, text in TABLES.items()),
        *walled("journal_entry", "journal_content", "journal_raw", "journal_tag", "journal_node", grants="SELECT"),
    ]

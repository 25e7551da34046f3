"""The access ledger as pages read it, and the bursts of reading noticed in it."""

from django.db import migrations

from letopis.access.wall import walled

LOOK = """
CREATE TABLE privacy_look (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  day date NOT NULL,
  person_id bigint,
  key_id bigint,
  role text NOT NULL,
  act text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  refused boolean NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (business_id, seq)
);
COMMENT ON TABLE privacy_look IS 'Derived from the log access/1 by letopis.privacy.looks; the owner''s page reads it';
-- The summary by person over a period.
CREATE INDEX privacy_look_day ON privacy_look (business_id, day);
-- One person day by day; the watcher of bursts.
CREATE INDEX privacy_look_person ON privacy_look (business_id, person_id, seq);
CREATE INDEX privacy_look_key ON privacy_look (business_id, key_id, seq) WHERE key_id IS NOT NULL;
-- Who opened this dialogue.
CREATE INDEX privacy_look_subject ON privacy_look (business_id, subject_kind, subject_id, seq);
"""

BURST = """
CREATE TABLE privacy_burst (
  business_id uuid NOT NULL,
  seq bigint NOT NULL,
  sign text NOT NULL,
  person_id bigint NOT NULL,
  began_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  looks integer NOT NULL,
  usual integer,
  settled_at timestamptz,
  settled_by bigint,
  PRIMARY KEY (business_id, seq, sign)
);
COMMENT ON TABLE privacy_burst IS 'Bursts of reading: the worker notices them, the owner calls them normal';
-- Whether a burst still goes on.
CREATE INDEX privacy_burst_person ON privacy_burst (business_id, person_id, sign, until_at);
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_retention"), ("access", "0002_looks_say_why"), ("journal", "0004_erasable")]

    operations = [
        migrations.RunSQL(LOOK, "DROP TABLE privacy_look"),
        migrations.RunSQL(BURST, "DROP TABLE privacy_burst"),
        *walled("privacy_look", grants="SELECT, INSERT, DELETE"),
        *walled("privacy_burst", grants="SELECT, INSERT, UPDATE"),
    ]

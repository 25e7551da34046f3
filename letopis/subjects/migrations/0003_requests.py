"""Requests of persons and acts of destruction: they name people, so they are no part of the journal."""

from django.db import migrations

from letopis.access.wall import walled

REQUEST = """
CREATE TABLE subjects_request (
  business_id uuid NOT NULL,
  request_id uuid NOT NULL,
  year integer NOT NULL,
  number integer NOT NULL,
  asks text NOT NULL,
  subject text NOT NULL,
  via text NOT NULL,
  received_on date NOT NULL,
  due_on date NOT NULL,
  extended_why text NOT NULL DEFAULT '',
  persons bigint[] NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  answered_at timestamptz,
  answered_by text NOT NULL DEFAULT '',
  answered_how text NOT NULL DEFAULT '',
  erased_at timestamptz,
  PRIMARY KEY (business_id, request_id),
  UNIQUE (business_id, year, number)
);
COMMENT ON TABLE subjects_request IS
  'What a person asked about himself, by when he must be answered and how he was. Names him; goes three years after the answer';
"""

ACT = """
CREATE TABLE subjects_act (
  business_id uuid NOT NULL,
  act_id uuid NOT NULL,
  request_id uuid NOT NULL,
  year integer NOT NULL,
  number integer NOT NULL,
  at timestamptz NOT NULL,
  subject text NOT NULL,
  reason text NOT NULL,
  person text NOT NULL,
  entries integer NOT NULL,
  kinds jsonb NOT NULL,
  months jsonb NOT NULL,
  told_seqs jsonb NOT NULL,
  keep_until date NOT NULL,
  PRIMARY KEY (business_id, act_id),
  UNIQUE (business_id, year, number)
);
COMMENT ON TABLE subjects_act IS 'Acts of destruction, kept apart for three years. Names the person';
REVOKE DELETE, UPDATE ON subjects_act FROM letopis_app;
GRANT DELETE ON subjects_act TO letopis_eraser;
"""


class Migration(migrations.Migration):
    dependencies = [("subjects", "0002_nights")]

    operations = [
        migrations.RunSQL(REQUEST, "DROP TABLE subjects_request"),
        migrations.RunSQL(ACT, "DROP TABLE subjects_act"),
        *walled("subjects_request"),
        *walled("subjects_act", grants="SELECT, INSERT"),
    ]

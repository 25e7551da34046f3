-- name: identities_of_persons
-- The client ids of persons, and the number of each one's first entry.
SELECT client_id, first_seq FROM clients_identity
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s)
ORDER BY client_id;

-- name: entries_of_talks
-- The entries in the dialogues of persons.
SELECT f.seq FROM dialogues_dialogue d
JOIN dialogues_fact f ON f.business_id = d.business_id AND f.dialogue_id = d.dialogue_id
WHERE d.business_id = %(business)s AND d.person_id = ANY (%(persons)s);

-- name: owners_of_visits
-- Under which owners the visits of persons are kept.
SELECT DISTINCT owner FROM appointments_slot
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s);

-- name: entries_of_visits
-- What was said about the visits of owners.
SELECT seq FROM appointments_fact
WHERE business_id = %(business)s AND owner = ANY (%(owners)s);

-- name: told_elsewhere
-- Which of these entries are in dialogues of other persons.
SELECT f.seq FROM dialogues_fact f
JOIN dialogues_dialogue d ON d.business_id = f.business_id AND d.dialogue_id = f.dialogue_id
WHERE f.business_id = %(business)s AND f.seq = ANY (%(seqs)s) AND d.person_id <> ALL (%(persons)s);

-- name: hold_acts
-- How many acts of the file this database knows; one act after the other, so that both count alike.
SELECT acts FROM subjects_acts WHERE one FOR UPDATE;

-- name: count_acts
-- This database knows so many acts of the file now.
UPDATE subjects_acts SET acts = %(acts)s WHERE one;

-- name: persons_of_entries
-- The persons whom these entries tell of: by their ids, or because a nameless talk or visit began with one of them.
SELECT person_id FROM clients_identity WHERE business_id = %(business)s AND client_id = ANY (%(clients)s)
UNION
SELECT person_id FROM dialogues_dialogue
WHERE business_id = %(business)s AND client_id = '' AND dialogue_id = ANY (%(seqs)s)
UNION
SELECT person_id FROM appointments_slot
WHERE business_id = %(business)s AND client_id = '' AND owner = ANY (%(seqs)s);

-- name: erase_quarantined
-- Pieces that could not be understood and in which one of these stands.
UPDATE intake_quarantine
SET raw = ''::bytea, state = 'dropped', dropped_reason = %(reason)s, settled_at = %(now)s
WHERE business_id = %(business)s AND raw <> ''::bytea
  AND EXISTS (SELECT FROM unnest(%(needles)s::bytea[]) AS needle WHERE position(needle IN raw) > 0);

-- name: taken_since
-- Between which receipts content was taken out by acts that no rewriting has followed yet.
SELECT min(e.received_us) AS first_us, max(e.received_us) AS last_us
FROM journal_entry act
JOIN journal_content told ON told.business_id = act.business_id AND told.log = act.log AND told.seq = act.seq
CROSS JOIN LATERAL (
  SELECT jsonb_array_elements_text(coalesce(m.meta -> 'entries', '[]'))::bigint AS seq
  FROM (SELECT convert_from(told.meta, 'UTF8')::jsonb AS meta) m
  UNION ALL
  SELECT jsonb_array_elements_text(one.run)::bigint
  FROM (SELECT convert_from(told.meta, 'UTF8')::jsonb AS meta) m,
       LATERAL jsonb_array_elements(coalesce(m.meta -> 'ranges', '[]')) AS one (run)
) named
JOIN journal_entry e ON e.business_id = act.business_id AND e.log = act.log AND e.seq = named.seq
WHERE act.business_id = %(business)s AND act.log = %(log)s AND act.kind = 1
  AND act.type IN ('content.erased', 'content.expired')
  AND act.received_us > (SELECT rewritten_us FROM subjects_acts WHERE one);

-- name: parts_of
-- The partitions of a table.
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = CAST(%(parent)s AS regclass) ORDER BY c.relname;

-- name: size_of
-- How large a table is, with its indexes.
SELECT pg_total_relation_size(CAST(%(table)s AS regclass)) AS bytes;

-- name: be_patient
-- The longest that others wait behind us for a table.
SET lock_timeout = '5s';

-- name: make_anew
-- The living rows into new files, and fresh statistics of them.
VACUUM (FULL, ANALYZE) {table};

-- name: checkpoint
-- What is in memory goes to the disk.
CHECKPOINT;

-- name: end_segment
-- The rest of a segment of the log of writes is left empty.
SELECT pg_switch_wal();

-- name: tell_rewritten
-- Acts before this instant have left nothing in the files.
UPDATE subjects_acts SET rewritten_us = %(at_us)s WHERE one;

-- name: rewrite_alone
-- Whether nobody else makes tables anew; the number is this act's own.
SELECT pg_try_advisory_lock(7262037) AS alone;

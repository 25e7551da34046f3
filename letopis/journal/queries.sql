-- name: begin
-- A transaction of the scribe.
BEGIN;

-- name: commit
-- On disk when it returns.
COMMIT;

-- name: rollback
-- Leave a transaction that could not be finished.
ROLLBACK;

-- name: wait_shortly
-- The longest that the scribe waits for the lock of a log.
SELECT set_config('lock_timeout', %(longest)s, false);

-- name: open_log
-- Make the log of a business at its first event; waits for another scribe that is just making it.
INSERT INTO journal_log (business_id, log, origin, size, frontier, last_us, min_index, state)
VALUES (%(business)s, %(log)s, %(origin)s, 0, '', 0, 0, 'open')
ON CONFLICT (business_id, log) DO NOTHING;

-- name: lock_log
-- Take the order of one log, waiting for whoever has it; one business by equality, as a cluster wants it.
SELECT origin, size, frontier, last_us, state FROM journal_log
WHERE business_id = %(business)s AND log = %(log)s
FOR UPDATE;

-- name: lock_log_if_free
-- Take the order of one log unless another scribe has it.
SELECT origin, size, frontier, last_us, state FROM journal_log
WHERE business_id = %(business)s AND log = %(log)s
FOR UPDATE SKIP LOCKED;

-- name: find_tags
-- The tags of one business that are known already, and whether the content behind one was taken out; a statement after
-- the lock, so it sees all that was committed.
SELECT t.id_tag, t.body_tag, t.seq, t.seen_us,
  EXISTS (SELECT FROM journal_remains r
          WHERE r.business_id = t.business_id AND r.log = t.log AND r.seq = t.seq) AS gone
FROM journal_tag t
WHERE t.business_id = %(business)s AND t.log = %(log)s AND t.id_tag = ANY (%(id_tags)s);

-- name: copy_entries
-- Write entries; the order of columns is that of rows.entry.
COPY journal_entry (business_id, log, seq, received_us, occurred_us, kind, level, flags, type, source, leaf)
FROM STDIN (FORMAT BINARY);

-- name: copy_content
-- Write slots 1, 2, 3 and 5.
COPY journal_content (business_id, log, seq, month,
  meta_salt, meta, who_salt, who, text_salt, text, attach_salt, attach)
FROM STDIN (FORMAT BINARY);

-- name: copy_raw
-- Write slot 4.
COPY journal_raw (business_id, log, seq, day, salt, data) FROM STDIN (FORMAT BINARY);

-- name: copy_tags
-- Write idempotency tags.
COPY journal_tag (business_id, log, id_tag, body_tag, seq, seen_us) FROM STDIN (FORMAT BINARY);

-- name: copy_nodes
-- Write the hashes of subtrees that became full.
COPY journal_node (business_id, log, level, idx, hash) FROM STDIN (FORMAT BINARY);

-- name: grow_log
-- Move a locked log on to its new size.
UPDATE journal_log SET size = %(size)s, frontier = %(frontier)s, last_us = %(last_us)s
WHERE business_id = %(business)s AND log = %(log)s;

-- name: tell_growth
-- Wake whoever waits for these businesses; they also poll, since a notice can be missed.
SELECT pg_notify('letopis_grew', business::text) FROM unnest(%(businesses)s::uuid[]) AS business;

-- name: entries_after
-- The next entries of a reader, in order.
SELECT seq, received_us, occurred_us, kind, level, flags, type, source FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq > %(position)s
ORDER BY seq
LIMIT %(limit)s;

-- name: some_entries
-- Entries by their numbers, for a page that shows them.
SELECT seq, received_us, occurred_us, kind, level, flags, type, source FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq = ANY (%(seqs)s)
ORDER BY seq;

-- name: content_between
-- Content of a run of entries; the months let the planner leave out the other partitions.
SELECT seq, meta, who, text FROM journal_content
WHERE business_id = %(business)s AND log = %(log)s
  AND seq BETWEEN %(first)s AND %(last)s AND month BETWEEN %(month_first)s AND %(month_last)s;

-- name: some_content
-- Content of entries by their numbers.
SELECT seq, meta, who, text FROM journal_content
WHERE business_id = %(business)s AND log = %(log)s
  AND seq = ANY (%(seqs)s) AND month BETWEEN %(month_first)s AND %(month_last)s;

-- name: remains_between
-- What remains of a run of entries whose content was taken out; of most runs, nothing.
SELECT r.seq, r.who, r.said FROM journal_remains r
WHERE r.business_id = %(business)s AND r.log = %(log)s AND r.seq BETWEEN %(first)s AND %(last)s;

-- name: some_remains
-- What remains of entries by their numbers.
SELECT r.seq, r.who, r.said FROM journal_remains r
WHERE r.business_id = %(business)s AND r.log = %(log)s AND r.seq = ANY (%(seqs)s);

-- name: naming
-- Entries in whose slot 2, or what remains of it, one of these stands; looks through all content of a business.
SELECT seq FROM (
  SELECT seq, who FROM journal_content
  WHERE business_id = %(business)s AND log = %(log)s AND seq > %(after)s AND seq <= %(to)s
  UNION ALL
  SELECT seq, who FROM journal_remains
  WHERE business_id = %(business)s AND log = %(log)s AND seq > %(after)s AND seq <= %(to)s
) told
WHERE EXISTS (SELECT FROM unnest(%(needles)s::bytea[]) AS needle WHERE position(needle IN who) > 0)
ORDER BY seq LIMIT %(limit)s;

-- name: received_of
-- When an entry was received; tells the partition of its raw body.
SELECT received_us FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq = %(seq)s;

-- name: raw_of
-- The body of one entry exactly as it was received.
SELECT data FROM journal_raw
WHERE business_id = %(business)s AND log = %(log)s AND seq = %(seq)s AND day = %(day)s;

-- name: find_log
-- The state of one log.
SELECT origin, size, frontier, last_us, min_index, state FROM journal_log
WHERE business_id = %(business)s AND log = %(log)s;

-- name: find_position
-- How far a reader is.
SELECT seq, version FROM journal_position
WHERE business_id = %(business)s AND reader = %(reader)s AND log = %(log)s;

-- name: open_position
-- Make a reader's position before its first entry.
INSERT INTO journal_position (business_id, reader, log, version, seq)
VALUES (%(business)s, %(reader)s, %(log)s, %(version)s, -1)
ON CONFLICT (business_id, reader, log) DO NOTHING;

-- name: hold_position
-- Keep other workers away from this reader and business until the transaction ends.
SELECT seq, version FROM journal_position
WHERE business_id = %(business)s AND reader = %(reader)s AND log = %(log)s
FOR UPDATE SKIP LOCKED;

-- name: move_position
-- Set a position; a new one when there is none.
INSERT INTO journal_position AS p (business_id, reader, log, version, seq)
VALUES (%(business)s, %(reader)s, %(log)s, %(version)s, %(to_seq)s)
ON CONFLICT (business_id, reader, log) DO UPDATE SET version = EXCLUDED.version, seq = EXCLUDED.seq
WHERE p.seq <= EXCLUDED.seq OR p.version <> EXCLUDED.version
RETURNING seq;

-- name: drop_position
-- Let a reader begin again.
DELETE FROM journal_position
WHERE business_id = %(business)s AND reader = %(reader)s AND log = %(log)s;

-- name: standings
-- Size of each log beside the positions of its readers, for the status.
SELECT l.business_id, l.size, p.reader, p.version, p.seq
FROM journal_log l LEFT JOIN journal_position p ON p.business_id = l.business_id AND p.log = l.log
WHERE l.log = %(log)s
ORDER BY l.business_id, p.reader;

-- name: businesses_behind
-- Businesses whose log has grown past a reader, longest way behind first, or whose rows an older version of it made.
SELECT l.business_id FROM journal_log l
LEFT JOIN journal_position p ON p.business_id = l.business_id AND p.log = l.log AND p.reader = %(reader)s
WHERE l.log = %(log)s AND (l.size > coalesce(p.seq, -1) + 1 OR p.version < %(version)s)
ORDER BY l.size - coalesce(p.seq, -1) DESC
LIMIT %(limit)s;

-- name: partitions_of
-- The partitions that a table has.
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = CAST(%(parent)s AS regclass);

-- name: be_quick
-- Whoever waits for a lock of tables makes all others wait behind him: give up early, the next day tries again.
SET LOCAL lock_timeout = '2s';

-- name: lock_for_partition
-- Keep other makers out, and writers away from the rows that are to move.
LOCK TABLE {parent} IN SHARE UPDATE EXCLUSIVE MODE;

-- name: lock_rest_for_partition
-- Nobody may add to the default partition between the move of its rows and the end of the act.
LOCK TABLE {rest} IN ACCESS EXCLUSIVE MODE;

-- name: make_partition
-- A table of its own first: a partition cannot be made while the default one holds rows that belong to it.
CREATE TABLE {made} (LIKE {parent} INCLUDING ALL);

-- name: shut_partition
-- Nobody asks a partition by its own name: its parent's policy would not hold there.
REVOKE ALL ON {made} FROM {app};

-- name: move_into_partition
-- Rows that came before their partition.
WITH moved AS (DELETE FROM {rest} WHERE {column} >= {first} AND {column} < {end} RETURNING *)
INSERT INTO {made} SELECT * FROM moved;

-- name: attach_partition
-- From now on the parent sends rows here.
ALTER TABLE {parent} ATTACH PARTITION {made} FOR VALUES FROM ({first}) TO ({end});

-- name: lock_to_drop
-- Nobody may add to a partition between the look and its end.
LOCK TABLE {parent} IN ACCESS EXCLUSIVE MODE;

-- name: is_empty
-- Whether a partition holds nothing.
SELECT NOT EXISTS (SELECT FROM {part});

-- name: drop_partition
-- Its files go at once.
DROP TABLE {part};

-- name: all_erasures
-- Every record of an erasure or expiry; they explain the slots that are gone.
SELECT e.seq, c.meta FROM journal_entry e
JOIN journal_content c ON c.business_id = e.business_id AND c.log = e.log AND c.seq = e.seq
WHERE e.business_id = %(business)s AND e.log = %(log)s AND e.kind = 1
  AND e.type IN ('content.erased', 'content.expired')
ORDER BY e.seq;

-- name: erasures_after
-- Records of erasures behind an entry, the earliest first, for the page that shows what is gone.
SELECT e.seq, e.received_us, e.type, c.meta FROM journal_entry e
JOIN journal_content c ON c.business_id = e.business_id AND c.log = e.log AND c.seq = e.seq
WHERE e.business_id = %(business)s AND e.log = %(log)s AND e.seq > %(after)s AND e.kind = 1
  AND e.type IN ('content.erased', 'content.expired')
ORDER BY e.seq;

-- name: leaves_of
-- The leaves of some entries: they say which slots an entry once had.
SELECT seq, leaf FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq = ANY (%(seqs)s);

-- name: all_entries
-- Every entry of a log, in order.
SELECT seq, received_us, occurred_us, kind, level, flags, type, source, leaf FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s
ORDER BY seq;

-- name: all_content
-- Every row of content of a log, in order.
SELECT seq, month, meta_salt, meta, who_salt, who, text_salt, text, attach_salt, attach FROM journal_content
WHERE business_id = %(business)s AND log = %(log)s
ORDER BY seq;

-- name: all_raw
-- Every raw body of a log, in order.
SELECT seq, day, salt, data FROM journal_raw
WHERE business_id = %(business)s AND log = %(log)s
ORDER BY seq;

-- name: all_nodes
-- The kept hashes of full subtrees.
SELECT level, idx, hash FROM journal_node
WHERE business_id = %(business)s AND log = %(log)s;

-- name: find_seal
-- The last verification of a log (foot of every page, journal page).
SELECT entries, root, problems, first_problem, checked_at
FROM journal_seal WHERE business_id = %(business)s AND log = %(log)s

-- name: keep_seal
-- The outcome of a verification; the newest stands.
INSERT INTO journal_seal (business_id, log, entries, root, problems, first_problem, checked_at)
VALUES (%(business)s, %(log)s, %(entries)s, %(root)s, %(problems)s, %(first_problem)s, %(checked_at)s)
ON CONFLICT (business_id, log) DO UPDATE
SET entries = excluded.entries, root = excluded.root, problems = excluded.problems,
    first_problem = excluded.first_problem, checked_at = excluded.checked_at

-- name: latest_entries
-- Entries below a number, newest first, without any content (journal page); the primary key in reverse.
SELECT seq, received_us, occurred_us, kind, level, flags, type, source
FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq < %(before)s
ORDER BY seq DESC LIMIT %(limit)s

-- name: become
-- Act as another of our roles until the transaction ends.
SELECT set_config('role', %(role)s, true);

-- name: received_between
-- When the first and the last of a run of entries were received.
SELECT min(received_us) AS first_us, max(received_us) AS last_us FROM journal_entry
WHERE business_id = %(business)s AND log = %(log)s AND seq IN (%(first)s, %(last)s);

-- name: take_content
-- Slots and their salts go; a slot without its salt would be a lie, so they go together.
UPDATE journal_content
SET who = CASE WHEN %(takes_who)s THEN NULL ELSE who END,
    who_salt = CASE WHEN %(takes_who)s THEN NULL ELSE who_salt END,
    text = CASE WHEN %(takes_text)s THEN NULL ELSE text END,
    text_salt = CASE WHEN %(takes_text)s THEN NULL ELSE text_salt END,
    attach = CASE WHEN %(takes_attach)s THEN NULL ELSE attach END,
    attach_salt = CASE WHEN %(takes_attach)s THEN NULL ELSE attach_salt END
WHERE business_id = %(business)s AND log = %(log)s AND seq = ANY (%(seqs)s)
  AND month BETWEEN %(month_first)s AND %(month_last)s;

-- name: take_raw
-- Bodies as received go, of entries by their numbers.
DELETE FROM journal_raw
WHERE business_id = %(business)s AND log = %(log)s AND seq = ANY (%(seqs)s)
  AND day BETWEEN %(day_first)s AND %(day_last)s;

-- name: keep_remains
-- What figures still need; a later erasure of the same entry adds to the earlier.
INSERT INTO journal_remains AS r (business_id, log, seq, who, said)
SELECT %(business)s, %(log)s, n.seq, convert_to(n.who, 'UTF8'), convert_to(n.said, 'UTF8')
FROM json_to_recordset(%(rows)s::json) AS n (seq bigint, who text, said text)
ON CONFLICT (business_id, log, seq) DO UPDATE
SET who = coalesce(excluded.who, r.who), said = coalesce(excluded.said, r.said);

-- name: note_renaming
-- The ids that an erasure replaced.
INSERT INTO journal_renaming (business_id, log, seq, sort, former, alias)
SELECT %(business)s, %(log)s, %(seq)s, n.sort, n.former, n.alias
FROM json_to_recordset(%(names)s::json) AS n (sort text, former text, alias text);

-- name: renaming_of
-- The ids that an erasure replaced.
SELECT sort, former, alias FROM journal_renaming
WHERE business_id = %(business)s AND log = %(log)s AND seq = %(seq)s;

-- name: forget_renaming
-- The reader has followed all erasures up to this one.
DELETE FROM journal_renaming WHERE business_id = %(business)s AND log = %(log)s AND seq <= %(to_seq)s;

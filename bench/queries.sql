-- name: entries
-- Entries in the journal of one business, or of all where none is named.
SELECT coalesce(sum(size), 0)::bigint AS entries FROM journal_log
WHERE log = 'events/1' AND (business_id = %(business)s OR CAST(%(business)s AS uuid) IS NULL)

-- name: behind
-- Entries that the pipeline has not seen in all businesses, and the age of the oldest of them.
SELECT coalesce(sum(b.entries), 0)::bigint AS entries,
       coalesce(max(extract(epoch FROM clock_timestamp()) - e.received_us / 1e6), 0) AS seconds
FROM (
    SELECT l.business_id, coalesce(p.seq, -1) AS seq, l.size - 1 - coalesce(p.seq, -1) AS entries
    FROM journal_log l
    LEFT JOIN journal_position p ON p.business_id = l.business_id AND p.log = l.log AND p.reader = 'pipeline'
    WHERE l.log = 'events/1'
) b
JOIN journal_entry e ON e.business_id = b.business_id AND e.log = 'events/1' AND e.seq = b.seq + 1
WHERE b.entries > 0

-- name: business_named
-- The large business of an earlier run.
SELECT id FROM access_business WHERE name = %(name)s ORDER BY created_at LIMIT 1

-- name: dialogue_of_session
-- The dialogue of one session, to open its trace.
SELECT dialogue_id FROM dialogues_dialogue WHERE business_id = %(business)s AND session_id = %(session)s LIMIT 1

-- name: analyze
-- Fresh statistics and the map of what all may see, as the server itself makes them within minutes.
VACUUM (ANALYZE)

-- name: settle
-- Write all changed pages to the disk.
CHECKPOINT

-- name: sizes
-- Bytes of each journal table with its indexes and partitions, raw bodies left out.
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes FROM pg_class c
WHERE c.relkind IN ('r', 'm') AND (c.relname IN ('journal_entry', 'journal_tag', 'journal_node')
      OR c.relname LIKE 'journal\_content%%') AND c.relnamespace = 'public'::regnamespace

-- name: derived_size
-- Bytes of what the readers derive, with indexes.
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes FROM pg_class c
WHERE c.relkind = 'r' AND c.relname ~ '^(clients|dialogues|appointments|metrics)_'
      AND c.relnamespace = 'public'::regnamespace

-- name: yardstick_drop
-- Begin the yardstick's tables anew.
DROP SCHEMA IF EXISTS yardstick CASCADE

-- name: yardstick_schema
-- A place beside the real tables.
CREATE SCHEMA yardstick

-- name: yardstick_entry
-- The shape of the leaves: columns and indexes, no policy.
CREATE TABLE yardstick.entry (LIKE public.journal_entry INCLUDING ALL)

-- name: yardstick_content
-- The shape of the content, as one table.
CREATE TABLE yardstick.content (LIKE public.journal_content INCLUDING ALL)

-- name: yardstick_raw
-- The shape of the raw bodies, as one table.
CREATE TABLE yardstick.raw (LIKE public.journal_raw INCLUDING ALL)

-- name: copy_entry
-- Rows of the yardstick's leaves; the number comes last, so that all before it is one constant.
COPY yardstick.entry (business_id, log, received_us, occurred_us, kind, level, flags, type, source, leaf, seq)
FROM STDIN (FORMAT BINARY)

-- name: copy_content
-- Rows of the yardstick's content.
COPY yardstick.content (business_id, log, month, meta_salt, meta, who_salt, who, text_salt, text, seq)
FROM STDIN (FORMAT BINARY)

-- name: copy_raw
-- Rows of the yardstick's raw bodies: number and body come last.
COPY yardstick.raw (business_id, log, day, salt, seq, data) FROM STDIN (FORMAT BINARY)

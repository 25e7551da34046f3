-- name: stored_ids
-- Number and message id of every event in the journal.
SELECT seq, convert_from(who, 'UTF8')::jsonb ->> 'message_id' AS message_id FROM journal_content
WHERE business_id = %(business)s AND log = 'events/1' AND who IS NOT NULL

-- name: derived_tables
-- Every table that the readers write.
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname ~ '^(clients|dialogues|appointments|metrics)_'
ORDER BY relname

-- name: rows_of
-- All rows of one derived table of one business as text, in an order of their own.
SELECT t::text AS line FROM {table} t WHERE business_id = %(business)s ORDER BY line

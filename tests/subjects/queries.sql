-- name: persons_of
-- The persons behind client ids.
SELECT DISTINCT person_id FROM clients_identity
WHERE business_id = %(business)s AND client_id = ANY (%(clients)s);

-- name: columns_of_words
-- Every column of ours that can hold words; partitions are their parents.
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.atttypid NOT IN (
    'uuid'::regtype, 'bigint'::regtype, 'integer'::regtype, 'smallint'::regtype, 'boolean'::regtype, 'date'::regtype,
    'timestamptz'::regtype, 'interval'::regtype, 'numeric'::regtype, 'double precision'::regtype);

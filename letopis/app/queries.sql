-- name: businesses
-- Every business of the installation, oldest first (letopis status).
SELECT id, name FROM access_business ORDER BY created_at, id

-- name: state_of_business
-- Journal size, position and lag of the reader, open quarantine and due work of one business (letopis status).
WITH log AS (
    SELECT coalesce(max(size), 0) AS size FROM journal_log WHERE business_id = %(business)s AND log = 'events/1'
), reader AS (
    SELECT coalesce(max(seq), -1) AS position
    FROM journal_position WHERE business_id = %(business)s AND reader = %(reader)s
), oldest AS (
    SELECT received_us FROM journal_entry, reader
    WHERE business_id = %(business)s AND log = 'events/1' AND seq = reader.position + 1
), due AS (
    SELECT count(*) AS n, min(due_at) AS oldest
    FROM metrics_due WHERE business_id = %(business)s AND due_at <= %(now)s
)
SELECT log.size, reader.position, due.n AS due,
       coalesce((SELECT extract(epoch FROM %(now)s - to_timestamp(received_us / 1e6)) FROM oldest), 0) AS lag_seconds,
       coalesce(extract(epoch FROM %(now)s - due.oldest), 0) AS oldest_due_seconds,
       (SELECT count(*) FROM intake_quarantine WHERE business_id = %(business)s AND state = 'open') AS quarantine
FROM log, reader, due

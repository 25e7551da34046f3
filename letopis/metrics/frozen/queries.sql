-- name: add_frozen
-- Figures that a closing told; the first closing of a month stands.
INSERT INTO metrics_frozen
SELECT * FROM json_populate_recordset(NULL::metrics_frozen, %(rows)s::json)
    ON CONFLICT (business_id, month, metric) DO UPDATE
   SET seq = excluded.seq, at = excluded.at, version = excluded.version, value = excluded.value,
       numerator = excluded.numerator, denominator = excluded.denominator, n = excluded.n,
       pending = excluded.pending, low = excluded.low, high = excluded.high
 WHERE excluded.seq < metrics_frozen.seq;

-- name: frozen_since
-- Frozen figures from a month on, as one JSON array (months, read API).
SELECT json_agg(f)::text FROM metrics_frozen f WHERE business_id = %(business)s AND month >= %(since)s;

-- name: clear_frozen
-- Everything of a business, before a rebuild.
DELETE FROM metrics_frozen WHERE business_id = %(business)s;

-- name: last_frozen
-- The last month that was closed, and the first day with a lead.
SELECT (SELECT max(month) FROM metrics_frozen WHERE business_id = %(business)s) AS month,
       (SELECT min(day) FROM metrics_cell
         WHERE business_id = %(business)s AND metric = 'M1' AND by = 'all' AND branch = '') AS first_day;

-- name: is_late
-- Whether something was due before an instant and is not worked off.
SELECT EXISTS (SELECT FROM metrics_due WHERE business_id = %(business)s AND due_at <= %(before)s) AS late;

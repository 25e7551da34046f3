-- name: add_policies
-- Policies that a batch tells.
INSERT INTO privacy_policy SELECT * FROM json_populate_recordset(NULL::privacy_policy, %(rows)s::json);

-- name: policies
-- All policies of a business, as one JSON array.
SELECT json_agg(p)::text FROM privacy_policy p WHERE business_id = %(business)s;

-- name: clear_policies
-- Everything of a business, before a rebuild.
DELETE FROM privacy_policy WHERE business_id = %(business)s;

-- name: tell_expired
-- How far a class has expired; it never goes back.
INSERT INTO privacy_expired AS x (business_id, kept, to_seq, seq, at)
VALUES (%(business)s, %(kept)s, %(to_seq)s, %(seq)s, %(at)s)
ON CONFLICT (business_id, kept) DO UPDATE
SET to_seq = greatest(x.to_seq, excluded.to_seq), seq = excluded.seq, at = excluded.at;

-- name: expired
-- How far each class has expired.
SELECT kept, to_seq, at FROM privacy_expired WHERE business_id = %(business)s;

-- name: clear_expired
-- Everything of a business, before a rebuild.
DELETE FROM privacy_expired WHERE business_id = %(business)s;

-- name: tell_goals
-- Goals told by a batch; one told for the same day before gives way to a later entry.
INSERT INTO metrics_goal
SELECT * FROM json_populate_recordset(NULL::metrics_goal, %(rows)s::json)
    ON CONFLICT (business_id, metric, valid_from) DO UPDATE
   SET seq = excluded.seq, at = excluded.at, target_ppm = excluded.target_ppm, margin_ppm = excluded.margin_ppm,
       person = excluded.person, ended = excluded.ended
 WHERE metrics_goal.seq < excluded.seq;

-- name: goals
-- All goals of a business, as one JSON array (goals, overview, before and after).
SELECT json_agg(g)::text FROM metrics_goal g WHERE business_id = %(business)s;

-- name: clear_goals
-- Everything of a business, before a rebuild.
DELETE FROM metrics_goal WHERE business_id = %(business)s;

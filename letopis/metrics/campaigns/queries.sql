-- name: tell_costs
-- Costs told by a batch; one told for the same first day before gives way to a later entry.
INSERT INTO metrics_cost
SELECT * FROM json_populate_recordset(NULL::metrics_cost, %(rows)s::json)
    ON CONFLICT (business_id, campaign, first_day) DO UPDATE
   SET last_day = excluded.last_day, kop = excluded.kop, seq = excluded.seq
 WHERE metrics_cost.seq < excluded.seq;

-- name: costs_between
-- Costs of campaigns whose days meet these, as one JSON array (campaigns, read API).
SELECT json_agg(c)::text
  FROM (
      SELECT *
        FROM metrics_cost
       WHERE business_id = %(business)s AND first_day <= %(last)s AND last_day >= %(first)s AND kop > 0
       ORDER BY campaign, first_day
       LIMIT %(limit)s
  ) c;

-- name: clear_costs
-- Everything of a business, before a rebuild.
DELETE FROM metrics_cost WHERE business_id = %(business)s;

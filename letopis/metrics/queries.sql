-- name: plan_each_time
-- A batch asks for hundreds of keys at once; a plan made without seeing them would search the list for every row.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: zone
-- The time zone in which a business counts its days.
SELECT timezone FROM access_business WHERE id = %(business)s;

-- name: open_reader
-- The pipeline's own row, before its first entry.
INSERT INTO metrics_reader (business_id, worked_until, record_since, crm_since)
VALUES (%(business)s, %(epoch)s, NULL, NULL)
ON CONFLICT (business_id) DO NOTHING;

-- name: find_reader
-- Where the pipeline stands in time.
SELECT worked_until, record_since, crm_since FROM metrics_reader WHERE business_id = %(business)s;

-- name: set_clock
-- Time has passed; it never goes back.
UPDATE metrics_reader SET worked_until = greatest(worked_until, %(now)s) WHERE business_id = %(business)s;

-- name: set_record_since
-- A system of record answered earlier than known.
UPDATE metrics_reader SET record_since = %(at)s WHERE business_id = %(business)s;

-- name: set_crm_since
-- Leads were seen to go to a CRM earlier than known.
UPDATE metrics_reader SET crm_since = %(at)s WHERE business_id = %(business)s;

-- name: clear_record_since
-- Forgotten before a rebuild; the entries tell it again.
UPDATE metrics_reader SET record_since = NULL, crm_since = NULL WHERE business_id = %(business)s;

-- name: businesses_due
-- Over all businesses: for whom time has something to change.
SELECT DISTINCT business_id FROM metrics_due WHERE due_at <= %(now)s;

-- name: due_persons
-- The persons something of whom has become due, the longest due first.
SELECT person_id
  FROM metrics_due
 WHERE business_id = %(business)s AND due_at <= %(now)s
 ORDER BY due_at, person_id
 LIMIT %(limit)s;

-- name: persons_since
-- Persons with a talk that changed working hours may concern.
SELECT DISTINCT person_id FROM dialogues_dialogue WHERE business_id = %(business)s AND last_at >= %(since)s;

-- name: persons_booked_between
-- Persons with a booking that now wants its read-back or its deal in the CRM.
SELECT person_id
  FROM dialogues_dialogue
 WHERE business_id = %(business)s AND outcome = 'booked' AND outcome_at >= %(since)s
   AND (%(until)s::timestamptz IS NULL OR outcome_at < %(until)s)
 UNION
SELECT person_id
  FROM metrics_lead
 WHERE business_id = %(business)s AND booked_at >= %(since)s
   AND (%(until)s::timestamptz IS NULL OR booked_at < %(until)s);

-- name: persons_of_leads
-- Persons with a lead in these days.
SELECT DISTINCT person_id
  FROM metrics_lead
 WHERE business_id = %(business)s AND day >= %(since)s AND day < %(until)s;

-- name: leads_of
-- The stored leads of persons, as one JSON array.
SELECT json_agg(l)::text FROM metrics_lead l WHERE business_id = %(business)s AND person_id = ANY (%(persons)s);

-- name: drop_leads
-- Leads that are gone or written anew.
DELETE FROM metrics_lead WHERE business_id = %(business)s AND lead_id = ANY (%(leads)s);

-- name: add_leads
-- Leads that are new or changed.
INSERT INTO metrics_lead SELECT * FROM json_populate_recordset(NULL::metrics_lead, %(rows)s::json);

-- name: dues_of
-- The stored due rows of persons, as one JSON array.
SELECT json_agg(d)::text FROM metrics_due d WHERE business_id = %(business)s AND person_id = ANY (%(persons)s);

-- name: drop_dues
-- Due rows that are gone or written anew.
DELETE FROM metrics_due WHERE business_id = %(business)s AND person_id = ANY (%(persons)s);

-- name: add_dues
-- Due rows that are new or changed.
INSERT INTO metrics_due SELECT * FROM json_populate_recordset(NULL::metrics_due, %(rows)s::json);

-- name: move_cells
-- Cells of counts are moved; those that are not there yet begin with what is added.
WITH moved AS (
    SELECT m.*
      FROM json_to_recordset(%(moves)s::json) AS m (
          metric text, by text, branch text, day date, member text, n int, k int, pending int, excluded int,
          unknown int, total int, hits int
      )
), kept AS (
    UPDATE metrics_cell c
       SET n = c.n + m.n, k = c.k + m.k, pending = c.pending + m.pending, excluded = c.excluded + m.excluded,
           unknown = c.unknown + m.unknown, total = c.total + m.total, hits = c.hits + m.hits
      FROM moved m
     WHERE c.business_id = %(business)s AND c.metric = m.metric AND c.by = m.by AND c.branch = m.branch
       AND c.day = m.day AND c.member = m.member
 RETURNING c.metric, c.by, c.branch, c.day, c.member
)
INSERT INTO metrics_cell (business_id, metric, by, branch, day, member, n, k, pending, excluded, unknown, total, hits,
                          seconds, censored)
SELECT %(business)s, m.metric, m.by, m.branch, m.day, m.member, m.n, m.k, m.pending, m.excluded, m.unknown, m.total,
       m.hits, '{}', '{}'
  FROM moved m
 WHERE NOT EXISTS (
     SELECT FROM kept k
      WHERE k.metric = m.metric AND k.by = m.by AND k.branch = m.branch AND k.day = m.day AND k.member = m.member
 );

-- name: drop_empty_cells
-- Of cells that were moved downwards those that hold nothing any more.
DELETE FROM metrics_cell c
 USING json_to_recordset(%(cells)s::json) AS m (metric text, by text, branch text, day date, member text)
 WHERE c.business_id = %(business)s AND c.metric = m.metric AND c.by = m.by AND c.branch = m.branch AND c.day = m.day
   AND c.member = m.member
   AND c.n = 0 AND c.k = 0 AND c.pending = 0 AND c.excluded = 0 AND c.unknown = 0 AND c.total = 0 AND c.hits = 0
   AND c.seconds = '{}' AND c.censored = '{}';

-- name: find_cells
-- Cells of the rollup, as one JSON array.
SELECT json_agg(c)::text
  FROM unnest(
      %(metrics)s::text[], %(bys)s::text[], %(branches)s::text[], %(days)s::date[], %(members)s::text[]
  ) AS wanted (metric, by, branch, day, member)
  JOIN metrics_cell c
    ON c.business_id = %(business)s AND c.metric = wanted.metric AND c.by = wanted.by AND c.branch = wanted.branch
   AND c.day = wanted.day AND c.member = wanted.member;

-- name: drop_cells
-- Cells that are gone or written anew.
DELETE FROM metrics_cell c
 USING unnest(
      %(metrics)s::text[], %(bys)s::text[], %(branches)s::text[], %(days)s::date[], %(members)s::text[]
  ) AS gone (metric, by, branch, day, member)
 WHERE c.business_id = %(business)s AND c.metric = gone.metric AND c.by = gone.by AND c.branch = gone.branch
   AND c.day = gone.day AND c.member = gone.member;

-- name: add_cells
-- Cells that are new or changed.
INSERT INTO metrics_cell SELECT * FROM json_populate_recordset(NULL::metrics_cell, %(rows)s::json);

-- name: windows
-- Every window that was fixed.
SELECT month, days FROM metrics_window WHERE business_id = %(business)s;

-- name: add_windows
-- Windows of months that have begun.
INSERT INTO metrics_window SELECT * FROM json_populate_recordset(NULL::metrics_window, %(rows)s::json);

-- name: first_lead_day
-- From which month on windows are wanted.
SELECT min(day) AS day FROM metrics_lead WHERE business_id = %(business)s;

-- name: booking_delay
-- The linear quantile 0.95 of the delay from lead to booking, over leads of earlier months.
SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM booked_at - at)::float8) AS seconds
  FROM metrics_lead
 WHERE business_id = %(business)s AND day < %(before)s AND booked_at IS NOT NULL AND excluded = '';

-- name: journal_size
-- How many entries a rebuild will read.
SELECT size FROM journal_log WHERE business_id = %(business)s AND log = 'events/1';

-- name: clear_leads
-- Everything of a business, before a rebuild.
DELETE FROM metrics_lead WHERE business_id = %(business)s;

-- name: clear_dues
-- Everything of a business, before a rebuild.
DELETE FROM metrics_due WHERE business_id = %(business)s;

-- name: clear_cells
-- Everything of a business, before a rebuild.
DELETE FROM metrics_cell WHERE business_id = %(business)s;

-- name: series_between
-- The cells of series over days as columns, one row a series and part, days counted from the first; lengths come only of
-- series that are read by them. One JSON array (today, overview, funnel, read API).
SELECT json_agg(s)::text
  FROM (
      SELECT metric, by, member, array_agg(day - %(first)s::date) AS days, array_agg(n) AS n, array_agg(k) AS k,
             array_agg(pending) AS pending, array_agg(excluded) AS excluded, array_agg(unknown) AS unknown,
             array_agg(total) AS total, array_agg(hits) AS hits,
             json_agg(seconds) FILTER (WHERE metric = ANY (%(lengths)s::text[])) AS seconds,
             json_agg(censored) FILTER (WHERE metric = ANY (%(lengths)s::text[])) AS censored
        FROM metrics_cell
       WHERE business_id = %(business)s AND metric = ANY (%(metrics)s) AND by = ANY (%(bys)s) AND branch = %(branch)s
         AND day >= %(first)s AND day <= %(last)s
       GROUP BY metric, by, member
  ) s;

-- name: sums_between
-- The sums of series over days by member, for what no page needs day by day: the mix, the hours (M22, heatmap).
SELECT metric, member, sum(n)::bigint AS n, sum(k)::bigint AS k
  FROM metrics_cell
 WHERE business_id = %(business)s AND metric = ANY (%(metrics)s) AND by = %(by)s AND branch = %(branch)s
   AND day >= %(first)s AND day <= %(last)s
 GROUP BY metric, member;

-- name: weekday_sums
-- The sums of one series by weekday (Monday is 1) and member (heatmap).
SELECT extract(isodow FROM day)::int AS weekday, member, sum(n)::bigint AS n, sum(k)::bigint AS k
  FROM metrics_cell
 WHERE business_id = %(business)s AND metric = %(metric)s AND by = %(by)s AND branch = %(branch)s
   AND day >= %(first)s AND day <= %(last)s
 GROUP BY 1, 2;

-- name: usual_ticket
-- The median price of the last visits that took place.
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price_kop) AS kop
  FROM (
      SELECT price_kop
        FROM appointments_slot
       WHERE business_id = %(business)s AND state = 'arrived' AND price_kop IS NOT NULL AND excluded = ''
       ORDER BY start_at DESC
       LIMIT %(limit)s
  ) last;

-- name: waiting
-- Clients who wait since before a moment, the longest waiting first, as one JSON array (today).
SELECT json_agg(w)::text
  FROM (
      SELECT d.dialogue_id, d.client_id, coalesce(i.name, '') AS name, d.channel, d.first_line, d.waiting_since
        FROM dialogues_dialogue d
        LEFT JOIN clients_identity i ON i.business_id = d.business_id AND i.client_id = d.client_id
       WHERE d.business_id = %(business)s AND d.waiting_since < %(before)s AND d.quiet_at > %(now)s AND d.excluded = ''
       ORDER BY d.waiting_since, d.dialogue_id
       LIMIT %(limit)s
  ) w;

-- name: waiting_counts
-- How many wait now, and how many since before a moment (today).
SELECT count(*) AS "all", count(*) FILTER (WHERE waiting_since < %(before)s) AS "over"
  FROM dialogues_dialogue
 WHERE business_id = %(business)s AND waiting_since <= %(now)s AND quiet_at > %(now)s AND excluded = '';

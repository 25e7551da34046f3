-- name: plan_each_time
-- A batch asks for hundreds of keys at once; a plan made without seeing them would search the list for every row.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: zone
-- The time zone in which a business counts its days.
SELECT timezone FROM access_business WHERE id = %(business)s;

-- name: open_reader
-- The pipeline's own row, before its first entry.
INSERT INTO metrics_reader (business_id, worked_until, record_since)
VALUES (%(business)s, %(epoch)s, NULL)
ON CONFLICT (business_id) DO NOTHING;

-- name: find_reader
-- Where the pipeline stands in time.
SELECT worked_until, record_since FROM metrics_reader WHERE business_id = %(business)s;

-- name: set_clock
-- Time has passed; it never goes back.
UPDATE metrics_reader SET worked_until = greatest(worked_until, %(now)s) WHERE business_id = %(business)s;

-- name: record_since
-- From when on a system of record was seen to answer.
SELECT record_since FROM metrics_reader WHERE business_id = %(business)s;

-- name: set_record_since
-- A system of record answered earlier than known.
UPDATE metrics_reader SET record_since = %(at)s WHERE business_id = %(business)s;

-- name: clear_record_since
-- Forgotten before a rebuild; the entries tell it again.
UPDATE metrics_reader SET record_since = NULL WHERE business_id = %(business)s;

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
-- Persons with a booking that now wants its read-back.
SELECT DISTINCT person_id
  FROM dialogues_dialogue
 WHERE business_id = %(business)s AND outcome = 'booked' AND outcome_at >= %(since)s
   AND (%(until)s::timestamptz IS NULL OR outcome_at < %(until)s);

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

-- name: find_cells
-- Cells of the rollup, as one JSON array.
SELECT json_agg(c)::text
  FROM unnest(%(metrics)s::text[], %(days)s::date[], %(channels)s::text[]) AS wanted (metric, day, channel)
  JOIN metrics_daily c
    ON c.business_id = %(business)s AND c.metric = wanted.metric AND c.day = wanted.day AND c.channel = wanted.channel;

-- name: drop_cells
-- Cells that are gone or written anew.
DELETE FROM metrics_daily c
 USING unnest(%(metrics)s::text[], %(days)s::date[], %(channels)s::text[]) AS gone (metric, day, channel)
 WHERE c.business_id = %(business)s AND c.metric = gone.metric AND c.day = gone.day AND c.channel = gone.channel;

-- name: add_cells
-- Cells that are new or changed.
INSERT INTO metrics_daily SELECT * FROM json_populate_recordset(NULL::metrics_daily, %(rows)s::json);

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
DELETE FROM metrics_daily WHERE business_id = %(business)s;

-- name: series_between
-- The cells of series over days as columns, one row a series and channel, days counted from the first; lengths come
-- only of series that are read by them. One JSON array (today, overview, read API).
SELECT json_agg(s)::text
  FROM (
      SELECT metric, channel, array_agg(day - %(first)s::date) AS days, array_agg(n) AS n, array_agg(k) AS k,
             array_agg(pending) AS pending, array_agg(excluded) AS excluded, array_agg(unknown) AS unknown,
             array_agg(total) AS total, array_agg(hits) AS hits,
             json_agg(seconds) FILTER (WHERE metric = ANY (%(lengths)s::text[])) AS seconds,
             json_agg(censored) FILTER (WHERE metric = ANY (%(lengths)s::text[])) AS censored
        FROM metrics_daily
       WHERE business_id = %(business)s AND day >= %(first)s AND day <= %(last)s AND metric = ANY (%(metrics)s)
       GROUP BY metric, channel
  ) s;

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

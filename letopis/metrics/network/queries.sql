-- name: booked_sums
-- The sums of M2 over the days in each business (network).
SELECT json_agg(s)::text
  FROM (
      SELECT business_id, sum(n)::int AS n, sum(k)::int AS k, sum(pending)::int AS pending,
             sum(excluded)::int AS excluded, sum(total)::int AS total, sum(hits)::int AS hits
        FROM metrics_cell
       WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = 'M2' AND by = 'all' AND branch = ''
         AND day >= %(first)s AND day <= %(last)s
       GROUP BY business_id
  ) s;

-- name: lately
-- Of the last days in each business: new leads, what is known of what is asked (M23), and leads that the CRM has not
-- got (M17, network).
SELECT business_id, (sum(total) FILTER (WHERE metric = 'M2'))::int AS leads,
       (sum(n) FILTER (WHERE metric = 'M23'))::int AS asked, (sum(k) FILTER (WHERE metric = 'M23'))::int AS known,
       (sum(CASE metric WHEN 'M17' THEN n ELSE -n END)
           FILTER (WHERE metric IN ('M17', 'M17:delivered') AND day >= %(crm_first)s))::int AS undelivered
  FROM metrics_cell
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = ANY (ARRAY['M2', 'M17', 'M17:delivered', 'M23'])
   AND by = 'all' AND branch = '' AND day >= %(first)s AND day <= %(last)s
 GROUP BY business_id;

-- name: failures
-- Leads of the last days that stopped where something of ours failed (network).
SELECT business_id, sum(n)::int AS n
  FROM metrics_cell
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = 'M1:stopped' AND by = 'cause' AND branch = ''
   AND day >= %(first)s AND day <= %(last)s AND member = %(member)s
 GROUP BY business_id;

-- name: waiting_now
-- How many wait for an answer now; how many of them for too long, both by the wall and by the working clock (network).
SELECT business_id, count(*)::int AS waiting, (count(*) FILTER (WHERE late))::int AS late,
       min(waiting_since) FILTER (WHERE late) AS late_since
  FROM (
      SELECT business_id, waiting_since, waiting_since < %(before)s AND answer_due_at <= %(now)s AS late
        FROM dialogues_dialogue
       WHERE business_id = ANY (%(businesses)s::uuid[]) AND waiting_since <= %(now)s AND quiet_at > %(now)s
         AND excluded = ''
  ) d
 GROUP BY business_id;

-- name: heard
-- When each business was last heard, and which of its sources has been silent for longest (network).
SELECT business_id, max(last_at) AS heard_at,
       (array_agg(source ORDER BY last_at) FILTER (WHERE last_at < %(before)s))[1] AS silent, min(last_at) AS silent_since
  FROM (
      SELECT business_id, source, max(last_event_at) AS last_at
        FROM intake_source
       WHERE business_id = ANY (%(businesses)s::uuid[]) AND source <> '' AND last_event_at IS NOT NULL
       GROUP BY business_id, source
  ) s
 GROUP BY business_id;

-- name: expected
-- How many turns of clients the same hours of the weeks before held, for stretches of silence: `since` and `until` are
-- hours of a day of the past. The cells are read in one pass: business by business the wall would be asked each time.
WITH cells AS MATERIALIZED (
    SELECT business_id, day, member, n
      FROM metrics_cell
     WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = 'M10:hour' AND by = 'hour' AND branch = ''
       AND day = ANY (%(days)s) AND member = ANY (%(hours)s)
)
SELECT w.business_id,
       sum(c.n * greatest(0, least(w.until, c.member::int + 1) - greatest(w.since, c.member::int))) AS turns
  FROM json_to_recordset(%(stretches)s::json) AS w (business_id uuid, day date, since float8, until float8)
  JOIN cells c ON c.business_id = w.business_id AND c.day = w.day
 GROUP BY w.business_id;

-- name: undelivered
-- Leads of the last days that the CRM has not got, and those among them since it last got one (network).
WITH leads AS MATERIALIZED (
    SELECT business_id, at, crm
      FROM metrics_lead
     WHERE business_id = ANY (%(businesses)s::uuid[]) AND day >= %(first)s AND excluded = ''
       AND crm IN ('in_time', 'late', 'delayed', 'missing')
), got AS (
    SELECT business_id, max(at) AS at FROM leads WHERE crm IN ('in_time', 'late') GROUP BY business_id
)
SELECT l.business_id, count(*)::int AS undelivered,
       (count(*) FILTER (WHERE got.at IS NULL OR l.at > got.at))::int AS refused,
       min(l.at) FILTER (WHERE got.at IS NULL OR l.at > got.at) AS refused_since
  FROM leads l
  LEFT JOIN got ON got.business_id = l.business_id
 WHERE l.crm IN ('delayed', 'missing')
 GROUP BY l.business_id;

-- name: quarantined
-- How many pieces wait in quarantine (network).
SELECT business_id, count(*)::int AS n
  FROM intake_quarantine
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND state = 'open'
 GROUP BY business_id;

-- name: logs
-- The size of each journal, its last moment, and how far the numbers have read it (network).
SELECT l.business_id, l.size, l.last_us, l.size - 1 - coalesce(p.seq, -1) AS unread
  FROM journal_log l
  LEFT JOIN journal_position p ON p.business_id = l.business_id AND p.log = l.log AND p.reader = %(reader)s
 WHERE l.business_id = ANY (%(businesses)s::uuid[]) AND l.log = %(log)s;

-- name: broken_seals
-- Journals in which the last verification found a difference (network).
SELECT business_id
  FROM journal_seal
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND log = %(log)s AND problems > 0;

-- name: old_versions
-- Businesses that have not seen the newest version of a scenario: the one that first appeared last, wherever it did
-- (network).
WITH seen AS MATERIALIZED (
    SELECT business_id, scenario, version, at
      FROM metrics_mark
     WHERE business_id = ANY (%(businesses)s::uuid[]) AND made_by = 'itself'
), born AS (
    SELECT scenario, version, min(at) AS at FROM seen GROUP BY scenario, version
), newest AS (
    SELECT DISTINCT ON (scenario) scenario, version, at FROM born ORDER BY scenario, at DESC, version DESC
), held AS (
    SELECT DISTINCT ON (s.business_id, s.scenario) s.business_id, s.scenario, s.version
      FROM seen s
      JOIN born b ON b.scenario = s.scenario AND b.version = s.version
     ORDER BY s.business_id, s.scenario, b.at DESC, s.version DESC
)
SELECT DISTINCT ON (h.business_id) h.business_id, h.scenario, h.version, n.version AS newest
  FROM held h
  JOIN newest n ON n.scenario = h.scenario
 WHERE n.version <> h.version
 ORDER BY h.business_id, n.at DESC, h.scenario;

-- name: tested
-- Businesses with trial talks in these days (network).
SELECT DISTINCT business_id
  FROM dialogues_dialogue
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND day >= %(first)s AND day <= %(last)s AND test;

-- name: strata
-- Mature leads of the days by what makes them alike: untouched by a mistake of ours, or not (M22, network).
SELECT json_agg(s)::text
  FROM (
      SELECT business_id, metric, member, sum(n)::int AS n, sum(k)::int AS k
        FROM metrics_cell
       WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = ANY (%(metrics)s) AND by = 'mix' AND branch = ''
         AND day >= %(first)s AND day <= %(last)s
       GROUP BY business_id, metric, member
  ) s;

-- name: came
-- The sums of M4 over the days in each business: how many of those who book come (network).
SELECT business_id, sum(n)::int AS n, sum(k)::int AS k, sum(unknown)::int AS unknown
  FROM metrics_cell
 WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = 'M4' AND by = 'all' AND branch = ''
   AND day >= %(first)s AND day <= %(last)s
 GROUP BY business_id;

-- name: usual_tickets
-- The median price of the last visits that took place in each business (network).
SELECT b.business_id, t.kop
  FROM unnest(%(businesses)s::uuid[]) AS b (business_id)
 CROSS JOIN LATERAL (
     SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price_kop) AS kop
       FROM (
           SELECT price_kop
             FROM appointments_slot
            WHERE business_id = b.business_id AND state = 'arrived' AND price_kop IS NOT NULL AND excluded = ''
            ORDER BY start_at DESC
            LIMIT %(limit)s
       ) last
 ) t
 WHERE t.kop IS NOT NULL;

-- name: series_of_some
-- The cells of series over days as columns, days counted from the first, for the businesses that a page shows (network).
SELECT json_agg(s)::text
  FROM (
      SELECT business_id, metric, by, member, array_agg(day - %(first)s::date) AS days, array_agg(n) AS n,
             array_agg(k) AS k, array_agg(pending) AS pending, array_agg(excluded) AS excluded,
             array_agg(unknown) AS unknown, array_agg(total) AS total, array_agg(hits) AS hits, NULL AS seconds,
             NULL AS censored
        FROM metrics_cell
       WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = ANY (%(metrics)s) AND by = 'all' AND branch = ''
         AND day >= %(first)s AND day <= %(last)s
       GROUP BY business_id, metric, by, member
  ) s;

-- name: dead_steps
-- Steps on which talks ended by a mistake of ours, over all businesses: in how many of those that run the scenario, how
-- many talks, and where most of one kind. Every talk ends somewhere, so the ends tell who runs it (network).
WITH cells AS MATERIALIZED (
    SELECT business_id, member, sum(n)::int AS n
      FROM metrics_cell
     WHERE business_id = ANY (%(businesses)s::uuid[]) AND metric = 'M15:edge' AND by = 'edge' AND branch = ''
       AND day >= %(first)s AND day <= %(last)s AND strpos(member, %(joint)s || '!') > 0
     GROUP BY business_id, member
), stays AS MATERIALIZED (
    SELECT business_id, split_part(member, %(joint)s, 1) AS scenario, split_part(member, %(joint)s, 2) AS version,
           split_part(member, %(joint)s, 3) AS step, split_part(member, %(joint)s, 4) AS ended, n
      FROM cells
), runs AS (
    SELECT scenario, count(DISTINCT business_id)::int AS businesses FROM stays GROUP BY scenario
), worst AS (
    SELECT DISTINCT ON (scenario, step) scenario, step, business_id, ended, sum(n)::int AS n
      FROM stays
     WHERE ended = ANY (%(ours)s)
     GROUP BY scenario, step, business_id, ended
     ORDER BY scenario, step, sum(n) DESC, business_id, ended
), dead AS (
    SELECT scenario, step, count(DISTINCT business_id)::int AS businesses, sum(n)::int AS talks,
           array_agg(DISTINCT version) AS versions
      FROM stays
     WHERE ended = ANY (%(ours)s)
     GROUP BY scenario, step
)
SELECT d.scenario, d.step, d.businesses, d.talks, d.versions, r.businesses AS "of", w.business_id, w.ended, w.n
  FROM dead d
  JOIN runs r ON r.scenario = d.scenario
  JOIN worst w ON w.scenario = d.scenario AND w.step = d.step
 ORDER BY d.businesses DESC, d.talks DESC, d.scenario, d.step
 LIMIT %(limit)s;

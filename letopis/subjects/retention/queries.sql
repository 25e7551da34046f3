-- name: due_raw
-- Bodies as received before a day; partitions of later days are not looked into.
SELECT seq FROM journal_raw
WHERE business_id = %(business)s AND log = %(log)s AND seq > %(after)s AND seq <= %(to)s AND day <= %(day)s
ORDER BY seq LIMIT %(limit)s;

-- name: due_text
-- Words of entries.
SELECT seq FROM journal_content
WHERE business_id = %(business)s AND log = %(log)s AND seq > %(after)s AND seq <= %(to)s AND month <= %(month)s
  AND text IS NOT NULL
ORDER BY seq LIMIT %(limit)s;

-- name: due_attach
-- Attachments of entries.
SELECT seq FROM journal_content
WHERE business_id = %(business)s AND log = %(log)s AND seq > %(after)s AND seq <= %(to)s AND month <= %(month)s
  AND attach IS NOT NULL
ORDER BY seq LIMIT %(limit)s;

-- name: due_trace
-- Technical traces: what models and tools were asked, errors, and everything told for debugging.
SELECT e.seq FROM journal_entry e
JOIN journal_content c ON c.business_id = e.business_id AND c.log = e.log AND c.seq = e.seq
WHERE e.business_id = %(business)s AND e.log = %(log)s AND e.seq > %(after)s AND e.seq <= %(to)s
  AND e.kind = 0 AND (e.type = ANY (%(kinds)s) OR e.level = 0)
  AND c.month <= %(month)s AND (c.who IS NOT NULL OR c.text IS NOT NULL OR c.attach IS NOT NULL)
ORDER BY e.seq LIMIT %(limit)s;

-- name: empty_quarantine
-- Pieces that could not be understood go with the bodies of those that could.
UPDATE intake_quarantine SET raw = ''::bytea, state = 'dropped', dropped_reason = %(reason)s, settled_at = %(now)s
WHERE business_id = %(business)s AND received_at < %(before)s AND raw <> ''::bytea;

-- name: persons_forgotten
-- Persons behind `after` whom nobody has heard of since an instant. Whoever has a pseudonym was forgotten before, and so
-- was one known only by a session or a visit whose first entry tells nothing any more.
SELECT person_id FROM (
  SELECT person_id, max(last_at) AS last_at, bool_or(client_id !~ '^~\d+\.\d+$') AS is_known
  FROM clients_identity WHERE business_id = %(business)s GROUP BY person_id
  UNION ALL
  SELECT d.person_id, d.last_at, c.who IS NOT NULL
  FROM dialogues_dialogue d
  JOIN journal_content c ON c.business_id = d.business_id AND c.log = %(log)s AND c.seq = d.dialogue_id
  WHERE d.business_id = %(business)s AND d.client_id = ''
  UNION ALL
  SELECT s.person_id, greatest(s.created_at, s.start_at), c.who IS NOT NULL
  FROM appointments_slot s
  JOIN journal_content c ON c.business_id = s.business_id AND c.log = %(log)s AND c.seq = s.owner
  WHERE s.business_id = %(business)s AND s.client_id = ''
) known
WHERE person_id > %(after)s
GROUP BY person_id HAVING max(last_at) < %(before)s AND bool_or(is_known)
ORDER BY person_id LIMIT %(limit)s;

-- name: last_night_of
-- The last night that was done of each of some businesses, beside its time zone.
SELECT b.id AS business_id, b.timezone, max(n.day) AS day
FROM access_business b
LEFT JOIN subjects_night n ON n.business_id = b.id
WHERE b.id = ANY (%(businesses)s)
GROUP BY b.id, b.timezone;

-- name: tell_night
-- A night was done; done twice, the first stands.
INSERT INTO subjects_night (business_id, day, at, gone) VALUES (%(business)s, %(day)s, %(at)s, %(gone)s)
ON CONFLICT (business_id, day) DO NOTHING;

-- name: drop_nights
-- Nights that nobody asks for any more.
DELETE FROM subjects_night WHERE business_id = %(business)s AND day < %(before)s;

-- name: last_nights
-- The last nights in which anything went, the newest first.
SELECT day, at, gone FROM subjects_night
WHERE business_id = %(business)s AND gone <> '{}'
ORDER BY day DESC LIMIT %(limit)s;

-- name: kept_content
-- What is kept of words, attachments and traces, by month of receipt, and how much of it is over its term.
SELECT c.month,
  count(*) FILTER (WHERE c.text IS NOT NULL) AS text_count,
  count(*) FILTER (WHERE c.text IS NOT NULL AND c.seq <= %(text_to)s) AS text_over,
  count(*) FILTER (WHERE c.attach IS NOT NULL) AS attach_count,
  count(*) FILTER (WHERE c.attach IS NOT NULL AND c.seq <= %(attach_to)s) AS attach_over,
  count(*) FILTER (WHERE t.seq IS NOT NULL) AS trace_count,
  count(*) FILTER (WHERE t.seq <= %(trace_to)s) AS trace_over
FROM journal_content c
LEFT JOIN journal_entry t ON t.business_id = c.business_id AND t.log = c.log AND t.seq = c.seq
  AND t.kind = 0 AND (t.type = ANY (%(kinds)s) OR t.level = 0)
  AND (c.who IS NOT NULL OR c.text IS NOT NULL OR c.attach IS NOT NULL)
WHERE c.business_id = %(business)s AND c.log = %(log)s
GROUP BY c.month ORDER BY c.month DESC LIMIT %(limit)s;

-- name: kept_raw
-- Bodies as received, by month.
SELECT date_trunc('month', day)::date AS month, count(*) AS count, count(*) FILTER (WHERE seq <= %(raw_to)s) AS over
FROM journal_raw WHERE business_id = %(business)s AND log = %(log)s
GROUP BY 1 ORDER BY 1 DESC LIMIT %(limit)s;

-- name: kept_who
-- Clients who are known, by the month in which they were last heard of.
SELECT date_trunc('month', last_at AT TIME ZONE 'UTC')::date AS month, count(*) AS count,
  count(*) FILTER (WHERE last_at < %(before)s) AS over
FROM (
  SELECT person_id, max(last_at) AS last_at FROM clients_identity
  WHERE business_id = %(business)s AND client_id !~ '^~\d+\.\d+$' GROUP BY person_id
) person
GROUP BY 1 ORDER BY 1 DESC LIMIT %(limit)s;

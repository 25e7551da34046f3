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

-- name: find_night
-- Whether a night was done.
SELECT day FROM subjects_night WHERE business_id = %(business)s AND day = %(day)s;

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

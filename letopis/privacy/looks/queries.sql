-- name: become_scribe
-- Until the transaction ends: only the scribe sees the notes of all businesses.
SELECT set_config('role', %(role)s, true);

-- name: businesses_noted
-- Where notes wait; the table holds what the worker has not moved yet, so it is small.
SELECT DISTINCT business_id FROM access_look LIMIT %(limit)s;

-- name: take_notes
-- The oldest notes of a business go; the caller holds the log they go into.
DELETE FROM access_look
WHERE business_id = %(business)s AND (at, look_id) IN (
  SELECT at, look_id FROM access_look WHERE business_id = %(business)s ORDER BY at, look_id LIMIT %(limit)s)
RETURNING at, look_id, person_id, key_id, role, act, subject_kind, subject_id, reason, refused;

-- name: zone
-- The time zone of a business: days of the ledger are its days.
SELECT timezone FROM access_business WHERE id = %(business)s;

-- name: add_rows
-- The rows of a run of entries; they name their business.
INSERT INTO privacy_look (business_id, seq, at, day, person_id, key_id, role, act, subject_kind, subject_id, refused, reason)
SELECT business_id, seq, at, day, person_id, key_id, role, act, subject_kind, subject_id, refused, reason
FROM json_populate_recordset(NULL::privacy_look, %(rows)s);

-- name: clear_rows
-- All rows of a business, before they are derived anew.
DELETE FROM privacy_look WHERE business_id = %(business)s;

-- name: rows_after
-- What the watcher has not seen, in order.
SELECT seq, at, day, person_id, act, subject_kind, subject_id, refused FROM privacy_look
WHERE business_id = %(business)s AND seq > %(position)s
ORDER BY seq LIMIT %(limit)s;

-- name: rows_of_persons
-- The looks of some people in the hour before and since, newest first; serves the watcher.
SELECT seq, at, day, person_id, act, subject_kind, subject_id, refused FROM privacy_look
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s) AND at >= %(since)s AND seq <= %(last)s
ORDER BY seq DESC LIMIT %(limit)s;

-- name: days_of_persons
-- How many different dialogues and clients some people opened on each day; serves the watcher.
SELECT person_id, day, count(DISTINCT (subject_kind, subject_id)) AS subjects FROM privacy_look
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s) AND day BETWEEN %(first)s AND %(until)s
  AND seq <= %(last)s AND act IN ('opened', 'unmasked') AND subject_kind IN ('dialogue', 'client') AND NOT refused
GROUP BY person_id, day;

-- name: grow_burst
-- The burst of this sign and person that is still going on, if there is one.
UPDATE privacy_burst SET until_at = greatest(until_at, %(until_at)s), looks = greatest(looks, %(looks)s)
WHERE business_id = %(business)s AND sign = %(sign)s AND person_id = %(person)s AND until_at >= %(since)s
RETURNING seq;

-- name: add_burst
-- A burst that begins.
INSERT INTO privacy_burst (business_id, seq, sign, person_id, began_at, until_at, looks, usual)
VALUES (%(business)s, %(seq)s, %(sign)s, %(person)s, %(began_at)s, %(until_at)s, %(looks)s, %(usual)s);

-- name: note_burst
-- Tell the ledger of a burst, by the way of all notes.
INSERT INTO access_look (business_id, at, look_id, person_id, act, subject_kind, subject_id)
VALUES (%(business)s, %(at)s, %(look_id)s, %(person)s, %(act)s, %(sign)s, %(seq)s);

-- name: open_bursts
-- Bursts that nobody has called normal, newest first (the owner's page).
SELECT seq, sign, person_id, began_at, until_at, looks, usual FROM privacy_burst
WHERE business_id = %(business)s AND settled_at IS NULL
ORDER BY until_at DESC LIMIT %(limit)s;

-- name: settle_burst
-- The owner says that a burst is normal; his first word stands.
UPDATE privacy_burst SET settled_at = %(now)s, settled_by = %(person)s
WHERE business_id = %(business)s AND seq = %(seq)s AND sign = %(sign)s AND settled_at IS NULL;

-- name: lookers
-- Who did how much in these days (the owner's page): one row a person or key.
SELECT person_id, key_id,
  (array_agg(role ORDER BY seq DESC))[1] AS role,
  count(DISTINCT subject_id) FILTER (WHERE act = 'opened' AND subject_kind = 'dialogue' AND NOT refused) AS dialogues,
  count(DISTINCT subject_id) FILTER (WHERE act = 'opened' AND subject_kind = 'client' AND NOT refused) AS clients,
  count(*) FILTER (WHERE act = 'searched' AND NOT refused) AS searches,
  count(*) FILTER (WHERE act = 'exported' AND NOT refused) AS exports,
  count(*) FILTER (WHERE act = 'unmasked' AND NOT refused) AS unmaskings,
  count(*) FILTER (WHERE refused) AS refusals,
  max(at) AS last_at,
  (array_agg(DISTINCT reason) FILTER (WHERE reason <> '' AND act IN ('unmasked', 'exported')))[1:%(reasons)s] AS reasons
FROM privacy_look
WHERE business_id = %(business)s AND day BETWEEN %(first)s AND %(until)s AND act NOT IN ('burst')
GROUP BY person_id, key_id
ORDER BY max(at) DESC LIMIT %(limit)s;

-- name: looks_of
-- What one person or key did, newest first, below an entry (the day by day list).
SELECT seq, at, day, role, act, subject_kind, subject_id, refused, reason FROM privacy_look
WHERE business_id = %(business)s AND seq < %(before)s
  AND person_id IS NOT DISTINCT FROM %(person)s AND key_id IS NOT DISTINCT FROM %(key)s
ORDER BY seq DESC LIMIT %(limit)s;

-- name: looks_at
-- Who opened one thing, newest first, below an entry (the list behind a dialogue).
SELECT seq, at, day, person_id, key_id, role, act, refused, reason FROM privacy_look
WHERE business_id = %(business)s AND subject_kind = %(kind)s AND subject_id = %(subject)s AND seq < %(before)s
ORDER BY seq DESC LIMIT %(limit)s;

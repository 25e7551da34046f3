-- name: number_alone
-- Numbers of a year are given one after the other.
SELECT pg_advisory_xact_lock(hashtextextended(%(business)s::text, 7262038));

-- name: add_request
-- A request with the next number of its year.
INSERT INTO subjects_request (business_id, request_id, year, number, asks, subject, via, received_on, due_on, persons,
                              made_at, made_by)
SELECT %(business)s, %(request)s, %(year)s,
  1 + coalesce((SELECT max(number) FROM subjects_request WHERE business_id = %(business)s AND year = %(year)s), 0),
  %(asks)s, %(subject)s, %(via)s, %(received_on)s, %(due_on)s, %(persons)s, %(made_at)s, %(made_by)s;

-- name: requests
-- Open requests, the most urgent first, then answered ones, the latest first; one JSON array.
SELECT json_agg(r)::text FROM (
  SELECT * FROM subjects_request WHERE business_id = %(business)s
  ORDER BY answered_at IS NOT NULL, CASE WHEN answered_at IS NULL THEN due_on END, answered_at DESC, number DESC
  LIMIT %(limit)s
) r;

-- name: request
-- One request, as one JSON array.
SELECT json_agg(r)::text FROM subjects_request r WHERE business_id = %(business)s AND request_id = %(request)s;

-- name: open_until
-- The last days of requests that nobody has answered.
SELECT asks, due_on FROM subjects_request WHERE business_id = %(business)s AND answered_at IS NULL
ORDER BY due_on LIMIT %(limit)s;

-- name: answer
-- The person was answered; the first answer stands.
UPDATE subjects_request SET answered_at = %(at)s, answered_by = %(by)s, answered_how = %(how)s
WHERE business_id = %(business)s AND request_id = %(request)s AND answered_at IS NULL;

-- name: extend
-- A longer term, with the reason that the person was told.
UPDATE subjects_request SET due_on = %(due_on)s, extended_why = %(why)s
WHERE business_id = %(business)s AND request_id = %(request)s AND answered_at IS NULL AND extended_why = '';

-- name: note_erased
-- The person was erased.
UPDATE subjects_request SET erased_at = %(at)s WHERE business_id = %(business)s AND request_id = %(request)s;

-- name: add_act
-- An act with the next number of its year.
INSERT INTO subjects_act (business_id, act_id, request_id, year, number, at, subject, reason, person, entries, kinds,
                          months, told_seqs, keep_until)
SELECT %(business)s, %(act)s, %(request)s, %(year)s,
  1 + coalesce((SELECT max(number) FROM subjects_act WHERE business_id = %(business)s AND year = %(year)s), 0),
  %(at)s, %(subject)s, %(reason)s, %(person)s, %(entries)s, %(kinds)s, %(months)s, %(told_seqs)s, %(keep_until)s;

-- name: acts
-- The acts of a request, as one JSON array.
SELECT json_agg(a ORDER BY a.number)::text FROM subjects_act a
WHERE business_id = %(business)s AND request_id = %(request)s;

-- name: act
-- One act, as one JSON array.
SELECT json_agg(a)::text FROM subjects_act a WHERE business_id = %(business)s AND act_id = %(act)s;

-- name: drop_old
-- Acts and answered requests whose three years are over.
WITH gone AS (DELETE FROM subjects_act WHERE business_id = %(business)s AND keep_until < %(today)s)
DELETE FROM subjects_request r
WHERE r.business_id = %(business)s AND r.answered_at < %(before)s
  AND NOT EXISTS (SELECT FROM subjects_act a WHERE a.business_id = r.business_id AND a.request_id = r.request_id
                  AND a.keep_until >= %(today)s);

-- name: identities_named
-- Persons by a number or an id that is theirs as it stands.
SELECT DISTINCT person_id FROM clients_identity
WHERE business_id = %(business)s AND (phone = %(phone)s OR client_id = %(word)s) LIMIT %(limit)s;

-- name: persons_of_dialogues
-- Whose dialogues these are, with how many of them.
SELECT person_id, count(*) AS dialogues FROM dialogues_dialogue
WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s)
GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT %(limit)s;

-- name: people
-- Persons with all they are known by, and how much there is of them.
SELECT p.person_id,
  (SELECT json_agg(json_build_object('client_id', i.client_id, 'channel', i.channel, 'name', i.name, 'phone', i.phone)
                   ORDER BY i.first_seq)
   FROM clients_identity i WHERE i.business_id = %(business)s AND i.person_id = p.person_id) AS identities,
  (SELECT count(*) FROM dialogues_dialogue d
   WHERE d.business_id = %(business)s AND d.person_id = p.person_id) AS dialogues,
  (SELECT max(d.last_at) FROM dialogues_dialogue d
   WHERE d.business_id = %(business)s AND d.person_id = p.person_id) AS last_at,
  (SELECT max(d.dialogue_id) FROM dialogues_dialogue d
   WHERE d.business_id = %(business)s AND d.person_id = p.person_id) AS dialogue_id,
  (SELECT count(*) FROM appointments_slot s
   WHERE s.business_id = %(business)s AND s.person_id = p.person_id AND s.state <> 'moved') AS visits
FROM unnest(%(persons)s::bigint[]) AS p (person_id);

-- name: visits_of
-- All visits of persons, in order.
SELECT start_at, end_at, service, resource, price_kop, channel, state FROM appointments_slot
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s) ORDER BY start_at, slot_id LIMIT %(limit)s;

-- name: asked_persons
-- Persons about whom a request is known already.
SELECT DISTINCT unnest(persons) AS person_id FROM subjects_request WHERE business_id = %(business)s;

-- name: persons_now
-- Who the persons are now whose first entry was one of these: links may have joined them since. Whoever was erased is
-- nobody any more.
SELECT person_id FROM clients_identity
WHERE business_id = %(business)s AND first_seq = ANY (%(persons)s) AND client_id !~ '^~\d+\.\d+$'
UNION
SELECT d.person_id FROM dialogues_dialogue d
JOIN journal_content c ON c.business_id = d.business_id AND c.log = %(log)s AND c.seq = d.dialogue_id
WHERE d.business_id = %(business)s AND d.client_id = '' AND d.dialogue_id = ANY (%(persons)s) AND c.who IS NOT NULL
UNION
SELECT s.person_id FROM appointments_slot s
JOIN journal_content c ON c.business_id = s.business_id AND c.log = %(log)s AND c.seq = s.owner
WHERE s.business_id = %(business)s AND s.client_id = '' AND s.owner = ANY (%(persons)s) AND c.who IS NOT NULL;

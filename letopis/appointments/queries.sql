-- name: find_keys
-- Whose appointments these ids are, as one JSON array.
SELECT json_agg(k)::text
  FROM appointments_key k
 WHERE business_id = %(business)s AND appointment_id = ANY (%(ids)s);

-- name: drop_keys
-- Keys that are written anew.
DELETE FROM appointments_key WHERE business_id = %(business)s AND appointment_id = ANY (%(ids)s);

-- name: add_keys
-- Appointment ids met or changed by a batch.
INSERT INTO appointments_key SELECT * FROM json_populate_recordset(NULL::appointments_key, %(rows)s::json);

-- name: hand_over_keys
-- A client has turned up behind ids that nobody had claimed.
UPDATE appointments_key
   SET owner = %(owner)s, claimed = true
 WHERE business_id = %(business)s AND owner = %(pseudo)s AND NOT claimed;

-- name: hand_over_facts
-- What was kept under unclaimed ids goes to their client.
UPDATE appointments_fact
   SET owner = %(owner)s
 WHERE business_id = %(business)s AND owner = %(pseudo)s;

-- name: add_facts
-- What the entries of a batch say about visits.
INSERT INTO appointments_fact SELECT * FROM json_populate_recordset(NULL::appointments_fact, %(rows)s::json);

-- name: facts_of_owners
-- Everything said about the visits of these owners, in the order of time, one JSON array an owner.
SELECT owner, '[' || string_agg(body, ',' ORDER BY at, seq) || ']' AS bodies
  FROM appointments_fact
 WHERE business_id = %(business)s AND owner = ANY (%(owners)s)
 GROUP BY owner;

-- name: slots_around
-- The stored slots of persons and of owners, as one JSON array.
SELECT json_agg(s)::text
  FROM appointments_slot s
 WHERE business_id = %(business)s AND (person_id = ANY (%(persons)s) OR owner = ANY (%(owners)s));

-- name: slots_within
-- The stored slots of stretches of diaries, as one JSON array; no two stretches of a resource meet.
-- The index of starts serves each stretch, the resource is looked at in the rows: a day of a business is short.
SELECT json_agg(s)::text
  FROM unnest(%(resources)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[])
       AS stretch (resource, since, until)
  JOIN appointments_slot s
    ON s.business_id = %(business)s AND s.start_at >= stretch.since AND s.start_at < stretch.until
   AND s.resource = stretch.resource;

-- name: words_of_visits
-- Which words the latest visits hold for each filter of the list, the commonest first (the form of the list).
WITH latest AS (
    SELECT resource, service, branch, channel, campaign
      FROM appointments_slot
     WHERE business_id = %(business)s AND start_at IS NOT NULL
     ORDER BY start_at DESC
     LIMIT %(recent)s
), counted AS (
    SELECT told.name, told.word, count(*) AS visits,
           row_number() OVER (PARTITION BY told.name ORDER BY count(*) DESC, told.word) AS place
      FROM latest,
           LATERAL (VALUES ('master', resource), ('service', service), ('branch', branch), ('channel', channel),
                           ('campaign', campaign)) AS told (name, word)
     WHERE told.word <> ''
     GROUP BY told.name, told.word
)
SELECT name, word FROM counted WHERE place <= %(limit)s ORDER BY name, place;

-- name: drop_slots
-- Slots that are gone or written anew.
DELETE FROM appointments_slot WHERE business_id = %(business)s AND slot_id = ANY (%(slots)s);

-- name: add_slots
-- Slots that are new or changed.
INSERT INTO appointments_slot SELECT * FROM json_populate_recordset(NULL::appointments_slot, %(rows)s::json);

-- name: clear_keys
-- Everything of a business, before a rebuild.
DELETE FROM appointments_key WHERE business_id = %(business)s;

-- name: clear_facts
-- Everything of a business, before a rebuild.
DELETE FROM appointments_fact WHERE business_id = %(business)s;

-- name: clear_slots
-- Everything of a business, before a rebuild.
DELETE FROM appointments_slot WHERE business_id = %(business)s;

-- name: services
-- All versions of the services, as one JSON array.
SELECT json_agg(s)::text FROM appointments_service s WHERE business_id = %(business)s;

-- name: masters
-- All versions of the masters, as one JSON array.
SELECT json_agg(m)::text FROM appointments_master m WHERE business_id = %(business)s;

-- name: tell_services
-- Versions told by a batch; one told for the same day before gives way.
INSERT INTO appointments_service
SELECT * FROM json_populate_recordset(NULL::appointments_service, %(rows)s::json)
    ON CONFLICT (business_id, service_id, valid_from) DO UPDATE
   SET seq = excluded.seq, name = excluded.name, aliases = excluded.aliases, category = excluded.category,
       minutes = excluded.minutes, price_from_kop = excluded.price_from_kop, price_to_kop = excluded.price_to_kop,
       ended = excluded.ended;

-- name: tell_masters
-- Versions told by a batch; one told for the same day before gives way.
INSERT INTO appointments_master
SELECT * FROM json_populate_recordset(NULL::appointments_master, %(rows)s::json)
    ON CONFLICT (business_id, master_id, valid_from) DO UPDATE
   SET seq = excluded.seq, name = excluded.name, services = excluded.services, branch = excluded.branch,
       ended = excluded.ended;

-- name: clear_services
-- Everything of a business, before a rebuild.
DELETE FROM appointments_service WHERE business_id = %(business)s;

-- name: clear_masters
-- Everything of a business, before a rebuild.
DELETE FROM appointments_master WHERE business_id = %(business)s;

-- name: rename_keys
-- Visits of a client who was erased.
UPDATE appointments_key k
   SET appointment_id = n.alias
  FROM json_to_recordset(%(names)s::json) AS n (former text, alias text)
 WHERE k.business_id = %(business)s AND k.appointment_id = n.former;

-- name: facts_of_entries
-- What these entries said about visits, as one JSON array.
SELECT json_agg(f)::text
  FROM appointments_fact f
 WHERE business_id = %(business)s AND seq = ANY (%(seqs)s);

-- name: change_facts
-- Facts of entries whose content was taken out.
UPDATE appointments_fact f
   SET body = r.body
  FROM json_populate_recordset(NULL::appointments_fact, %(rows)s::json) r
 WHERE f.business_id = %(business)s AND f.owner = r.owner AND f.seq = r.seq;

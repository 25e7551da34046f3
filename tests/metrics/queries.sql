-- name: clients_identity
-- All rows, in one order.
SELECT * FROM clients_identity WHERE business_id = %(business)s ORDER BY client_id;

-- name: clients_link
-- All rows, in one order.
SELECT * FROM clients_link WHERE business_id = %(business)s ORDER BY a, b, seq;

-- name: clients_phone
-- All rows, in one order.
SELECT * FROM clients_phone WHERE business_id = %(business)s ORDER BY phone, seq;

-- name: dialogues_dialogue
-- All rows, in one order.
SELECT * FROM dialogues_dialogue WHERE business_id = %(business)s ORDER BY dialogue_id;

-- name: dialogues_fact
-- All rows, in one order.
SELECT * FROM dialogues_fact WHERE business_id = %(business)s ORDER BY dialogue_id, seq;

-- name: dialogues_turn
-- All rows, in one order.
SELECT * FROM dialogues_turn WHERE business_id = %(business)s ORDER BY dialogue_id, n;

-- name: dialogues_escalation
-- All rows, in one order.
SELECT * FROM dialogues_escalation WHERE business_id = %(business)s ORDER BY dialogue_id, n;

-- name: dialogues_step
-- All rows, in one order.
SELECT * FROM dialogues_step WHERE business_id = %(business)s ORDER BY dialogue_id, n;

-- name: dialogues_word
-- All rows, in one order.
SELECT * FROM dialogues_word WHERE business_id = %(business)s ORDER BY word, dialogue_id;

-- name: dialogues_schedule
-- All rows, in one order.
SELECT * FROM dialogues_schedule WHERE business_id = %(business)s ORDER BY valid_from;

-- name: appointments_key
-- All rows, in one order.
SELECT * FROM appointments_key WHERE business_id = %(business)s ORDER BY appointment_id;

-- name: appointments_fact
-- All rows, in one order.
SELECT * FROM appointments_fact WHERE business_id = %(business)s ORDER BY owner, seq;

-- name: appointments_slot
-- All rows, in one order.
SELECT * FROM appointments_slot WHERE business_id = %(business)s ORDER BY slot_id;

-- name: appointments_service
-- All rows, in one order.
SELECT * FROM appointments_service WHERE business_id = %(business)s ORDER BY service_id, valid_from;

-- name: appointments_master
-- All rows, in one order.
SELECT * FROM appointments_master WHERE business_id = %(business)s ORDER BY master_id, valid_from;

-- name: metrics_lead
-- All rows, in one order.
SELECT * FROM metrics_lead WHERE business_id = %(business)s ORDER BY lead_id;

-- name: metrics_due
-- All rows, in one order.
SELECT * FROM metrics_due WHERE business_id = %(business)s ORDER BY person_id;

-- name: metrics_cell
-- All rows, in one order.
SELECT * FROM metrics_cell WHERE business_id = %(business)s ORDER BY metric, by, branch, day, member;

-- name: metrics_reader
-- All rows, in one order.
SELECT * FROM metrics_reader WHERE business_id = %(business)s ORDER BY worked_until;

-- name: metrics_mark
-- All rows, in one order.
SELECT * FROM metrics_mark WHERE business_id = %(business)s ORDER BY seq;

-- name: metrics_goal
-- All rows, in one order.
SELECT * FROM metrics_goal WHERE business_id = %(business)s ORDER BY metric, valid_from;

-- name: metrics_cost
-- All rows, in one order.
SELECT * FROM metrics_cost WHERE business_id = %(business)s ORDER BY campaign, first_day;

-- name: metrics_frozen
-- All rows, in one order.
SELECT * FROM metrics_frozen WHERE business_id = %(business)s ORDER BY month, metric;

-- name: add_source
-- A source of a business that was last heard at a moment (network).
INSERT INTO intake_source (business_id, connection, source, first_event_at, last_event_at, last_type, day, accepted_today,
                           duplicates_today, conflicts_today, rejected_today, last_reason, last_field)
VALUES (%(business)s, 'key', %(source)s, %(at)s, %(at)s, 'message_in', %(at)s::date, 1, 0, 0, 0, '', '');

-- name: privacy_policy
-- Terms that were approved.
SELECT * FROM privacy_policy WHERE business_id = %(business)s ORDER BY seq;

-- name: privacy_expired
-- How far each class has expired.
SELECT * FROM privacy_expired WHERE business_id = %(business)s ORDER BY kept;

-- name: clients_block
-- Who is frozen.
SELECT * FROM clients_block WHERE business_id = %(business)s ORDER BY first_seq;

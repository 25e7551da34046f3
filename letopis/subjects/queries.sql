-- name: identities_of_persons
-- The client ids of persons, and the number of each one's first entry.
SELECT client_id, first_seq FROM clients_identity
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s)
ORDER BY client_id;

-- name: entries_of_talks
-- The entries in the dialogues of persons.
SELECT f.seq FROM dialogues_dialogue d
JOIN dialogues_fact f ON f.business_id = d.business_id AND f.dialogue_id = d.dialogue_id
WHERE d.business_id = %(business)s AND d.person_id = ANY (%(persons)s);

-- name: owners_of_visits
-- Under which owners the visits of persons are kept.
SELECT DISTINCT owner FROM appointments_slot
WHERE business_id = %(business)s AND person_id = ANY (%(persons)s);

-- name: entries_of_visits
-- What was said about the visits of owners.
SELECT seq FROM appointments_fact
WHERE business_id = %(business)s AND owner = ANY (%(owners)s);

-- name: told_elsewhere
-- Which of these entries are in dialogues of other persons.
SELECT f.seq FROM dialogues_fact f
JOIN dialogues_dialogue d ON d.business_id = f.business_id AND d.dialogue_id = f.dialogue_id
WHERE f.business_id = %(business)s AND f.seq = ANY (%(seqs)s) AND d.person_id <> ALL (%(persons)s);

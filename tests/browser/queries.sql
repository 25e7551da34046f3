-- name: dialogue_of
-- The dialogue that carries a session id of the sender.
SELECT dialogue_id FROM dialogues_dialogue WHERE business_id = %(business)s AND session_id = %(session)s

-- name: open_piece
-- The youngest piece that nobody has mended yet.
SELECT id FROM intake_quarantine WHERE business_id = %(business)s ORDER BY received_at DESC LIMIT 1

-- name: person_of
-- Who signs in with this e-mail.
SELECT id FROM access_person WHERE email = %(email)s

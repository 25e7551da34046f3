-- name: persons_of
-- The persons behind client ids.
SELECT DISTINCT person_id FROM clients_identity
WHERE business_id = %(business)s AND client_id = ANY (%(clients)s);

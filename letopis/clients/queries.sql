-- name: find_identities
-- The identities behind client ids, as one JSON array.
SELECT json_agg(i)::text
  FROM clients_identity i
 WHERE business_id = %(business)s AND client_id = ANY (%(clients)s);

-- name: links_around
-- Every living link that can be reached from these ids.
WITH RECURSIVE reach (id) AS (
    SELECT unnest(%(seeds)s::text[])
    UNION
    SELECT ends.id
      FROM reach r
      CROSS JOIN LATERAL (
          SELECT l.b AS id FROM clients_link l
           WHERE l.business_id = %(business)s AND l.a = r.id AND l.undone_seq IS NULL
          UNION ALL
          SELECT l.a FROM clients_link l
           WHERE l.business_id = %(business)s AND l.b = r.id AND l.undone_seq IS NULL
      ) ends
)
SELECT json_agg(l)::text
  FROM reach r
  JOIN clients_link l ON l.business_id = %(business)s AND l.a = r.id AND l.undone_seq IS NULL;

-- name: add_identities
-- Identities met for the first time.
INSERT INTO clients_identity SELECT * FROM json_populate_recordset(NULL::clients_identity, %(rows)s::json);

-- name: change_identities
-- Identities of whom a batch tells more; an update, since it touches no index and leaves nothing behind in one.
UPDATE clients_identity i
   SET person_id = r.person_id,
       name = r.name,
       phone = r.phone,
       first_at = r.first_at,
       last_at = r.last_at
  FROM json_populate_recordset(NULL::clients_identity, %(rows)s::json) r
 WHERE i.business_id = %(business)s AND i.client_id = r.client_id;

-- name: drop_links
-- Links that are written anew with their undoing.
DELETE FROM clients_link WHERE business_id = %(business)s AND seq = ANY (%(seqs)s);

-- name: add_links
-- Links made or undone by a batch.
INSERT INTO clients_link SELECT * FROM json_populate_recordset(NULL::clients_link, %(rows)s::json);

-- name: clear_identities
-- Everything of a business, before a rebuild.
DELETE FROM clients_identity WHERE business_id = %(business)s;

-- name: clear_links
-- Everything of a business, before a rebuild.
DELETE FROM clients_link WHERE business_id = %(business)s;

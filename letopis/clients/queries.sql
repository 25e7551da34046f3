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

-- name: holders_of_phones
-- Who gave these numbers, as one JSON array.
SELECT json_agg(p)::text
  FROM clients_phone p
 WHERE business_id = %(business)s AND phone = ANY (%(phones)s);

-- name: add_phones
-- Numbers that clients gave for the first time.
INSERT INTO clients_phone SELECT * FROM json_populate_recordset(NULL::clients_phone, %(rows)s::json);

-- name: settle_twins
-- Twins that a link has ever named, undone or not, are told.
UPDATE clients_phone p
   SET untold = false
  FROM clients_link l
 WHERE p.business_id = %(business)s
   AND p.untold
   AND l.business_id = p.business_id
   AND (l.a, l.b) IN ((p.client_id, p.twin_of), (p.twin_of, p.client_id));

-- name: twins_untold
-- Twins to tell the journal of: two persons now, and no link between them that somebody has undone.
SELECT p.client_id, p.twin_of, p.at, x.person_id, y.person_id AS other_person_id
  FROM clients_phone p
  JOIN clients_identity x ON x.business_id = p.business_id AND x.client_id = p.client_id
  JOIN clients_identity y ON y.business_id = p.business_id AND y.client_id = p.twin_of
 WHERE p.business_id = %(business)s
   AND p.untold
   AND x.person_id <> y.person_id
   AND NOT EXISTS (
       SELECT 1
         FROM clients_identity mine
         JOIN clients_link l
           ON l.business_id = mine.business_id AND mine.client_id IN (l.a, l.b) AND l.undone_seq IS NOT NULL
         JOIN clients_identity theirs
           ON theirs.business_id = l.business_id
          AND theirs.client_id = CASE mine.client_id WHEN l.a THEN l.b ELSE l.a END
        WHERE mine.business_id = p.business_id
          AND mine.person_id = x.person_id
          AND theirs.person_id = y.person_id
   )
 ORDER BY p.seq
 LIMIT %(limit)s;

-- name: businesses_with_twins
-- Businesses among these with twins that may have to be told.
SELECT DISTINCT business_id FROM clients_phone WHERE business_id = ANY (%(businesses)s) AND untold;

-- name: clear_phones
-- Everything of a business, before a rebuild.
DELETE FROM clients_phone WHERE business_id = %(business)s;

-- name: rename_identities
-- Clients who were erased: a pseudonym stands for the id, and nothing for name and phone.
UPDATE clients_identity i
   SET client_id = n.alias, name = '', phone = ''
  FROM json_to_recordset(%(names)s::json) AS n (former text, alias text)
 WHERE i.business_id = %(business)s AND i.client_id = n.former;

-- name: rename_links
-- The ends of links stay in the order of their letters' codes.
WITH named AS (
    SELECT * FROM json_to_recordset(%(names)s::json) AS n (former text, alias text)
), ends AS (
    SELECT l.a, l.b, l.seq, coalesce(x.alias, l.a) AS one, coalesce(y.alias, l.b) AS other
      FROM clients_link l
      LEFT JOIN named x ON x.former = l.a
      LEFT JOIN named y ON y.former = l.b
     WHERE l.business_id = %(business)s AND (x.former IS NOT NULL OR y.former IS NOT NULL)
)
UPDATE clients_link l
   SET a = least(e.one COLLATE "C", e.other COLLATE "C"), b = greatest(e.one COLLATE "C", e.other COLLATE "C")
  FROM ends e
 WHERE l.business_id = %(business)s AND l.a = e.a AND l.b = e.b AND l.seq = e.seq;

-- name: drop_phones_of
-- Numbers of clients who were erased; those that somebody else gave too.
WITH gone AS (
    DELETE FROM clients_phone WHERE business_id = %(business)s AND client_id = ANY (%(clients)s)
    RETURNING phone, client_id
)
SELECT DISTINCT g.phone
  FROM gone g
  JOIN clients_phone p
    ON p.business_id = %(business)s AND p.phone = g.phone AND p.client_id <> ALL (%(clients)s);

-- name: drop_phones
-- Numbers whose holders are told anew.
DELETE FROM clients_phone WHERE business_id = %(business)s AND phone = ANY (%(phones)s);

-- name: phones_of
-- Every number that clients gave.
SELECT DISTINCT phone FROM clients_phone WHERE business_id = %(business)s AND client_id = ANY (%(clients)s);

-- name: call_clients
-- Names and numbers of clients as the journal still says them.
UPDATE clients_identity i
   SET name = r.name, phone = r.phone
  FROM json_populate_recordset(NULL::clients_identity, %(rows)s::json) r
 WHERE i.business_id = %(business)s AND i.client_id = r.client_id;

-- name: add_blocks
-- Persons who were frozen.
INSERT INTO clients_block SELECT * FROM json_populate_recordset(NULL::clients_block, %(rows)s::json);

-- name: drop_blocks
-- Persons who were freed, or frozen anew.
DELETE FROM clients_block WHERE business_id = %(business)s AND first_seq = ANY (%(persons)s);

-- name: clear_blocks
-- Everything of a business, before a rebuild.
DELETE FROM clients_block WHERE business_id = %(business)s;

-- name: blocked_persons
-- Frozen persons as links have made them since; who has no id is called by his first entry.
SELECT coalesce(i.person_id, b.first_seq) AS person_id
  FROM clients_block b
  LEFT JOIN clients_identity i ON i.business_id = b.business_id AND i.first_seq = b.first_seq
 WHERE b.business_id = %(business)s;

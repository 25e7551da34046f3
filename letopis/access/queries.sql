-- name: enter
-- Opens the wall for these businesses until the transaction ends.
SELECT set_config('app.business', %(businesses)s, true);

-- name: tables_of_businesses
-- Every table that holds business_id: its wall, its reach, and the keys that do not begin with the business.
SELECT c.relname AS name,
       c.relrowsecurity AS enabled,
       c.relforcerowsecurity AS forced,
       c.relispartition AS partition,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS policy,
       has_table_privilege('letopis_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') AS reachable,
       ARRAY(
           SELECT k.relname::text
             FROM pg_index i
             JOIN pg_class k ON k.oid = i.indexrelid
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indkey[0] <> a.attnum
            ORDER BY k.relname
       ) AS loose_keys
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'business_id' AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p')
 ORDER BY c.relname;

-- name: climbers
-- The role of the pages, where it could pass over row-level security: superuser, bypass, or owner of a table.
SELECT r.rolname AS name
  FROM pg_roles r
 WHERE r.rolname = %(app)s
   AND (r.rolsuper
        OR r.rolbypassrls
        OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')));

-- name: find_key
-- The key behind a prefix, with the digest of its secret; serves the intake and the read API.
SELECT id, business_id, source, scope, digest, masked, revoked_at, last_used_at
  FROM access_apikey
 WHERE prefix = %(prefix)s;

-- name: touch_key
-- Notes that a key was used, at most once a minute.
UPDATE access_apikey
   SET last_used_at = %(now)s
 WHERE id = %(key)s
   AND (last_used_at IS NULL OR last_used_at < %(before)s);

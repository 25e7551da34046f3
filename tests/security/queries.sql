-- name: tables_of_businesses
-- Tables that hold rows of a business, each whole: partitions are read through their parent.
SELECT c.relname AS name
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attname = 'business_id' AND NOT a.attisdropped
ORDER BY c.relname;

-- name: print_of_people
-- A fingerprint of the people of a business, without when they signed in last.
SELECT md5(string_agg((to_jsonb(p) - 'last_login')::text, '|' ORDER BY p.id)) AS print
FROM access_person p
WHERE p.id IN (SELECT person_id FROM access_membership WHERE business_id = %(business)s);

-- name: has_role
-- Whether a role of that name exists.
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(name)s) AS found

-- name: has_database
-- Whether a database of that name exists.
SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s) AS found

-- name: is_member_of_all
-- Whether all our roles exist and the present user may take them on.
SELECT count(*) = 3 AND coalesce(bool_and(pg_has_role(current_user, oid, 'MEMBER')), false) AS found
FROM pg_roles WHERE rolname IN ('letopis_app', 'letopis_scribe', 'letopis_eraser')

-- name: lock_roles
-- Two starts at once make the roles one after the other; the lock lasts to the end of the session.
SELECT pg_advisory_lock(hashtext('letopis roles'))

-- name: make_app
-- Pages, readers and the read API.
CREATE ROLE letopis_app NOLOGIN NOSUPERUSER NOBYPASSRLS

-- name: make_scribe
-- The writer of the journal: COPY is refused to roles that row-level security holds.
CREATE ROLE letopis_scribe NOLOGIN NOSUPERUSER BYPASSRLS

-- name: make_eraser
-- Whoever takes content out of the journal: held by row-level security like the pages.
CREATE ROLE letopis_eraser NOLOGIN NOSUPERUSER NOBYPASSRLS IN ROLE letopis_app

-- name: grant_schema
-- All roles see the schema.
GRANT USAGE ON SCHEMA public TO letopis_app, letopis_scribe, letopis_eraser

-- name: grant_tables
-- What the owner makes from now on may be used by pages and readers; migrations narrow it.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO letopis_app

-- name: grant_sequences
-- The same for the numbers behind the tables.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO letopis_app

-- name: setting
-- The value of one setting of the server.
SELECT current_setting(%(name)s) AS value

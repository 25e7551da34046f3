-- name: lock
-- Two commands at once change the roles one after the other, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('letopis bi'));

-- name: businesses_of
-- The businesses that a role reads.
SELECT business_id FROM bi.reader WHERE role = %(role)s;

-- name: add_reader
-- A role reads a business from now on.
INSERT INTO bi.reader (role, business_id, since) VALUES (%(role)s, %(business)s, %(now)s) ON CONFLICT DO NOTHING;

-- name: drop_reader
-- A role reads a business no longer; none named: any.
DELETE FROM bi.reader
 WHERE role = %(role)s AND (%(business)s::uuid IS NULL OR business_id = %(business)s);

-- name: readers
-- Every role with its businesses, and whether the server knows it (letopis bi list).
SELECT r.role, EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.role) AS made, r.business_id AS business, b.name
  FROM bi.reader r
  JOIN access_business b ON b.id = r.business_id
 ORDER BY r.role, r.since, b.name;

-- name: make_role
-- A login that may do nothing but read; what it reads are rows of bi.reader.
CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS
    CONNECTION LIMIT {connections} PASSWORD {verifier};

-- name: set_role
-- What its sessions begin with.
ALTER ROLE {role} SET {setting} = {value};

-- name: drop_role
-- The login is gone; open sessions see nothing already.
DROP ROLE {role};

-- name: refuse_temporary_tables
-- Nobody but the owner may fill the disk with tables of a session; a server of one's own may say no to this.
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;

-- name: end_sessions
-- Ends the sessions of a role where this session may.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %(role)s AND pg_has_role(usesysid, 'USAGE');

-- name: clear_definitions
-- Before they are told anew.
DELETE FROM bi.definition;

-- name: tell_definitions
-- What the code says of every metric that the views show.
INSERT INTO bi.definition SELECT * FROM json_populate_recordset(NULL::bi.definition, %(rows)s::json);

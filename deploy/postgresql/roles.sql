-- PostgreSQL: one role owns all of the program's tables, and nobody signs in as it. The program's own role reads and
-- writes rows. It can't empty, change or drop a table, lift a trigger or make a table; to the audit it can only add.
--
-- As the database's superuser, after `setup`, and again after each `upgrade`, `restore` and `migrate`:
--   psql --dbname peersupport --set program=peersupport --file deploy/postgresql/roles.sql
-- Before these, which make tables anew:
--   psql --dbname peersupport --command 'GRANT peersupport_owner TO peersupport'
-- It can be run at any time and any number of times, on an empty database too.
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL search_path = pg_catalog;
SELECT 'CREATE ROLE peersupport_owner NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'peersupport_owner') \gexec
SELECT format('REVOKE peersupport_owner FROM %I', :'program')
WHERE pg_has_role(:'program', 'peersupport_owner', 'MEMBER') \gexec

-- Whoever owns a database or a schema can drop what is in it. Up to PostgreSQL 14 everybody could make tables in it.
ALTER DATABASE :"DBNAME" OWNER TO peersupport_owner;
ALTER SCHEMA public OWNER TO peersupport_owner;
REVOKE ALL ON DATABASE :"DBNAME" FROM :"program";
REVOKE CREATE, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC, :"program";
GRANT CONNECT ON DATABASE :"DBNAME" TO :"program";
GRANT USAGE ON SCHEMA public TO :"program";

-- Tables (their indexes and their own sequences go with them), other sequences, views; then functions.
SELECT format('ALTER %s %s OWNER TO peersupport_owner',
              CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
              ELSE 'TABLE' END, oid::regclass)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v', 'm')
AND pg_get_userbyid(relowner) <> 'peersupport_owner'
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i', 'e')) \gexec
SELECT format('ALTER ROUTINE %s OWNER TO peersupport_owner', oid::regprocedure)
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) <> 'peersupport_owner'
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') \gexec

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, :"program";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, :"program";
REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM PUBLIC, :"program";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"program";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"program";
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO :"program";
SELECT format('REVOKE UPDATE, DELETE ON public.%I FROM %I', relname, :'program')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ('audit_entry', 'audit_link') \gexec

-- For tables that later migrations make as the owner.
ALTER DEFAULT PRIVILEGES FOR ROLE peersupport_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"program";
ALTER DEFAULT PRIVILEGES FOR ROLE peersupport_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"program";
ALTER DEFAULT PRIVILEGES FOR ROLE peersupport_owner REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE peersupport_owner IN SCHEMA public GRANT EXECUTE ON ROUTINES TO :"program";

-- Before this, a role of its own owned the audit's tables alone.
SELECT format('REVOKE peersupport_audit FROM %I', :'program')
WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'peersupport_audit') \gexec

-- Samples that the server took of words and times, before it was told to take none.
SELECT 'SELECT public.peersupport_no_words()' WHERE to_regprocedure('public.peersupport_no_words()') IS NOT NULL \gexec
DELETE FROM pg_statistic USING pg_attribute, pg_class
WHERE starelid = attrelid AND staattnum = attnum AND attstattarget = 0
AND pg_class.oid = starelid AND relnamespace = 'public'::regnamespace;
COMMIT;
VACUUM FULL pg_catalog.pg_statistic;

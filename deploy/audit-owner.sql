-- PostgreSQL: the tables of the audit log belong to a role of their own, which nobody signs in as. The program's role
-- can then read them and add to them, and neither change or delete what is there, nor lift the triggers that refuse it.
--
-- As the database's superuser, after `setup`, and again after each `upgrade` and `restore`:
--   psql --dbname peersupport --set program=peersupport --file deploy/audit-owner.sql
-- Before an upgrade or a restore, which make tables anew:
--   psql --dbname peersupport --command 'GRANT peersupport_audit TO peersupport'
\set ON_ERROR_STOP on
BEGIN;
SELECT 'CREATE ROLE peersupport_audit NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'peersupport_audit') \gexec
REVOKE peersupport_audit FROM :"program";

-- Who owns a database or a schema can drop what is in it.
ALTER DATABASE :"DBNAME" OWNER TO peersupport_audit;
ALTER SCHEMA public OWNER TO peersupport_audit;
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO :"program";
GRANT USAGE, CREATE ON SCHEMA public TO :"program";

ALTER TABLE audit_entry OWNER TO peersupport_audit;
ALTER TABLE audit_link OWNER TO peersupport_audit;
ALTER FUNCTION audit_entry_refuse() OWNER TO peersupport_audit;
ALTER FUNCTION audit_link_refuse() OWNER TO peersupport_audit;
REVOKE ALL ON audit_entry, audit_link FROM PUBLIC, :"program";
REVOKE ALL ON SEQUENCE audit_entry_id_seq FROM PUBLIC, :"program";
GRANT SELECT, INSERT ON audit_entry, audit_link TO :"program";
GRANT USAGE, SELECT ON SEQUENCE audit_entry_id_seq TO :"program";
COMMIT;

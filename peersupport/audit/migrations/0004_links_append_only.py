"""Triggers for the links too, and those of the entries again: SQLite makes a table anew that gets a column."""

from importlib import import_module

from django.db import migrations

entries = import_module("peersupport.audit.migrations.0002_append_only")
FORBID = {
    "sqlite": [
        """
        CREATE TRIGGER audit_link_no_update BEFORE UPDATE ON audit_link
        BEGIN SELECT RAISE(ABORT, 'audit links are never changed'); END
        """,
        """
        CREATE TRIGGER audit_link_no_delete BEFORE DELETE ON audit_link
        BEGIN SELECT RAISE(ABORT, 'audit links are never deleted'); END
        """,
        # INSERT OR REPLACE deletes without firing the trigger above.
        """
        CREATE TRIGGER audit_link_no_replace BEFORE INSERT ON audit_link
        WHEN EXISTS (SELECT 1 FROM audit_link WHERE position = NEW.position OR entry_id = NEW.entry_id)
        BEGIN SELECT RAISE(ABORT, 'audit links are never replaced'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION audit_link_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit links are never changed or deleted'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER audit_link_no_change BEFORE UPDATE OR DELETE ON audit_link
        FOR EACH ROW EXECUTE FUNCTION audit_link_refuse()
        """,
        """
        CREATE TRIGGER audit_link_no_truncate BEFORE TRUNCATE ON audit_link
        FOR EACH STATEMENT EXECUTE FUNCTION audit_link_refuse()
        """,
    ],
}
ALLOW = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_link_no_update",
        "DROP TRIGGER IF EXISTS audit_link_no_delete",
        "DROP TRIGGER IF EXISTS audit_link_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS audit_link_no_change ON audit_link",
        "DROP TRIGGER IF EXISTS audit_link_no_truncate ON audit_link",
        "DROP FUNCTION IF EXISTS audit_link_refuse()",
    ],
}


def forbid(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in [*entries.ALLOW[vendor], *entries.FORBID[vendor], *FORBID[vendor]]:
        schema_editor.execute(statement)


def allow(apps, schema_editor):
    for statement in ALLOW[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]
    operations = [migrations.RunPython(forbid, allow)]

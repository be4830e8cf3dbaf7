"""On PostgreSQL: functions by which the program's role has tables rewritten that another role owns.

See docs/decisions/0792-postgresql-forgets.md.
"""

from django.db import migrations

MAKE = [
    # CLUSTER writes the rows that are left into new files: table, what is stored apart, and every index. What it
    # can't have at once, because somebody is in the table, it leaves: false. Null where a table isn't to be rewritten.
    """
    CREATE FUNCTION peersupport_rewrite(wanted name) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
    DECLARE index_name name;
    BEGIN
        SELECT indexes.relname INTO index_name
        FROM pg_class tables
        JOIN pg_index keys ON keys.indrelid = tables.oid AND keys.indisprimary
        JOIN pg_class indexes ON indexes.oid = keys.indexrelid
        WHERE tables.relnamespace = {schema}::regnamespace AND tables.relname = wanted AND tables.relkind = 'r'
        AND pg_get_userbyid(tables.relowner) = current_user
        AND tables.relname NOT IN ('audit_entry', 'audit_link', 'requests_app_request', 'requests_app_message');
        IF index_name IS NULL THEN RETURN NULL; END IF;
        EXECUTE format('CLUSTER %I.%I USING %I', {schema}, wanted, index_name);
        EXECUTE format('ANALYZE %I.%I', {schema}, wanted);
        RETURN true;
    EXCEPTION WHEN lock_not_available THEN RETURN false;
    END $$
    """,
    # Columns and what indexes compute of them: no sample of anything but numbers is taken. For the planner, numbers
    # of rows are enough.
    """
    CREATE FUNCTION peersupport_no_words() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
    DECLARE found record;
    BEGIN
        FOR found IN
            SELECT relations.relname, relations.relkind, columns.attname, columns.attnum
            FROM pg_attribute columns
            JOIN pg_class relations ON relations.oid = columns.attrelid
            JOIN pg_type types ON types.oid = columns.atttypid
            LEFT JOIN pg_index keys ON keys.indexrelid = relations.oid
            WHERE relations.relnamespace = {schema}::regnamespace
            AND pg_get_userbyid(relations.relowner) = current_user
            AND columns.attnum > 0 AND NOT columns.attisdropped AND types.typcategory NOT IN ('N', 'B')
            AND coalesce(columns.attstattarget, -1) <> 0
            AND (relations.relkind = 'r' OR relations.relkind = 'i' AND keys.indkey[columns.attnum - 1] = 0)
        LOOP
            IF found.relkind = 'r' THEN
                EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I SET STATISTICS 0', {schema}, found.relname, found.attname);
            ELSE
                EXECUTE format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS 0', {schema}, found.relname, found.attnum);
            END IF;
        END LOOP;
    END $$
    """,
    "REVOKE ALL ON FUNCTION peersupport_rewrite(name), peersupport_no_words() FROM PUBLIC",
    "SELECT peersupport_no_words()",
]


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_literal(quote_ident(current_schema())), quote_literal(current_schema())")
        quoted, plain = cursor.fetchone()
        for statement in MAKE:
            cursor.execute(statement.replace("{schema}::", f"{quoted}::").replace("{schema}", plain))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION peersupport_rewrite(name)")
        schema_editor.execute("DROP FUNCTION peersupport_no_words()")


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("applications", "0002_plain_labels"),
        ("audit", "0004_links_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("incidents", "0002_plain_labels"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("notices", "0002_quiet_times"),
        ("operations", "0002_heartbeat"),
        ("program", "0004_clock_seen"),
        ("requests_app", "0004_request_stamp"),
        ("sealing", "0002_installation"),
        ("sessions", "0001_initial"),
        ("stats", "0001_initial"),
        ("team", "0009_tries"),
        ("training", "0003_plain_labels"),
    ]
    operations = [migrations.RunPython(make, drop)]

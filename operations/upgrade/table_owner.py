"""Whom the tables belong to on PostgreSQL: see deploy/postgresql/roles.sql. SQLite has no roles."""

from django.db import connection

from peersupport.core.errors import Refused


def program_may_change() -> bool:
    """Whether the program's role could do more than read and write rows, or more to the audit than add to it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT has_schema_privilege(schemas.oid, 'CREATE') OR pg_has_role(databases.datdba, 'MEMBER')
            OR EXISTS (
                SELECT 1 FROM pg_class relations WHERE relations.relnamespace = schemas.oid
                AND relations.relkind IN ('r', 'p', 'v', 'm', 'S')
                AND (
                    pg_has_role(relations.relowner, 'MEMBER')
                    OR (relations.relkind <> 'S' AND has_table_privilege(relations.oid, 'TRUNCATE, TRIGGER'))
                    OR (
                        relations.relname IN ('audit_entry', 'audit_link')
                        AND has_table_privilege(relations.oid, 'UPDATE, DELETE')
                    )
                )
            )
            FROM pg_namespace schemas JOIN pg_database databases ON databases.datname = current_database()
            WHERE schemas.nspname = current_schema()
            """
        )
        return bool(cursor.fetchone()[0])


def refuse_foreign(afterwards: str) -> None:
    """Raise Refused where a role owns the tables that the program's isn't a member of: it can't make them anew."""
    owner = _foreign_owner()
    if owner:
        raise Refused(
            f"the tables belong to {owner}, so they could not be changed and put back. As the database's superuser: "
            f"GRANT {owner} TO the program's role; {afterwards}, run deploy/postgresql/roles.sql again."
        )


def _foreign_owner() -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_get_userbyid(owners.id) FROM (
                SELECT relowner AS id FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                UNION SELECT nspowner FROM pg_namespace
                WHERE nspname = current_schema() AND NOT has_schema_privilege(oid, 'CREATE')
            ) owners
            WHERE NOT pg_has_role(owners.id, 'MEMBER') LIMIT 1
            """
        )
        row = cursor.fetchone()
    return row[0] if row else ""

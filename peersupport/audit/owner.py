"""Whom the audit's tables belong to on PostgreSQL. SQLite has no roles."""

from django.db import connection


def may_change() -> bool:
    """Whether the program's role could change the tables: owns them or what they are in, or has more than it needs."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT bool_or(
                pg_has_role(tables.relowner, 'MEMBER') OR pg_has_role(schemas.nspowner, 'MEMBER')
                OR pg_has_role(databases.datdba, 'MEMBER')
                OR has_table_privilege(tables.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
            )
            FROM pg_class tables
            JOIN pg_namespace schemas ON schemas.oid = tables.relnamespace
            JOIN pg_database databases ON databases.datname = current_database()
            WHERE tables.oid IN (to_regclass('audit_entry'), to_regclass('audit_link'))
            """
        )
        return bool(cursor.fetchone()[0])


def foreign_owner() -> str:
    """The role that the tables belong to, where the program's is no member of it; else empty."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner) FROM pg_class "
            "WHERE oid = to_regclass('audit_entry') AND NOT pg_has_role(relowner, 'MEMBER')"
        )
        row = cursor.fetchone()
    return row[0] if row else ""

"""Who else is connected to the database: the processes of other hosts, on PostgreSQL."""

from django.db import connection

from peersupport.core.errors import Refused

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user
AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def refuse_others() -> None:
    """Raise Refused while any are. A file of SQLite has none but those of this home, which its lock keeps away."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        (count,) = cursor.fetchone()
    if count:
        raise Refused(
            f"{count} other connections use this database. Stop web and worker processes on all hosts first. "
            "To upgrade one host after another, see docs/guide/many-machines.md."
        )

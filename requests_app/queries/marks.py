"""Whether a mark is stored: of a form that was submitted, of a proof that has counted, of a visit that was ended."""

from collections.abc import Sequence

from django.db import connection

from ..models import SubmittedForm


def is_any_stored(marks: Sequence[bytes]) -> bool:
    """In words of SQL: each page of an officer's asks, and Django takes ten times longer to say it."""
    table, places = SubmittedForm._meta.db_table, ", ".join(["%s"] * len(marks))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE mark IN ({places})", list(marks))  # noqa: S608  # nosec B608
        return cursor.fetchone() is not None

"""Whether a mark is stored: of a form that was submitted, of a proof that has counted, of a visit that was ended."""

from collections.abc import Sequence

from django.db import connection

from ..models import SubmittedForm


def is_any_stored(marks: Sequence[bytes]) -> bool:
    """In words of SQL: each page of an officer's asks, and Django takes ten times longer to say it."""
    places = ", ".join(["%s"] * len(marks))
    with connection.cursor() as cursor:
        asked = f"SELECT 1 FROM {SubmittedForm._meta.db_table} WHERE mark IN ({places}) LIMIT 1"  # noqa: S608  # nosec B608
        cursor.execute(asked, list(marks))
        return cursor.fetchone() is not None

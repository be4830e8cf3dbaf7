"""Tables with one row, read and written in words of SQL: each form and each sending does, and Django takes longer."""

from typing import Any

from django.db import connection
from django.db.models import Model


def read(model: type[Model], *columns: str, for_update: bool = False) -> tuple[Any, ...] | None:
    """These columns of row 1, as the database's driver has them; None without a row.

    for_update: lock it until the transaction ends, where the database locks rows.
    """
    lock = " FOR UPDATE" if for_update and connection.features.has_select_for_update else ""
    asked, table = ", ".join(columns), model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked} FROM {table} WHERE id = 1{lock}")  # noqa: S608  # nosec B608
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def write(model: type[Model], column: str, value: bytes) -> None:
    """Change this column of row 1."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = 1", [value])  # noqa: S608  # nosec B608

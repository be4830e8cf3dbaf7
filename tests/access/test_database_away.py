"""When the page is that the database is away, and not that something broke."""

import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from django.db import (
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from psycopg import errors

from peersupport.access.error_pages import is_database_away


def caused(error: Error, cause: Exception) -> Error:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError(), psycopg.OperationalError("connection refused")),
        caused(OperationalError(), errors.AdminShutdown()),
        caused(OperationalError(), errors.CannotConnectNow()),
        caused(OperationalError(), errors.ConnectionFailure()),
        caused(InterfaceError(), psycopg.InterfaceError("connection already closed")),
    ],
)
@pytest.mark.parametrize("made", [None, SimpleNamespace(closed=True)])
def test_it_is_away(monkeypatch: pytest.MonkeyPatch, error: Error, made: object) -> None:
    """made: no connection, or one that has ended."""
    monkeypatch.setattr(connections["default"], "connection", made)
    assert is_database_away(error)


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError(), errors.DiskFull()),
        caused(OperationalError(), errors.DeadlockDetected()),
        caused(OperationalError(), errors.QueryCanceled()),
        caused(ProgrammingError(), errors.UndefinedTable()),
        caused(IntegrityError(), errors.UniqueViolation()),
        caused(OperationalError(), sqlite3.OperationalError("no such table: x")),
        OperationalError(),
        psycopg.OperationalError("not one of the program's own queries"),
        None,
    ],
)
def test_it_is_there_and_something_else_is_wrong(error: Exception | None) -> None:
    assert not is_database_away(error)


def test_what_the_driver_cannot_send_over_a_good_connection_is_an_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections["default"], "connection", SimpleNamespace(closed=False))
    assert not is_database_away(caused(OperationalError(), psycopg.OperationalError("sending query failed")))


@pytest.mark.django_db
def test_so_is_a_statement_with_too_many_values() -> None:
    values = list(range(300_000))  # either database takes fewer
    with pytest.raises(OperationalError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE 1 IN ({', '.join(['%s'] * len(values))})", values)
    assert not is_database_away(raised.value)

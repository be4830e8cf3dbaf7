"""When the page is that the database is away, and not that something broke."""

import sqlite3

import psycopg
import pytest
from django.db import Error, IntegrityError, InterfaceError, OperationalError, ProgrammingError
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
def test_it_is_away(error: Error) -> None:
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

"""The audit is append-only in the database, so emptying all tables after a transactional test would fail.

Import the fixture in tests/conftest.py and it works by itself, for every test that commits:

    from tests.audit_triggers import audit_is_lifted_at_flush

It lifts the triggers only while Django's own teardown empties the tables, never while a test runs.
"""

import contextlib
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import connection
from django.test import TransactionTestCase

__all__ = ["audit_is_lifted_at_flush"]

append_only = import_module("peersupport.audit.migrations.0002_append_only")


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """No triggers inside, all of them again afterwards."""
    _run(append_only.ALLOW)
    try:
        yield
    finally:
        _run(append_only.ALLOW)
        _run(append_only.FORBID)


@pytest.fixture(scope="session", autouse=True)
def audit_is_lifted_at_flush() -> Iterator[None]:
    empty_tables = TransactionTestCase._fixture_teardown

    def empty_tables_with_audit(case: TransactionTestCase) -> None:
        with lifted():
            empty_tables(case)

    TransactionTestCase._fixture_teardown = empty_tables_with_audit
    yield
    TransactionTestCase._fixture_teardown = empty_tables


def _run(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)

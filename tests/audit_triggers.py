"""Lifts the audit's append-only triggers while Django empties all tables after a test that commits.

tests/conftest.py imports the fixture, which applies to every test. The triggers are never lifted while a test runs.
"""

import contextlib
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import connection
from django.test import TransactionTestCase

__all__ = ["audit_is_lifted_at_flush"]

ENTRIES = import_module("peersupport.audit.migrations.0002_append_only")
LINKS = import_module("peersupport.audit.migrations.0004_links_append_only")


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """Drop the triggers inside the block, and create all of them again afterwards."""
    _allow()
    try:
        yield
    finally:
        _allow()
        _run(ENTRIES.FORBID)
        _run(LINKS.FORBID)


@pytest.fixture(scope="session", autouse=True)
def audit_is_lifted_at_flush() -> Iterator[None]:
    empty_tables = TransactionTestCase._fixture_teardown

    def empty_tables_with_audit(case: TransactionTestCase) -> None:
        with lifted():
            empty_tables(case)

    TransactionTestCase._fixture_teardown = empty_tables_with_audit
    yield
    TransactionTestCase._fixture_teardown = empty_tables


def _allow() -> None:
    _run(ENTRIES.ALLOW)
    _run(LINKS.ALLOW)


def _run(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)

"""Audit entries can't be changed or deleted, by the program or from a database shell."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import TransactionTestCase

from peersupport.audit.actions import record
from peersupport.audit.models import Entry


@pytest.fixture
def entry(db: None) -> Entry:
    record(action="member_designated", by=None, about="member:12")
    return Entry.objects.get()


def change_in_place(entry: Entry) -> None:
    entry.action = "nothing_happened"
    entry.save()


def change_by_query(entry: Entry) -> None:
    Entry.objects.update(about="member:13")


def delete_one(entry: Entry) -> None:
    entry.delete()


def delete_all(entry: Entry) -> None:
    Entry.objects.all().delete()


def replace_in_sql(entry: Entry) -> None:
    columns = "(id, at, action, about) SELECT id, at, 'nothing_happened', about FROM audit_entry"
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} INTO audit_entry {columns}")


@pytest.mark.parametrize(
    "attempt",
    [change_in_place, change_by_query, delete_one, delete_all, replace_in_sql],
    ids=lambda attempt: attempt.__name__,
)
def test_entry_cannot_be_changed_or_deleted(entry: Entry, attempt: Callable[[Entry], None]) -> None:
    before = Entry.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt(entry)
    assert Entry.objects.values().get() == before


def test_table_cannot_be_emptied_at_once(transactional_db: None) -> None:
    record(action="member_designated", by=None)
    statement = "TRUNCATE audit_entry CASCADE" if connection.vendor == "postgresql" else "DELETE FROM audit_entry"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_an_account_with_audit_entries_cannot_be_deleted(db: None) -> None:
    user = get_user_model().objects.create(email="sergeant@example.org", name="Sergeant")
    record(action="text_approved", by=user.pk)
    with pytest.raises(models.ProtectedError):
        user.delete()


def test_flush_fails_outside_the_one_place_that_lifts_the_triggers(transactional_db: None) -> None:
    record(action="member_designated", by=None)
    with pytest.raises(Exception, match="flush"):
        call_command("flush", interactive=False, verbosity=0)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("round_", [1, 2])
def test_triggers_are_back_after_a_test_that_commits(transactional_db: None, round_: int) -> None:
    assert not Entry.objects.exists()
    record(action="member_designated", by=None)
    with pytest.raises(IntegrityError):
        Entry.objects.all().delete()


def test_the_teardown_that_lifts_the_triggers_is_installed() -> None:
    assert TransactionTestCase._fixture_teardown.__name__ == "empty_tables_with_audit"

"""A condemned key is destroyed right after the commit or by a sweep, and never before."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from peersupport.sealing import actions, keyring, queries
from peersupport.sealing.fields import ShredKeyField
from peersupport.sealing.models import KeyToDestroy
from requests_app.models import PlaneKey

NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)


class Refused(Exception):
    pass


@pytest.fixture
def unwritable(own_keyring: Path) -> Callable[[str], Callable[[], None]]:
    """Make a key impossible to overwrite, by a folder in place of its file. Returns how to undo that."""

    def make_unwritable(key_id: str) -> Callable[[], None]:
        file, aside = own_keyring / "shred" / key_id, own_keyring / "aside"
        file.rename(aside)
        file.mkdir()

        def restore() -> None:
            (own_keyring / "shred" / f"{key_id}{keyring.DYING}").rmdir()
            aside.rename(file)

        return restore

    return make_unwritable


def made_at(key_id: str, folder: Path, when: datetime) -> str:
    """Date the key's file to the half hour of that moment."""
    seconds = int(when.timestamp()) // 1800 * 1800
    os.utime(folder / "shred" / key_id, (seconds, seconds))
    return key_id


# condemn


@pytest.mark.django_db(transaction=True)
def test_condemned_key_is_destroyed_after_the_commit_and_not_before() -> None:
    key_id = keyring.create()
    with transaction.atomic():
        actions.condemn(key_id=key_id)
        assert list(KeyToDestroy.objects.values_list("key_id", flat=True)) == [key_id]
        assert not keyring.is_destroyed(key_id)
    assert keyring.is_destroyed(key_id)
    assert not KeyToDestroy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_key_survives_a_rollback() -> None:
    key_id = keyring.create()
    with pytest.raises(Refused), transaction.atomic():
        actions.condemn(key_id=key_id)
        raise Refused
    assert keyring.get(key_id)
    assert not KeyToDestroy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_key_survives_a_rollback_of_the_savepoint_that_condemned_it() -> None:
    key_id = keyring.create()
    with transaction.atomic():
        with pytest.raises(Refused), transaction.atomic():
            actions.condemn(key_id=key_id)
            raise Refused
    assert keyring.get(key_id)
    assert not KeyToDestroy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_condemning_twice_is_harmless() -> None:
    key_id = keyring.create()
    with transaction.atomic():
        actions.condemn(key_id=key_id)
        actions.condemn(key_id=key_id)
    actions.condemn(key_id=key_id)
    assert keyring.is_destroyed(key_id)
    assert not KeyToDestroy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_key_that_cannot_be_destroyed_is_left_to_the_sweep(unwritable: Callable) -> None:
    key_id, other = keyring.create(), keyring.create()
    restore = unwritable(key_id)
    with transaction.atomic():
        actions.condemn(key_id=key_id)
        actions.condemn(key_id=other)
    assert keyring.is_destroyed(other)
    assert not keyring.is_destroyed(key_id)  # so nobody reads that it is erased
    assert actions.destroy_condemned() == 0
    assert [row.key_id for row in KeyToDestroy.objects.all()] == [key_id]
    restore()
    assert actions.destroy_condemned() == 1
    assert keyring.is_destroyed(key_id)
    assert not KeyToDestroy.objects.exists()


@pytest.mark.django_db
def test_failure_is_logged_without_the_id(unwritable: Callable, caplog: pytest.LogCaptureFixture) -> None:
    key_id = keyring.create()
    unwritable(key_id)
    KeyToDestroy.objects.create(key_id=key_id)
    actions.destroy_condemned()
    assert [record.msg for record in caplog.records] == ["A key could not be destroyed; the sweep tries again."]
    assert [record.args for record in caplog.records] == [()]


@pytest.mark.django_db
def test_sweep_destroys_keys_left_by_a_crash_after_the_commit() -> None:
    gone, waiting = keyring.create(), keyring.create()
    keyring.destroy(gone)
    KeyToDestroy.objects.bulk_create([KeyToDestroy(key_id=gone), KeyToDestroy(key_id=waiting)])
    assert actions.destroy_condemned() == 2
    assert keyring.is_destroyed(waiting)
    assert not KeyToDestroy.objects.exists()
    assert actions.destroy_condemned() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("not_an_id", ["", "../lasting/receipt", "x" * 32])
def test_anything_but_a_key_id_is_not_condemned(not_an_id: str) -> None:
    with pytest.raises(ValueError, match="id"):
        actions.condemn(key_id=not_an_id)
    assert not KeyToDestroy.objects.exists()


# Keys without a row


@pytest.mark.django_db
def test_old_key_without_a_row_is_destroyed_and_no_other(own_keyring: Path) -> None:
    yesterday = NOW - timedelta(days=1)
    orphan = made_at(keyring.create(), own_keyring, yesterday)
    live = made_at(keyring.create(), own_keyring, yesterday)
    condemned = made_at(keyring.create(), own_keyring, yesterday)
    just_made = made_at(keyring.create(), own_keyring, NOW)
    PlaneKey.objects.create(pk=1, key_id=live, week=1)
    KeyToDestroy.objects.create(key_id=condemned)
    keyring.lasting("receipt")

    assert actions.destroy_orphans(now=NOW) == 1
    assert keyring.is_destroyed(orphan)
    assert keyring.shred_ids() == sorted([live, condemned, just_made])
    assert (own_keyring / "lasting" / "receipt").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "swept"),
    [
        (NOW, 0),
        (NOW - timedelta(minutes=59), 0),
        (NOW - timedelta(minutes=60), 0),
        (NOW - timedelta(minutes=60) + timedelta(seconds=1), 0),
        (NOW - timedelta(minutes=101), 1),
        (NOW - timedelta(days=40), 1),
    ],
)
def test_key_has_at_least_an_hour_to_get_its_row(own_keyring: Path, made: datetime, swept: int) -> None:
    actions.check_keyring(now=NOW)
    made_at(keyring.create(), own_keyring, made)
    assert actions.destroy_orphans(now=NOW) == swept


@pytest.mark.django_db
def test_half_destroyed_key_without_a_row_is_finished(own_keyring: Path) -> None:
    actions.check_keyring(now=NOW)
    key_id = made_at(keyring.create(), own_keyring, NOW - timedelta(days=1))
    (own_keyring / "shred" / key_id).rename(own_keyring / "shred" / f"{key_id}{keyring.DYING}")
    assert actions.destroy_orphans(now=NOW) == 1
    assert keyring.is_destroyed(key_id)


@pytest.mark.django_db
def test_sweep_of_an_empty_keyring_does_nothing() -> None:
    assert actions.destroy_orphans(now=NOW) == 0


@pytest.mark.django_db
def test_key_committed_with_its_row_during_the_sweep_survives(own_keyring: Path) -> None:
    """Files are listed before rows are read; here a key and its row appear right after the rows were read."""
    yesterday, late = NOW - timedelta(days=1), []
    made_at(keyring.create(), own_keyring, yesterday)

    def commit_after(execute: Callable, *statement: object) -> object:
        rows = execute(*statement)
        if not late:
            late.append(made_at(keyring.create(), own_keyring, yesterday))
            PlaneKey.objects.create(pk=1, key_id=late[0], week=1)
        return rows

    with connection.execute_wrapper(commit_after):
        assert actions.destroy_orphans(now=NOW) == 1
    assert keyring.get(late[0])


@pytest.mark.django_db
def test_live_keys_are_read_in_one_statement_from_every_table_that_has_them() -> None:
    columns = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, ShredKeyField)
    ]
    assert len(columns) > 1
    with CaptureQueriesContext(
        connection,
    ) as captured:
        queries.key_ids_in_use()
    [statement] = [query["sql"] for query in captured]
    for field in columns:
        assert f'"{field.model._meta.db_table}"."{field.column}"' in statement

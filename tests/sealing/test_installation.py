"""Another installation's keyring: nothing in it is destroyed, nothing is taken, and nothing called erased."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from operations import health, tasks
from peersupport.core.errors import Refused
from peersupport.sealing import actions, installation, keyring, queries
from peersupport.sealing.models import Installation, KeyToDestroy
from requests_app import tasks as request_tasks
from requests_app.models import PlaneKey

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
ROUNDS = (tasks.destroy_orphaned_keys, tasks.heartbeat, request_tasks.sweep, request_tasks.renew_plane_key)


def old_key() -> str:
    """A key that had more than its hour to get a row."""
    key_id = keyring.create()
    yesterday = (NOW - timedelta(days=1)).timestamp()
    os.utime(keyring._path(key_id), (yesterday, yesterday))
    return key_id


def own_key() -> str:
    key_id = old_key()
    PlaneKey.objects.update_or_create(pk=1, defaults={"key_id": key_id, "week": 1})
    return key_id


@pytest.fixture
def keyrings(settings: Any, own_keyring: Path, django_capture_on_commit_callbacks: Any) -> Any:
    """Mounts another installation's keyring, which has an open request's key, or this one's own again."""
    with django_capture_on_commit_callbacks(execute=True):
        actions.check_keyring(now=NOW)
    other = own_keyring.with_name("other")

    def mount(which: str) -> Path:
        settings.KEYRING = {"own": own_keyring, "other": other}[which]
        return settings.KEYRING

    mount("other")
    keyring.prepare()
    keyring.lasting(installation.SECRET)
    keyring.lasting(installation.NOTED)
    mount("own")
    return mount


def test_no_key_of_another_installation_is_destroyed(keyrings: Any) -> None:
    keyrings("other")
    theirs = old_key()
    for task in ROUNDS:
        with pytest.raises(installation.AnotherKeyring):
            task()
    assert keyring.shred_ids() == [theirs]


def test_condemned_key_counts_as_destroyed_only_in_its_own_keyring(keyrings: Any) -> None:
    key_id = old_key()
    KeyToDestroy.objects.create(key_id=key_id)
    keyrings("other")
    assert not queries.is_erased(key_id)
    assert actions.destroy_condemned() == 0
    assert KeyToDestroy.objects.filter(key_id=key_id).exists()
    keyrings("own")
    assert actions.destroy_condemned() == 1
    assert queries.is_erased(key_id)


def test_health_names_it_and_is_not_well(keyrings: Any, client: Client) -> None:
    tasks.heartbeat()
    assert client.get("/healthz").status_code == 200
    keyrings("other")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["keyring"]) == (503, "another_keyring")
    keyrings("own")
    assert client.get("/healthz").status_code == 200


def test_new_database_takes_no_keyring_that_belongs_to_another(keyrings: Any) -> None:
    """The database was replaced by an empty one, or by one from before this was noted."""
    Installation.objects.all().delete()
    theirs = old_key()
    with pytest.raises(installation.AnotherKeyring):
        actions.destroy_orphans(now=NOW)
    assert keyring.shred_ids() == [theirs]
    assert not Installation.objects.exists()


def test_first_start_notes_both_and_the_next_changes_nothing(
    own_keyring: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert not keyring.has_lasting(installation.NOTED)
    with django_capture_on_commit_callbacks(execute=True):
        actions.check_keyring(now=NOW)
    noted = bytes(Installation.objects.get().keyring_check)
    actions.check_keyring(now=NOW)
    assert keyring.has_lasting(installation.NOTED)
    assert bytes(Installation.objects.get().keyring_check) == noted


def test_start_that_was_rolled_back_leaves_a_keyring_that_can_be_noted(own_keyring: Path) -> None:
    """Killed between keyring and database, or the first request's transaction failed."""
    actions.check_keyring(now=NOW)
    Installation.objects.all().delete()
    actions.check_keyring(now=NOW)


def test_upgrade_with_open_requests_notes_their_keyring(own_keyring: Path) -> None:
    """An orphan from before doesn't hinder it, and is destroyed as ever."""
    own, orphan = own_key(), old_key()
    assert actions.destroy_orphans(now=NOW) == 1
    assert keyring.shred_ids() == [own]
    assert keyring.is_destroyed(orphan)


@pytest.mark.parametrize("rows", [True, False], ids=["rows of their own", "an empty database"])
def test_upgrade_with_a_foreign_keyring_notes_nothing(own_keyring: Path, rows: bool) -> None:
    theirs = old_key()
    if rows:
        PlaneKey.objects.create(pk=1, key_id="f" * 32, week=1)
    with pytest.raises(installation.AnotherKeyring):
        actions.destroy_orphans(now=NOW)
    assert keyring.shred_ids() == [theirs]
    assert not Installation.objects.exists()


def test_upgrade_with_an_empty_keyring_and_open_requests_notes_nothing(own_keyring: Path) -> None:
    """The volume was replaced by a new one: who notes that would refuse the right one later."""
    PlaneKey.objects.create(pk=1, key_id="f" * 32, week=1)
    with pytest.raises(installation.AnotherKeyring):
        actions.check_keyring(now=NOW)


def test_restore_into_an_empty_home_goes_on(keyrings: Any, settings: Any, own_keyring: Path) -> None:
    """The rows come back, `lasting/` comes back, and `shred/` is empty."""
    own_key()
    settings.KEYRING = own_keyring.with_name("restored")
    keyring.prepare()
    shutil.copytree(own_keyring / "lasting", settings.KEYRING / "lasting", dirs_exist_ok=True)
    PlaneKey.objects.all().delete()  # no backup has the support plane
    assert actions.destroy_orphans(now=NOW) == 0


def test_every_host_with_the_same_keyring_agrees(keyrings: Any, settings: Any, own_keyring: Path) -> None:
    settings.KEYRING = own_keyring.with_name("elsewhere")
    settings.KEYRING.symlink_to(own_keyring)
    actions.check_keyring(now=NOW)


def test_new_keyring_is_adopted_only_while_it_has_no_keys_of_others(keyrings: Any) -> None:
    keyrings("other")
    theirs = old_key()
    with pytest.raises(Refused, match="another installation"):
        actions.adopt_keyring(now=NOW)
    with pytest.raises(installation.AnotherKeyring):
        actions.check_keyring(now=NOW)
    keyring.destroy(theirs)
    actions.adopt_keyring(now=NOW)
    actions.check_keyring(now=NOW)
    assert health.report()["keyring"] == "ok"
    keyrings("own")
    with pytest.raises(installation.AnotherKeyring):
        actions.check_keyring(now=NOW)

"""Destroying keys, when their row ends and when they never got one. Noting whose keyring it is. Sealing anew."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.core.errors import Refused

from . import installation, keyring, queries
from .envelope import CannotOpen
from .models import Installation, KeyToDestroy

logger = logging.getLogger(__name__)


def condemn(*, key_id: str) -> None:
    """Destroy the key once the caller's transaction commits; if that fails, a sweep tries again.

    After the commit nothing is raised: ask `queries.is_erased` before telling anybody that something is erased. Raises
    ValueError for what is no key id.
    """
    if not keyring.is_key_id(key_id):
        raise ValueError("not a key id")
    KeyToDestroy.objects.bulk_create([KeyToDestroy(key_id=key_id)], ignore_conflicts=True)
    transaction.on_commit(partial(_destroy, key_id), robust=True)


def destroy_condemned() -> int:
    """Destroy all condemned keys that are left; returns how many were destroyed."""
    return sum(_destroy(key_id) for key_id in KeyToDestroy.objects.values_list("key_id", flat=True))


def destroy_orphans(*, now: datetime) -> int:
    """Destroy all keys that have had no row for more than an hour; returns how many were destroyed.

    Raises KeyringUnavailable, and destroys nothing, where the keyring is another installation's.
    """
    check_keyring(now=now)
    return sum(_destroy(key_id) for key_id in queries.keys_without_row(now=now))


def check_keyring(*, now: datetime) -> None:
    """Note keyring and database in each other where neither has noted any: before a first start, or after an upgrade.

    Raises AnotherKeyring where they don't belong together, and KeyringUnavailable.
    """
    if installation.is_noted():
        note_in_keyring()
        return
    are_some_together = not queries.key_ids_in_use().isdisjoint(keyring.shred_ids())
    if not are_some_together and (queries.keys_without_row(now=now) or queries.rows_without_key()):
        raise installation.AnotherKeyring
    Installation.objects.get_or_create(pk=1, defaults={"keyring_check": installation.check_value()})
    installation.is_noted()  # another process may have noted another keyring at this moment
    note_in_keyring()


def note_in_keyring() -> None:
    """Only after the commit: a row that is rolled back must leave no keyring behind that counts as taken."""
    if not keyring.has_lasting(installation.NOTED):
        transaction.on_commit(partial(keyring.lasting, installation.NOTED))


def adopt_keyring(*, now: datetime) -> None:
    """Make this keyring the one of this database. Raises Refused while it has keys that this database doesn't know."""
    if strangers := queries.keys_without_row(now=now):
        raise Refused(
            _(
                "Keys in shred/ that no row of this database names: %(number)s. So this is another installation's "
                "keyring. Nothing was changed. Mount this installation's own, or move those files away first."
            )
            % {"number": len(strangers)}
        )
    note_anew()


def note_anew() -> None:
    """Note this keyring in this database, in the place of any other. Whoever calls has made sure that it is its own."""
    Installation.objects.update_or_create(pk=1, defaults={"keyring_check": installation.check_value()})
    note_in_keyring()


def seal_again(
    model: type[Model], column: str, *, secret: str, opened: Callable[..., Any], sealed: Callable[..., Any]
) -> None:
    """Seal this column of each row under the lasting secret of this name, where it lies under one before it.

    opened: the data of a row, given the secrets to try. sealed: the data of a row, sealed under the current secret.
    What opens under none stays as it is. Each row in a transaction of its own.
    """
    for pk in model._base_manager.values_list("pk", flat=True):
        with transaction.atomic(), suppress(CannotOpen):
            row = model._base_manager.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            current, *earlier = keyring.known(secret)
            with suppress(CannotOpen):
                opened(row, [current])
                continue
            setattr(row, column, sealed(row, opened(row, earlier)))
            row.save(update_fields=[column])


def _destroy(key_id: str) -> bool:
    try:
        check_keyring(now=timezone.now())  # in another keyring, a key that isn't there is not a destroyed one
        keyring.destroy(key_id)
    except OSError:
        logger.exception("A key could not be destroyed; the sweep tries again.")
        return False
    KeyToDestroy.objects.filter(key_id=key_id).delete()
    return True

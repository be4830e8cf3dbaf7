"""Destroying keys, when their row ends and when they never got one; and sealing anew after a secret was renewed."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model

from . import keyring, queries
from .envelope import CannotOpen
from .models import KeyToDestroy

# A key file is dated to the start of its half hour, so this leaves every key at least an hour to get its row.
ORPHAN_GRACE = timedelta(hours=1, minutes=30)

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
    """Destroy all keys that have had no row for more than an hour; returns how many were destroyed."""
    # Files before rows: a request that commits in between has its row by the time the rows are read.
    old = keyring.shred_ids_made_before((now - ORPHAN_GRACE).timestamp())
    if not old:
        return 0
    return sum(_destroy(key_id) for key_id in set(old) - queries.key_ids_in_use())


def seal_again(
    model: type[Model], column: str, *, secret: str, opened: Callable[..., Any], sealed: Callable[..., bytes]
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
        keyring.destroy(key_id)
    except OSError:
        logger.exception("A key could not be destroyed; the sweep tries again.")
        return False
    KeyToDestroy.objects.filter(key_id=key_id).delete()
    return True

"""Destroying keys: when their row ends, and when they never got one."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from . import keyring, queries
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


def _destroy(key_id: str) -> bool:
    try:
        keyring.destroy(key_id)
    except OSError:
        logger.exception("A key could not be destroyed; the sweep tries again.")
        return False
    KeyToDestroy.objects.filter(key_id=key_id).delete()
    return True

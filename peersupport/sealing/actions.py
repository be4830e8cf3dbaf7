import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from . import keyring, queries
from .models import KeyToDestroy

# A file bears the start of its half hour, so this leaves every key at least an hour to get its row.
KEY_WITHOUT_ROW_LIVES = timedelta(hours=1, minutes=30)

logger = logging.getLogger(__name__)


def condemn(*, key_id: str) -> None:
    """Destroy the key once the caller's transaction commits; if that fails, the sweep does it.

    Never an error to the caller after the commit: ask `queries.is_erased` before saying "erased".
    """
    if not keyring.is_key_id(key_id):
        raise ValueError("not a key id")
    KeyToDestroy.objects.bulk_create([KeyToDestroy(key_id=key_id)], ignore_conflicts=True)
    transaction.on_commit(partial(_destroy, key_id), robust=True)


def destroy_condemned() -> int:
    """Destroy every condemned key that is left; how many were."""
    return sum(_destroy(key_id) for key_id in KeyToDestroy.objects.values_list("key_id", flat=True))


def destroy_orphans(*, now: datetime) -> int:
    """Destroy every key that has stood without a row for more than an hour; how many were."""
    # Files first, rows after: a request committed in between has its row by the time the rows are read.
    old = keyring.shred_ids_made_before((now - KEY_WITHOUT_ROW_LIVES).timestamp())
    if not old:
        return 0
    return sum(_destroy(key_id) for key_id in set(old) - queries.key_ids_for_sweep())


def _destroy(key_id: str) -> bool:
    try:
        keyring.destroy(key_id)
    except OSError:
        logger.exception("A key could not be destroyed; the sweep tries again.")
        return False
    KeyToDestroy.objects.filter(key_id=key_id).delete()
    return True

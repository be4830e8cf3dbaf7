from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.db import Error
from django.db.models import Model

from . import installation, keyring
from .fields import ShredKeyField
from .models import KeyToDestroy

# A key file is dated to the start of its half hour, so this leaves every key at least an hour to get its row.
KEY_GRACE = timedelta(hours=1, minutes=30)


def is_erased(key_id: str) -> bool:
    """Whether what this key sealed may be called erased. Never raises: an unreadable keyring means no."""
    try:
        installation.is_noted()  # in another keyring, a key that isn't there is not a destroyed one
        return keyring.is_destroyed(key_id)
    except (OSError, RuntimeError, Error):
        return False


def is_all_erased() -> bool:
    """Whether no key is left to destroy, for pages that no longer know which key it was."""
    return not KeyToDestroy.objects.exists()


def key_ids_in_use() -> frozenset[str]:
    """The ids of all keys that have a row, in any table.

    One statement, so that an id that moves from one table to another is seen in one of them.
    """
    columns = [model._base_manager.order_by().values_list(field) for model, field in _columns()]
    first, *others = columns
    return frozenset(key_id for (key_id,) in first.union(*others) if key_id)


def keys_without_row(*, now: datetime) -> set[str]:
    """The shred keys that had time to get a row and have none. Raises KeyringUnavailable."""
    # Files before rows: a request that commits in between has its row by the time the rows are read.
    old = keyring.shred_ids_made_before((now - KEY_GRACE).timestamp())
    return set(old) - key_ids_in_use() if old else set()


def rows_without_key() -> dict[str, int]:
    """How many rows of each table name a key that the keyring doesn't have. Raises KeyringUnavailable.

    Not counted are keys to destroy, and what was closed while this was read.
    """
    rows = [(model._meta.db_table, key_id) for model, field in _columns() for key_id in _ids(model, field)]
    on_disk = set(keyring.shred_ids())
    lost = key_ids_in_use() - on_disk - set(KeyToDestroy.objects.values_list("key_id", flat=True))
    return dict(Counter(table for table, key_id in rows if key_id in lost))


def _ids(model: type[Model], field: str) -> Iterable[str]:
    return model._base_manager.order_by().values_list(field, flat=True)


def _columns() -> list[tuple[type[Model], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, ShredKeyField)
    ]

from django.apps import apps

from . import keyring
from .fields import ShredKeyField
from .models import KeyToDestroy


def is_erased(key_id: str) -> bool:
    """Whether what this key sealed may be called erased. Never raises: an unreadable keyring means no."""
    try:
        return keyring.is_destroyed(key_id)
    except OSError:
        return False


def is_all_erased() -> bool:
    """Whether no key is left to destroy, for pages that no longer know which key it was."""
    return not KeyToDestroy.objects.exists()


def key_ids_in_use() -> frozenset[str]:
    """The ids of all keys that have a row, in any table.

    One statement, so that an id that moves from one table to another is seen in one of them.
    """
    columns = [
        model._base_manager.order_by().values_list(field.name)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, ShredKeyField)
    ]
    first, *others = columns
    return frozenset(key_id for (key_id,) in first.union(*others) if key_id)

from django.apps import apps

from . import keyring
from .fields import ShredKeyField
from .models import KeyToDestroy


def is_erased(key_id: str) -> bool:
    """Whether "erased" may be said of what this key had sealed. Never an error: what cannot be seen is not said."""
    try:
        return keyring.is_destroyed(key_id)
    except OSError:
        return False


def is_all_erased() -> bool:
    """Whether no key waits to be destroyed, where nobody knows any longer which one it was."""
    return not KeyToDestroy.objects.exists()


def key_ids_for_sweep() -> frozenset[str]:
    """Every key id that stands in a row, in whichever table.

    One statement, so that an id on its way from one table to another is seen in one of them.
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

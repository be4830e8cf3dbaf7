from django.apps import apps

from .fields import ShredKeyField


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

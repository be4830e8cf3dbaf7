"""The sealed rows of the support plane, swept one by one and deleted together with their keys."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from peersupport.sealing.actions import condemn

from ..models import ClosingNote, Consultation, PendingTally

log = logging.getLogger("peersupport.requests")
SealedRow = TypeVar("SealedRow", PendingTally, ClosingNote, Consultation)


def sweep_each(ids: Iterable[UUID], sweep_row: Callable[[UUID], None]) -> None:
    """Sweep each row in a transaction of its own. An error with one row leaves the others swept.

    The log says that a row could not be swept, and nothing more.
    """
    for row_id in ids:
        try:
            with transaction.atomic():
                sweep_row(row_id)
        except Exception:
            log.exception("a row of the support plane could not be swept")


def delete_where(model: type[SealedRow], is_expired: Callable[[SealedRow], bool]) -> None:
    """Delete expired rows with their keys. A row that somebody is reading or counting right now is theirs."""

    def sweep_row(row_id: UUID) -> None:
        row = model.objects.filter(pk=row_id).first()
        if row is not None and is_expired(row):
            for locked in model.objects.select_for_update().filter(pk=row_id):
                delete(locked)

    sweep_each(model.objects.values_list("pk", flat=True), sweep_row)


def delete(row: PendingTally | ClosingNote | Consultation) -> None:
    """Delete a row and condemn its key."""
    condemn(key_id=row.key_id)
    row.delete()

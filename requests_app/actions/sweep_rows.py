"""Rounds go row by row: trouble with one leaves the others tended, and what opens no longer goes."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from peersupport.sealing.actions import condemn

from ..models import ClosingNote, Consultation, PendingTally

log = logging.getLogger("peersupport.requests")
Leftover = TypeVar("Leftover", PendingTally, ClosingNote, Consultation)


def tend_each(ids: Iterable[UUID], tend: Callable[[UUID], None]) -> None:
    """Each in a transaction of its own. The log says that one could not be tended, and nothing more."""
    for row_id in ids:
        try:
            with transaction.atomic():
                tend(row_id)
        except Exception:
            log.exception("a row of the support plane could not be tended")


def drop_where(model: type[Leftover], is_over: Callable[[Leftover], bool]) -> None:
    """Rows that have had their time, with their keys; one that somebody is just reading or counting is theirs."""

    def tend(row_id: UUID) -> None:
        row = model.objects.filter(pk=row_id).first()
        if row is not None and is_over(row):
            for held in model.objects.select_for_update().filter(pk=row_id):
                drop(held)

    tend_each(model.objects.values_list("pk", flat=True), tend)


def drop(row: PendingTally | ClosingNote | Consultation) -> None:
    """The key is condemned with the row."""
    condemn(key_id=row.key_id)
    row.delete()

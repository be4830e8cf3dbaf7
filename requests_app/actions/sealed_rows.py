"""The sealed rows of the support plane, swept one by one and deleted together with their keys."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import inf
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from peersupport.sealing import keyring
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


def delete_where(
    model: type[SealedRow], is_expired: Callable[[SealedRow], bool | None], *, kept_for: timedelta, now: datetime
) -> None:
    """Delete expired rows with their keys. A row that somebody is reading or counting right now is theirs.

    is_expired: None for a row that doesn't open. It goes once its key is gone, or is older than such a row may get: a
    host secret that is wrong for an hour must not delete what somebody wrote.
    """

    def is_over(row: SealedRow) -> bool:
        answer = is_expired(row)
        if answer is not None:
            return answer
        made_at = keyring.made_at(row.key_id)
        return made_at == inf or made_at < (now - kept_for).timestamp()

    def sweep_row(row_id: UUID) -> None:
        row = model.objects.filter(pk=row_id).first()
        if row is not None and is_over(row):
            for locked in model.objects.select_for_update().filter(pk=row_id):
                delete(locked)

    sweep_each(model.objects.values_list("pk", flat=True), sweep_row)


def delete(row: PendingTally | ClosingNote | Consultation) -> None:
    """Delete a row and condemn its key."""
    condemn(key_id=row.key_id)
    row.delete()

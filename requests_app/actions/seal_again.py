"""After the host secret was replaced: everything that it sealed is sealed under the new one."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from peersupport.sealing import keyring

from ..models import ClosingNote, Consultation, Message, PendingTally, Request
from ..vault import CLOSING_NOTE, CONSULTATION, MESSAGE, PENDING_TALLY, ROUTING, RowKey, open_outer, row_key, seal_outer
from .sealed_rows import SealedRow, sweep_each

Row = TypeVar("Row", Request, PendingTally, Consultation, ClosingNote)


def run() -> int:
    """Each row in a transaction of its own. Returns how many don't open, and stay as they are."""
    return (
        sweep_each(Request.objects.values_list("pk", flat=True), _seal_request)
        + _seal_bodies(PendingTally.objects.all(), PENDING_TALLY)
        + _seal_bodies(Consultation.objects.all(), CONSULTATION)
        + _seal_bodies(ClosingNote.objects.all(), CLOSING_NOTE)
    )


def _seal_request(request_id: UUID) -> None:
    for row, key in _with_keys(Request.objects.select_for_update().filter(pk=request_id)):
        row.routing = seal_outer(key, ROUTING, open_outer(key, ROUTING, bytes(row.routing)))
        row.save(update_fields=["routing"])
        for message in Message.objects.filter(request_id=row.id):
            data = open_outer(key, MESSAGE, bytes(message.body), message.id.bytes)
            message.body = seal_outer(key, MESSAGE, data, message.id.bytes)
            message.save(update_fields=["body"])


def _seal_bodies(rows: QuerySet[SealedRow], part: str) -> int:
    def seal(row_id: UUID) -> None:
        for row, key in _with_keys(rows.select_for_update().filter(pk=row_id)):
            row.body = seal_outer(key, part, open_outer(key, part, bytes(row.body)))
            row.save(update_fields=["body"])

    return sweep_each(rows.values_list("pk", flat=True), seal)


def _with_keys(rows: QuerySet[Row]) -> Iterator[tuple[Row, RowKey]]:
    """Each row that still has its key; the others are erased, and deleted by the next sweep."""
    for row in rows:
        with suppress(keyring.KeyMissing):
            yield row, row_key(row.id, row.key_id)

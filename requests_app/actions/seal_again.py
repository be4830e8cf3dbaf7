"""After the host secret was replaced: everything that it sealed is sealed under the new one."""

from uuid import UUID

from django.db.models import QuerySet

from ..models import ClosingNote, Consultation, Message, PendingTally, Request
from ..vault import CLOSING_NOTE, CONSULTATION, MESSAGE, PENDING_TALLY, ROUTING, open_outer, row_key, seal_outer
from .sealed_rows import SealedRow, sweep_each


def run() -> None:
    """Each row in a transaction of its own; one that doesn't open stays as it is, and the log says so."""
    sweep_each(Request.objects.values_list("pk", flat=True), _seal_request)
    _seal_bodies(PendingTally.objects.all(), PENDING_TALLY)
    _seal_bodies(Consultation.objects.all(), CONSULTATION)
    _seal_bodies(ClosingNote.objects.all(), CLOSING_NOTE)


def _seal_request(request_id: UUID) -> None:
    for row in Request.objects.select_for_update().filter(pk=request_id):
        key = row_key(row.id, row.key_id)
        row.routing = seal_outer(key, ROUTING, open_outer(key, ROUTING, bytes(row.routing)))
        row.save(update_fields=["routing"])
        for message in Message.objects.filter(request_id=row.id):
            data = open_outer(key, MESSAGE, bytes(message.body), message.id.bytes)
            message.body = seal_outer(key, MESSAGE, data, message.id.bytes)
            message.save(update_fields=["body"])


def _seal_bodies(rows: QuerySet[SealedRow], part: str) -> None:
    def seal(row_id: UUID) -> None:
        for row in rows.select_for_update().filter(pk=row_id):
            key = row_key(row.id, row.key_id)
            row.body = seal_outer(key, part, open_outer(key, part, bytes(row.body)))
            row.save(update_fields=["body"])

    sweep_each(rows.values_list("pk", flat=True), seal)

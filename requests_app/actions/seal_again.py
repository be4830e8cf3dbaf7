"""After a secret was replaced: everything that it sealed is sealed under the new one."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import partial
from uuid import UUID

from django.db import models, transaction

from peersupport.sealing import actions as sealing
from peersupport.sealing import keyring
from peersupport.sealing.envelope import CannotOpen

from .. import vault
from ..models import ClosingNote, Consultation, MatchingPreferences, Message, PendingTally, Request
from ..vault import CLOSING_NOTE, CONSULTATION, MESSAGE, PENDING_TALLY, ROUTING, RowKey, open_outer, row_key, seal_outer

log = logging.getLogger("peersupport.requests")


class Outcome(StrEnum):
    """What became of one row."""

    SEALED = "sealed"
    GONE = "gone"  # closed meanwhile, or erased already
    UNKNOWN = "unknown"  # opens under no known host secret: damaged, forged, or sealed under one that was lost
    FAILED = "failed"  # the database or the keyring refused; it can be tried again


def preferences() -> None:
    """What members tell only the matching, after that secret was renewed."""
    sealing.seal_again(
        MatchingPreferences,
        "body",
        secret="matching",  # noqa: S106  # its name
        opened=lambda row, secrets: vault.open_preferences(secrets, row.pk, bytes(row.body)),
        sealed=lambda row, told: vault.seal_preferences(keyring.lasting("matching"), row.pk, told),
    )


def run() -> Counter[Outcome]:
    """After the host secret was replaced: each row in a transaction of its own. What doesn't open stays as it is.

    Returns how many had which outcome.
    """
    outcomes = [_in_a_transaction(_seal_request, pk) for pk in Request.objects.values_list("pk", flat=True)]
    for model, part in ((PendingTally, PENDING_TALLY), (Consultation, CONSULTATION), (ClosingNote, CLOSING_NOTE)):
        for pk in model._base_manager.values_list("pk", flat=True):
            outcomes.append(_in_a_transaction(partial(_seal_body, model, part), pk))
    return Counter(outcomes)


def _in_a_transaction(seal: Callable[[UUID], bool], row_id: UUID) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome.SEALED if seal(row_id) else Outcome.GONE
    except keyring.KeyMissing:
        return Outcome.GONE
    except CannotOpen:
        return Outcome.UNKNOWN
    except Exception:
        log.exception("a row of the support plane could not be sealed again")
        return Outcome.FAILED


def _seal_request(request_id: UUID) -> bool:
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        return False
    key = row_key(row.id, row.key_id)
    routing = open_outer(key, ROUTING, bytes(row.routing), *vault.bound_by(bytes(row.stamp)))
    row.stamp = vault.new_stamp()
    row.routing = seal_outer(key, ROUTING, routing, row.stamp)
    row.save(update_fields=["stamp", "routing"])
    for message in Message.objects.filter(request_id=row.id):
        with suppress(CannotOpen):  # then the thread is damaged, and stays so
            _seal_column(message, "body", MESSAGE, key, message.id.bytes)
    return True


def _seal_body(model: type[PendingTally] | type[Consultation] | type[ClosingNote], part: str, row_id: UUID) -> bool:
    row = model._base_manager.select_for_update().filter(pk=row_id).first()
    if row is None:
        return False
    _seal_column(row, "body", part, row_key(row.id, row.key_id))
    return True


def _seal_column(row: models.Model, column: str, part: str, key: RowKey, *bound: bytes) -> None:
    data = open_outer(key, part, bytes(getattr(row, column)), *bound)
    setattr(row, column, seal_outer(key, part, data, *bound))
    row.save(update_fields=[column])

"""Marks of submitted forms, so that a second press or a replay does nothing."""

import secrets
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from peersupport.sealing import keyring

from .. import vault
from ..models import SubmittedForm
from ..queries import marks

HALF_DAY = 12 * 60 * 60  # seconds; as long as a form's token is valid
MOMENT = 10  # seconds
MARK_BYTES = 32
# Without the visit's cookie the same press shows the receipt again for two minutes: never longer, at most 10 s less.
RECENT_MOMENTS = 2 * 60 // MOMENT


def is_submitted(nonce: bytes, typed: bytes) -> bool:
    """Whether the form with this nonce was submitted with this content, be its mark under an earlier secret."""
    return marks.is_any_stored(_marks(nonce, typed))


def is_recent(nonce: bytes, typed: bytes, now: datetime) -> bool:
    """Whether it was submitted in the last two minutes."""
    moments = range(_moment(now) - RECENT_MOMENTS + 1, _moment(now) + 1)
    return marks.is_any_stored([mark for moment in moments for mark in _sending_marks(nonce, typed, moment)])


def add_marks(nonce: bytes, typed: bytes, now: datetime) -> None:
    """Raises IntegrityError where the form was submitted before.

    One for each secret that is known: of two presses, one just before and one just after the secret was renewed, the
    database refuses the later.
    """
    _add(_marks(nonce, typed), now)


class SubmittedBefore(Exception):
    """The form was submitted before with this content. The caller's transaction has to be taken back."""


def add_request(nonce: bytes, typed: bytes, now: datetime, *, spends_proof: bool) -> bool:
    """Note that a request was submitted, and whether a proof of work for it counts. Raises SubmittedBefore.

    Another mark says when, so that only who has the form and its text can ask whether that was just now. And in the
    place of a proof's mark there is a random one: every request leaves as many rows, so that none tells which had one.
    """
    counts = spends_proof and _spend_proof(nonce, now)
    filler = [] if counts else [secrets.token_bytes(MARK_BYTES) for _ in keyring.known("spent")]
    try:
        _add([*_marks(nonce, typed), *_sending_marks(nonce, typed, _moment(now))[:1], *filler], now)
    except IntegrityError as error:
        raise SubmittedBefore from error
    return counts


def _spend_proof(nonce: bytes, now: datetime) -> bool:
    """Let the proof of work for this form count, once. False where it has counted before."""
    spent = [vault.spent_proof_mark(secret, nonce) for secret in keyring.known("spent")]
    if marks.is_any_stored(spent):
        return False
    try:
        with transaction.atomic():
            _add(spent, now)
    except IntegrityError:  # another request with it was stored a moment ago
        return False
    return True


def delete_expired(now: datetime) -> None:
    """Delete the marks of forms that can no longer be submitted because their tokens have expired."""
    SubmittedForm.objects.filter(half_day__lt=half_day_of(now) - 1).delete()


def half_day_of(now: datetime) -> int:
    return int(now.timestamp()) // HALF_DAY


def _add(marks: list[bytes], now: datetime) -> None:
    """In words of SQL: each sending does, while others wait for its transaction."""
    table, rows = SubmittedForm._meta.db_table, ", ".join(["(%s, %s)"] * len(marks))
    values = [value for mark in marks for value in (mark, half_day_of(now))]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (mark, half_day) VALUES {rows}", values)  # noqa: S608  # nosec B608


def _marks(nonce: bytes, typed: bytes) -> list[bytes]:
    return [vault.submitted_form_mark(secret, nonce, typed) for secret in keyring.known("spent")]


def _sending_marks(nonce: bytes, typed: bytes, moment: int) -> list[bytes]:
    return [vault.sending_mark(secret, nonce, typed, moment) for secret in keyring.known("spent")]


def _moment(now: datetime) -> int:
    return int(now.timestamp()) // MOMENT

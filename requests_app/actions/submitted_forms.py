"""Marks of submitted forms, so that a second press or a replay does nothing."""

from datetime import datetime

from django.db import IntegrityError, transaction

from peersupport.sealing import keyring

from .. import vault
from ..models import SubmittedForm

HALF_DAY = 12 * 60 * 60  # seconds; as long as a form's token is valid


def is_submitted(nonce: bytes, typed: bytes) -> bool:
    """Whether the form with this nonce was submitted with this content, be its mark under an earlier secret."""
    return SubmittedForm.objects.filter(pk__in=_marks(nonce, typed)).exists()


def add_mark(nonce: bytes, typed: bytes, now: datetime) -> None:
    """Raises IntegrityError where the form was submitted before.

    One for each secret that is known: of two presses, one just before and one just after the secret was renewed, the
    database refuses the later.
    """
    SubmittedForm.objects.bulk_create(
        SubmittedForm(mark=mark, half_day=_half_day(now)) for mark in _marks(nonce, typed)
    )


def spend_proof(nonce: bytes, now: datetime) -> bool:
    """Let the proof of work for this form count, once. False where it has counted before."""
    marks = [vault.spent_proof_mark(secret, nonce) for secret in keyring.known("spent")]
    if SubmittedForm.objects.filter(pk__in=marks).exists():
        return False
    try:
        with transaction.atomic():
            SubmittedForm.objects.bulk_create(SubmittedForm(mark=mark, half_day=_half_day(now)) for mark in marks)
    except IntegrityError:  # another request with it was stored a moment ago
        return False
    return True


def delete_expired(now: datetime) -> None:
    """Delete the marks of forms that can no longer be submitted because their tokens have expired."""
    SubmittedForm.objects.filter(half_day__lt=_half_day(now) - 1).delete()


def _marks(nonce: bytes, typed: bytes) -> list[bytes]:
    return [vault.submitted_form_mark(secret, nonce, typed) for secret in keyring.known("spent")]


def _half_day(now: datetime) -> int:
    return int(now.timestamp()) // HALF_DAY

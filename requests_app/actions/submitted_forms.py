"""Marks of submitted forms, so that a second press or a replay does nothing."""

from datetime import datetime

from ..models import SubmittedForm

HALF_DAY = 12 * 60 * 60  # seconds; as long as a form's token is valid


def is_submitted(mark: bytes) -> bool:
    return SubmittedForm.objects.filter(pk=mark).exists()


def add_mark(mark: bytes, now: datetime) -> None:
    """Raises IntegrityError where the form was submitted before."""
    SubmittedForm.objects.create(mark=mark, half_day=_half_day(now))


def delete_expired(now: datetime) -> None:
    """Delete the marks of forms that can no longer be submitted because their tokens have expired."""
    SubmittedForm.objects.filter(half_day__lt=_half_day(now) - 1).delete()


def _half_day(now: datetime) -> int:
    return int(now.timestamp()) // HALF_DAY

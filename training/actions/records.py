"""What members have completed."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.models import Member, User

from ..domain.plausibility import check_past, checked_hours
from ..models import Record, Subject


def check_completion(
    *, member_id: int, subject: str, completed_on: date, hours: Decimal | int | float
) -> tuple[Subject, Decimal]:
    """The subject with this code and the exact hours. Raises Refused for what cannot be true."""
    exact_hours = checked_hours(hours)
    check_past(completed_on, timezone.localdate())
    trained = Subject.objects.filter(code=subject).first()
    if trained is None:
        raise Refused(_("That subject isn't on the list."))
    if not Member.objects.filter(pk=member_id).exists():
        raise Refused(_("That member isn't on the roster."))
    return trained, exact_hours


def record(
    *, member_id: int, subject: str, completed_on: date, hours: Decimal | int | float, by: User | None
) -> Record:
    """Record that a member completed a subject (its code). Raises Refused for what cannot be true."""
    trained, exact_hours = check_completion(
        member_id=member_id, subject=subject, completed_on=completed_on, hours=hours
    )
    try:
        with transaction.atomic():
            recorded = Record.objects.create(
                member_id=member_id, subject=trained, completed_on=completed_on, hours=exact_hours
            )
            audit.record(action="training_recorded", by=by.pk if by else None, about=f"member:{member_id}")
    except IntegrityError:
        raise Refused(_("This training is already on record for that day.")) from None
    return recorded


@transaction.atomic
def delete_record(*, record_id: int, by: User) -> None:
    """Delete a record that was entered by mistake. Doing it twice is harmless."""
    mistaken = Record.objects.select_for_update().filter(pk=record_id).first()
    if mistaken is not None:
        mistaken.delete()
        audit.record(action="training_deleted", by=by.pk, about=f"member:{mistaken.member_id}")

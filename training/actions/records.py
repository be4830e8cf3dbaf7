"""What members have completed."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.models import Member, User

from ..domain.plausibility import check_past, checked_hours
from ..models import Record, Subject


def check_facts(
    *, member_id: int, subject: str, completed_on: date, hours: Decimal | int | float
) -> tuple[Subject, Decimal]:
    """The subject of a code and the exact hours. Raises Refused for what cannot be true."""
    exact_hours = checked_hours(hours)
    check_past(completed_on, timezone.localdate())
    known = Subject.objects.filter(code=subject).first()
    if known is None:
        raise Refused("That subject is not on the list.")
    if not Member.objects.filter(pk=member_id).exists():
        raise Refused("That member is not on the roster.")
    return known, exact_hours


def record(
    *, member_id: int, subject: str, completed_on: date, hours: Decimal | int | float, by: User | None
) -> Record:
    """Write down that a member completed a subject (its code). Raises Refused for what cannot be true."""
    known, exact_hours = check_facts(member_id=member_id, subject=subject, completed_on=completed_on, hours=hours)
    try:
        with transaction.atomic():
            written = Record.objects.create(
                member_id=member_id, subject=known, completed_on=completed_on, hours=exact_hours
            )
            audit.record(action="training_recorded", by=by.pk if by else None, about=f"member:{member_id}")
    except IntegrityError:
        raise Refused("This training is on record for that day already.") from None
    return written


@transaction.atomic
def take_back_record(*, record_id: int, by: User) -> None:
    """A record that was entered by mistake. Twice is harmless."""
    found = Record.objects.select_for_update().filter(pk=record_id).first()
    if found is not None:
        found.delete()
        audit.record(action="training_taken_back", by=by.pk, about=f"member:{found.member_id}")

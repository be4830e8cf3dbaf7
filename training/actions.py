from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.team.models import Member, User

from .models import Record, Subject
from .refusals import Refused

EARLIEST = date(1950, 1, 1)
MOST_HOURS = Decimal(500)


def record(
    *, member_id: int, subject: str, completed_on: date, hours: Decimal | int | float, by: User | None
) -> Record:
    """Write down that a member completed a subject (its code). Raises Refused for what cannot be true."""
    exact_hours = _checked_hours(hours)
    if not EARLIEST <= completed_on <= timezone.localdate():
        raise Refused("A training is recorded once it has taken place. Please look at the date again.")
    known = Subject.objects.filter(code=subject).first()
    if known is None:
        raise Refused("That subject is not on the list.")
    if not Member.objects.filter(pk=member_id).exists():
        raise Refused("That member is not on the roster.")
    try:
        with transaction.atomic():
            written = Record.objects.create(
                member_id=member_id, subject=known, completed_on=completed_on, hours=exact_hours
            )
            audit.record(action="training_recorded", by=by.pk if by else None, about=f"member:{member_id}")
    except IntegrityError:
        raise Refused("This training is on record for that day already.") from None
    return written


def _checked_hours(hours: Decimal | int | float) -> Decimal:
    try:
        exact = Decimal(str(hours))
    except ArithmeticError:
        raise Refused("Hours are a number, such as 8 or 1.5.") from None
    if not (exact.is_finite() and 0 < exact <= MOST_HOURS):
        raise Refused("Hours are more than 0 and at most 500.")
    if exact % Decimal("0.25"):
        raise Refused("Hours are counted in quarters, such as 1.25 or 1.5.")
    return exact

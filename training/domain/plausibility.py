"""Hours and days that a training can plausibly have. Pure: today is an argument."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _

from .validity import FIRST_DAY

MAX_HOURS = Decimal(500)
LATEST = date(2999, 12, 31)
MAX_SESSION_LENGTH = timedelta(days=60)  # an evening course; anything longer is a mistyped year


def checked_hours(hours: object) -> Decimal:
    """Exact hours: more than 0, at most 500, in quarters. Raises Refused for anything else."""
    try:
        exact = Decimal(str(hours))
    except ArithmeticError:
        raise Refused(_("Please enter the hours as a number, such as 8 or 1.5.")) from None
    if not (exact.is_finite() and 0 < exact <= MAX_HOURS):
        raise Refused(_("Hours must be more than 0 and at most %(most)s."), most=MAX_HOURS)
    if exact % Decimal("0.25"):
        raise Refused(_("Please use quarter hours, such as 1.25 or 1.5."))
    return exact


def check_past(day: date, today: date) -> None:
    """Raises Refused for a day in the future or before 1950."""
    if not FIRST_DAY <= day <= today:
        raise Refused(_("You can record training once it has taken place. Please check the date."))


def check_year(day: date) -> None:
    """Raises Refused for a year that must be a typing error."""
    if not FIRST_DAY <= day <= LATEST:
        raise Refused(_("Please check the year."))


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raises Refused unless a session can last from one time to the other."""
    check_year(starts_at.date())
    check_year(ends_at.date())
    if ends_at <= starts_at:
        raise Refused(_("The session ends before it starts. Please check the times."))
    if ends_at - starts_at > MAX_SESSION_LENGTH:
        raise Refused(
            _("A session can last %(days)s days at most. Please check the times."), days=MAX_SESSION_LENGTH.days
        )

"""What is said while the form takes no new requests."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.intake import Closed, ClosedReason

if TYPE_CHECKING:
    from ..models import TelephoneOnly

WHAT_IT_DOES = gettext_lazy(
    "While this is on, the form shows the numbers to call, and until when. What someone was already writing is still "
    "taken for half an hour. Open requests and contacts go on, and so does the way back with the seven words."
)


def closed_text(closed: Closed) -> str:
    """To the officer. until: in local time."""
    if closed.reason == ClosedReason.UNAVAILABLE:
        return _("Something went wrong on our side, so no request can be sent right now. Please call.")
    if closed.reason == ClosedReason.FULL or closed.until is None:
        return _("No more requests can be stored right now. You don't have to wait for it: please call.")
    return _("We're taking requests by telephone only, until %(time)s. You don't have to wait for it: please call.") % {
        "time": date_format(closed.until, "PUBLIC_LONG_TIME_FORMAT")
    }


def local(switch: "TelephoneOnly | None") -> datetime | None:
    """Until when it is, in local time; None while the form is open."""
    return timezone.localtime(switch.until) if switch else None


def standing_text(until: datetime | None, today: date) -> str:
    """To the team. until: in local time; None while the form is open."""
    if until is None:
        return _("The form takes requests.")
    time = date_format(until, "TIME_FORMAT" if until.date() == today else "DAY_TIME_FORMAT")
    return _("Requests are taken by telephone only, until %(time)s.") % {"time": time}

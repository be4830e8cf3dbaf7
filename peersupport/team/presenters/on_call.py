"""What the page of the on-call schedule says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words

from ..domain.on_call import Interval, Shift
from ..domain.schedule import whole_hours
from . import hours


def on_call_now(people: Collection[str]) -> str:
    if not people:
        return _("Nobody is on call now.")
    said = {"names": hours.names(people)}
    return ngettext("%(names)s is on call now.", "%(names)s are on call now.", len(people)) % said


def coverage(gaps: Collection[Interval]) -> str:
    """For how much of the next two weeks nobody is on call."""
    uncovered = whole_hours(gaps)
    if not uncovered:
        return _("Someone is on call every hour of the next two weeks.")
    return ngettext(
        "Nobody is on call for %(number)s hour in the next two weeks.",
        "Nobody is on call for %(number)s hours in the next two weeks.",
        uncovered,
    ) % {"number": in_words(uncovered)}


def first_gap(gaps: Collection[Interval], now: datetime, zone: tzinfo) -> str:
    """When the first gap is; empty for none."""
    starts = min((gap[0] for gap in gaps), default=None)
    if starts is None:
        return ""
    if starts <= now:
        return _("The first gap is right now.")
    return _("The first gap starts on %(moment)s.") % {
        "moment": date_format(starts.astimezone(zone), "DAY_TIME_FORMAT")
    }


@dataclass(frozen=True)
class ShownShift:
    """code: the shift as the form's field names it. who: whom it is about, or what is asked."""

    code: str
    who: str
    hours: str


def shown_shift(shift: Shift, who: str, zone: tzinfo) -> ShownShift:
    return ShownShift(shift.code, who, hours.interval_label((shift.starts, shift.ends), zone))


def question(holder: str, *, is_own: bool) -> str:
    """What a member is asked whose yes would give them a shift. is_own: it is of their own weekly hours."""
    if is_own:
        return _("Will you take your own shift back from %(name)s?") % {"name": holder}
    return _("%(name)s asks you to take a shift") % {"name": holder}


def without_phone_alert(people: Collection[str]) -> str:
    """Whom no phone alert would reach during their shift; empty for nobody."""
    if not people:
        return ""
    return _(
        "No phone alerts are set up for %(names)s yet. Ask them to set them up on their own page, and to test them."
    ) % {"names": hours.names(people)}

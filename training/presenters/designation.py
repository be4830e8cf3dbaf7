"""What the letter of a designation packet says."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from peersupport.team.models import Agreement, EarlierService, Member, TermRenewal


def designated(member: "Member", on: date) -> str:
    """By whom, when, and by which order."""
    sentence = _("%(name)s was designated a member of this team by %(head)s on %(day)s.")
    if member.designation_order:
        sentence = _("%(name)s was designated a member of this team by %(head)s on %(day)s, by order %(order)s.")
    values = {"name": member.user.name, "head": member.designated_by, "order": member.designation_order}
    return sentence % {**values, "day": _day(on)}


def how_long(member: "Member", today: date) -> str:
    """Until when, or that it has no end."""
    if member.ended_on is not None:
        return _("The membership ended on %(day)s.") % {"day": _day(member.ended_on)}
    if member.term_ends_on is None:
        return _("The designation has no end date.")
    sentence = _("The term ended on %(day)s.") if member.has_term_ended(today) else _("The term ends on %(day)s.")
    return sentence % {"day": _day(member.term_ends_on)}


def renewal(renewed: "TermRenewal") -> str:
    sentence = {
        (False, False): _("Renewed on %(day)s by %(head)s."),
        (True, False): _("Renewed on %(day)s by %(head)s, by order %(order)s."),
        (False, True): _("Renewed on %(day)s by %(head)s, until %(until)s."),
        (True, True): _("Renewed on %(day)s by %(head)s, by order %(order)s, until %(until)s."),
    }[bool(renewed.order), renewed.until is not None]
    until = _day(renewed.until) if renewed.until else ""
    return sentence % {"day": _day(renewed.on), "head": renewed.head, "order": renewed.order, "until": until}


def earlier_service(service: "EarlierService") -> str:
    if service.designated_on is None:
        return _("On the team earlier, until %(end)s.") % {"end": _day(service.ended_on)}
    sentence = _("Designated earlier, on %(day)s by %(head)s; on the team until %(end)s.")
    values = {"day": _day(service.designated_on), "head": service.designated_by, "end": _day(service.ended_on)}
    return sentence % values


def signed(agreement: "Agreement") -> str:
    """How an agreement was signed, and in which version."""
    day = _day(agreement.signed_on)
    if agreement.signed_at is None:
        return _("Signed on paper on %(day)s, before this program was used.") % {"day": day}
    sentence = _("Signed on screen by %(name)s on %(day)s, in the version that came with the program.")
    if agreement.version:
        sentence = _("Signed on screen by %(name)s on %(day)s, version %(version)s.")
    return sentence % {"name": agreement.signed_name, "day": day, "version": agreement.version}


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")

"""The designation packet: the letter, the agreement and the transcript of one member in one file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.domain.prose import blocks
from peersupport.program.models import ProgramSettings
from peersupport.program.queries import settings_now
from peersupport.team.models import Agreement, EarlierService, Member, TermRenewal
from peersupport.team.queries.service_record import service_record_of

from .transcript import PART, transcript_content

TEMPLATE = Path(__file__).with_suffix(".typ")


def designation_pdf(member: Member, designated_on: date, today: date) -> bytes:
    """Dated proof of designation, as of today. The same data gives the same bytes."""
    program, proofs = settings_now(), service_record_of(member)
    printed = _("Printed on %(day)s from the records of %(program)s.")
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": _("Designation of %(name)s") % {"name": member.user.name},
            "agency": program.agency,
            "letter": _letter(member, program, designated_on, today),
            "history_title": _("Renewals and earlier service"),
            "history": [*map(_renewal, proofs.renewals), *map(_earlier_service, proofs.earlier)],
            "signature": _("%(head)s, or current holder of the office") % {"head": member.designated_by},
            "date": _("Date"),
            "printed": printed % {"day": _day(today), "program": program.name},
            "agreement_title": _("Confidentiality agreement"),
            "agreement": _agreement(*(each for each in proofs.agreements if not each.is_past)),
            "transcript": transcript_content(member, today),
        },
        parts=[PART],
    )


def _letter(member: Member, program: ProgramSettings, designated_on: date, today: date) -> list[str]:
    team = _("%(agency)s maintains an organized peer support team, %(program)s.")
    return [
        " ".join([team % {"agency": program.agency, "program": program.name}, _designated(member, designated_on)]),
        _how_long(member, today),
        _(
            "This record is kept because state law refers to members designated to an organized team (Texas "
            "Health and Safety Code, chapter 784). The confidentiality agreement and the training transcript follow."
        ),
    ]


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _designated(member: Member, on: date) -> str:
    sentence = _("%(name)s was designated a member of this team by %(head)s on %(day)s.")
    if member.designation_order:
        sentence = _("%(name)s was designated a member of this team by %(head)s on %(day)s, by order %(order)s.")
    values = {"name": member.user.name, "head": member.designated_by, "order": member.designation_order}
    return sentence % {**values, "day": _day(on)}


def _how_long(member: Member, today: date) -> str:
    if member.ended_on is not None:
        return _("The membership ended on %(day)s.") % {"day": _day(member.ended_on)}
    if member.term_ends_on is None:
        return _("The designation has no end date.")
    sentence = _("The term ended on %(day)s.") if member.has_term_ended(today) else _("The term ends on %(day)s.")
    return sentence % {"day": _day(member.term_ends_on)}


def _renewal(renewal: TermRenewal) -> str:
    sentence = {
        (False, False): _("Renewed on %(day)s by %(head)s."),
        (True, False): _("Renewed on %(day)s by %(head)s, by order %(order)s."),
        (False, True): _("Renewed on %(day)s by %(head)s, until %(until)s."),
        (True, True): _("Renewed on %(day)s by %(head)s, by order %(order)s, until %(until)s."),
    }[bool(renewal.order), renewal.until is not None]
    until = _day(renewal.until) if renewal.until else ""
    return sentence % {"day": _day(renewal.on), "head": renewal.head, "order": renewal.order, "until": until}


def _earlier_service(service: EarlierService) -> str:
    if service.designated_on is None:
        return _("On the team earlier, until %(end)s.") % {"end": _day(service.ended_on)}
    sentence = _("Designated earlier, on %(day)s by %(head)s; on the team until %(end)s.")
    values = {"day": _day(service.designated_on), "head": service.designated_by, "end": _day(service.ended_on)}
    return sentence % values


def _agreement(signed: Agreement | None = None, *before: Agreement) -> dict[str, Any]:
    """How each agreement was signed, and the text of the latest; nothing is claimed that is not on record."""
    if signed is None:
        return {"how": [_("No agreement is on record.")], "blocks": []}
    blocks_of_text = [{"is_list": each.is_list, "lines": each.lines} for each in blocks(signed.text)]
    earlier = [_("Before that: %(how)s") % {"how": _signed(each)} for each in before]
    return {"how": [_signed(signed), *earlier], "blocks": blocks_of_text}


def _signed(agreement: Agreement) -> str:
    day = _day(agreement.signed_on)
    if agreement.signed_at is None:
        return _("Signed on paper on %(day)s, before this program was used.") % {"day": day}
    sentence = _("Signed on screen by %(name)s on %(day)s, in the version that came with the program.")
    if agreement.version:
        sentence = _("Signed on screen by %(name)s on %(day)s, version %(version)s.")
    return sentence % {"name": agreement.signed_name, "day": day, "version": agreement.version}

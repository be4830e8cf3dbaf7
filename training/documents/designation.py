"""The designation packet: the letter, the agreement and the transcript of one member in one file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.domain.prose import blocks
from peersupport.program.queries import settings_now
from peersupport.team.models import Agreement, EarlierService, Member, TermRenewal
from peersupport.team.queries.service_record import service_record_of

from ..presenters.formats import long_day
from .transcript import PART, transcript_content

TEMPLATE = Path(__file__).with_suffix(".typ")


def designation_pdf(member: Member, designated_on: date, today: date) -> bytes:
    """Dated proof of designation, as of today. The same data gives the same bytes."""
    program, proofs = settings_now(), service_record_of(member)
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Designation of {member.user.name}",
            "agency": program.agency,
            "letter": [
                f"{program.agency} keeps an organized peer support team, {program.name}. {member.user.name} has been "
                f"designated as a member of this team by {member.designated_by}, on {long_day(designated_on)}"
                f"{_order(member.designation_order)}.",
                _how_long(member, today),
                _(
                    "This record is kept because state law speaks of members designated to an organized team (Texas "
                    "Health and Safety Code, chapter 784). The agreement on confidentiality and the transcript of "
                    "training follow."
                ),
            ],
            "head": member.designated_by,
            "printed": f"Printed on {long_day(today)} from the records of {program.name}.",
            "history": [*map(_renewal, proofs.renewals), *map(_earlier_service, proofs.earlier)],
            "agreement": _agreement(*(each for each in proofs.agreements if not each.is_past)),
            "transcript": transcript_content(member, today),
        },
        parts=[PART],
    )


def _how_long(member: Member, today: date) -> str:
    if member.ended_on is not None:
        return f"The membership ended on {long_day(member.ended_on)}."
    if member.term_ends_on is None:
        return _("The designation has no end.")
    ends = "ended" if member.has_term_ended(today) else "ends"
    return f"The term {ends} on {long_day(member.term_ends_on)}."


def _order(number: str) -> str:
    return f", by order {number}" if number else ""


def _renewal(renewal: TermRenewal) -> str:
    until = f", until {long_day(renewal.until)}" if renewal.until else ""
    return f"Renewed on {long_day(renewal.on)} by {renewal.head}{_order(renewal.order)}{until}."


def _earlier_service(service: EarlierService) -> str:
    end = f"on the team until {long_day(service.ended_on)}"
    if service.designated_on is None:
        return f"Earlier {end}."
    return f"Earlier designated on {long_day(service.designated_on)} by {service.designated_by}; {end}."


def _agreement(signed: Agreement | None = None, *before: Agreement) -> dict[str, Any]:
    """How each agreement was signed, and the text of the latest; nothing is claimed that is not on record."""
    if signed is None:
        return {"how": [_("No agreement is on record.")], "blocks": []}
    blocks_of_text = [{"is_list": each.is_list, "lines": each.lines} for each in blocks(signed.text)]
    return {"how": [_signed(signed), *(f"Before that: {_signed(each)}" for each in before)], "blocks": blocks_of_text}


def _signed(agreement: Agreement) -> str:
    if agreement.signed_at is None:
        return f"Signed on paper on {long_day(agreement.signed_on)}, before this program was used."
    which = f"wording {agreement.version}" if agreement.version else _("the wording that came with the program")
    return f"Signed on screen by {agreement.signed_name} on {long_day(agreement.signed_on)}, {which}."

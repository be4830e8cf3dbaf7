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
from peersupport.team.models import Agreement, Member
from peersupport.team.queries.service_record import service_record_of

from ..presenters import designation as sentences
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
            "history": [*map(sentences.renewal, proofs.renewals), *map(sentences.earlier_service, proofs.earlier)],
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
    named = team % {"agency": program.agency, "program": program.name}
    return [
        " ".join([named, sentences.designated(member, designated_on)]),
        sentences.how_long(member, today),
        _(
            "This record is kept because state law refers to members designated to an organized team (Texas "
            "Health and Safety Code, chapter 784). The confidentiality agreement and the training transcript follow."
        ),
    ]


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _agreement(signed: Agreement | None = None, *before: Agreement) -> dict[str, Any]:
    """How each agreement was signed, and the text of the latest; nothing is claimed that is not on record."""
    if signed is None:
        return {"how": [_("No agreement is on record.")], "blocks": []}
    blocks_of_text = [{"is_list": each.is_list, "lines": each.lines} for each in blocks(signed.text)]
    earlier = [_("Before that: %(how)s") % {"how": sentences.signed(each)} for each in before]
    return {"how": [sentences.signed(signed), *earlier], "blocks": blocks_of_text}

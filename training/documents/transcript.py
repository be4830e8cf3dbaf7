"""A member's transcript: what is current, the hours by year, and every training on record."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core import pdf
from peersupport.core.plurals import plural_of
from peersupport.program.queries import settings_now
from peersupport.team.models import Member

from ..models import Record
from ..presenters.formats import hours_text, standing_text, status_symbol
from ..presenters.member_training import initial_training_text, year_rows
from ..queries import external_training
from ..queries.member_training import member_training

TEMPLATE = Path(__file__).with_suffix(".typ")
PART = Path(__file__).with_name("transcript_part.typ")


def transcript_pdf(member: Member, today: date) -> bytes:
    """The transcript as of today. The same records give the same bytes."""
    return pdf.to_pdf(TEMPLATE, transcript_content(member, today), parts=[PART])


def transcript_content(member: Member, today: date) -> dict[str, Any]:
    training, program = member_training(member, today), settings_now()
    providers = external_training.providers_on_record(member)
    as_of = _("As of %(day)s, in the records of %(program)s, %(agency)s.")
    return {
        "title": _("Transcript: %(name)s") % {"name": member.user.name},
        "agency": member.agency or program.agency,
        "standing": as_of % {"day": _day(today), "program": program.name, "agency": program.agency},
        "facts": _facts(member),
        "current_title": _("What is current"),
        "current_head": [_("Subject"), _("Status")],
        "current": [
            [subject.name, f"{status_symbol(standing)} {standing_text(standing)}"]
            for subject, standing in training.standings
        ],
        "years_title": _("Hours by year"),
        "initial": _("Initial training: %(progress)s") % {"progress": initial_training_text(training.initial, today)},
        "years_head": [_("Year"), _("Hours"), _("Required"), _("Status")],
        "years": [[row.year, row.hours, row.required, row.text] for row in year_rows(training.years)],
        **_records(training.records, providers),
    }


def _records(records: list[Record], providers: dict[tuple[int, date], str]) -> dict[str, Any]:
    total = sum((each.hours for each in records), Decimal())
    sentence = ngettext("%(hours)s hour in all.", "%(hours)s hours in all.", plural_of(total))
    return {
        "records_title": _("On record"),
        "no_records": _("Nothing is on record yet."),
        "records_head": [_("Completed on"), _("Subject"), _("Hours"), _("Where")],
        "records": [
            [_day(each.completed_on), each.subject.name, hours_text(each.hours), _source(each, providers)]
            for each in records
        ],
        "total": sentence % {"hours": hours_text(total)},
    }


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _facts(member: Member) -> list[tuple[str, str]]:
    facts = [
        (_("Kind"), member.get_kind_display()),
        (_("Unit"), member.unit),
        (_("Designated on"), _day(member.designated_on) if member.designated_on else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _source(record: Record, providers: dict[tuple[int, date], str]) -> str:
    """The session, or who offered it elsewhere; empty for what was entered from older documents."""
    if record.session is None:
        return providers.get((record.subject_id, record.completed_on), "")
    number = record.session.course_number
    course = _("TCOLE %(number)s") % {"number": number} if number else ""
    return ", ".join(filter(None, [record.session.title, record.session.provider, course]))

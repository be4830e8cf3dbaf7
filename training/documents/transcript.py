"""A member's transcript: what is current, the hours by year, and every training on record."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now
from peersupport.team.models import Member

from ..models import Record
from ..presenters.formats import hours_text, long_day, standing_text, status_symbol
from ..presenters.member_training import initial_training_text, year_text
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
    return {
        "title": f"Training of {member.user.name}",
        "agency": member.agency or program.agency,
        "standing": f"As it stands on {long_day(today)} in the records of {program.name}, {program.agency}.",
        "facts": _facts(member),
        "initial": initial_training_text(training.initial, today) if training.initial else "",
        "years": [
            [str(year.year), hours_text(year.hours), _required(year.required), year_text(year)]
            for year in training.years
        ],
        "current": [
            [subject.name, f"{status_symbol(standing)} {standing_text(standing)}"]
            for subject, standing in training.standings
        ],
        "records": [
            [long_day(each.completed_on), each.subject.name, hours_text(each.hours), _source(each, providers)]
            for each in training.records
        ],
        "total": hours_text(sum(each.hours for each in training.records)),
    }


def _facts(member: Member) -> list[tuple[str, str]]:
    designated = member.designated_on and long_day(member.designated_on)
    facts = [("Kind", member.get_kind_display()), ("Unit", member.unit), (_("Designated on"), designated)]
    return [(name, value) for name, value in facts if value]


def _required(hours: object) -> str:
    return "–" if hours is None else hours_text(hours)


def _source(record: Record, providers: dict[tuple[int, date], str]) -> str:
    """The session, or who offered it elsewhere; empty for what was entered from older documents."""
    if record.session is None:
        return providers.get((record.subject_id, record.completed_on), "")
    number = record.session.course_number and f"TCOLE {record.session.course_number}"
    return ", ".join(filter(None, [record.session.title, record.session.provider, number]))

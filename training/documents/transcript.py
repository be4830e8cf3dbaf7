"""A member's transcript: what is current, the hours by year, and every training on record."""

from datetime import date
from pathlib import Path
from typing import Any

from peersupport.core import pdf
from peersupport.program.queries import settings_now
from peersupport.team.models import Member

from ..models import Record
from ..presenters.wording import hours_words, initial_words, long_day, mark, standing_words, year_words
from ..queries import external_training
from ..queries.member_page import training_of

TEMPLATE = Path(__file__).with_suffix(".typ")
PART = Path(__file__).with_name("transcript_part.typ")


def transcript_pdf(member: Member, today: date) -> bytes:
    """As it stands on that day. The same record gives the same bytes."""
    return pdf.to_pdf(TEMPLATE, transcript_said(member, today), parts=[PART])


def transcript_said(member: Member, today: date) -> dict[str, Any]:
    training, providers, program = training_of(member, today), external_training.providers_of(member), settings_now()
    return {
        "title": f"Training of {member.user.name}",
        "agency": member.agency or program.agency,
        "standing": f"As it stands on {long_day(today)} in the records of {program.name}, {program.agency}.",
        "facts": _facts(member),
        "initial": initial_words(training.initial, today) if training.initial else "",
        "years": [
            [str(year.year), hours_words(year.hours), _asked(year.asked), year_words(year)] for year in training.years
        ],
        "current": [[subject.name, f"{mark(cell)} {standing_words(cell)}"] for subject, cell in training.standings],
        "records": [
            [long_day(each.completed_on), each.subject.name, hours_words(each.hours), _source(each, providers)]
            for each in training.records
        ],
        "total": hours_words(sum(each.hours for each in training.records)),
    }


def _facts(member: Member) -> list[tuple[str, str]]:
    designated = member.designated_on and long_day(member.designated_on)
    facts = [("Kind", member.get_kind_display()), ("Unit", member.unit), ("Designated on", designated)]
    return [(name, value) for name, value in facts if value]


def _asked(hours: object) -> str:
    return "–" if hours is None else hours_words(hours)


def _source(record: Record, providers: dict[tuple[int, date], str]) -> str:
    """The session it came from, or who offered it elsewhere; empty for what was entered from older papers."""
    if record.session is None:
        return providers.get((record.subject_id, record.completed_on), "")
    number = record.session.course_number and f"TCOLE {record.session.course_number}"
    return ", ".join(filter(None, [record.session.title, record.session.provider, number]))

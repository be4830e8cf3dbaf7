"""The program's own certificate that a member completed a training."""

from pathlib import Path

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.validity import lapses_on, rule_on
from ..models import Record
from ..presenters.wording import hours_words, long_day
from ..queries import subjects

TEMPLATE = Path(__file__).with_suffix(".typ")


def certificate_pdf(record: Record) -> bytes:
    program, lapse = settings_now(), _lapse(record)
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Certificate of training: {record.member.user.name}",
            "agency": program.agency,
            "program": program.name,
            "name": record.member.user.name,
            "subject": record.subject.name,
            "hours": f"{hours_words(record.hours)} hour{'' if record.hours == 1 else 's'}",
            "day": long_day(record.completed_on),
            "validity": lapse,
            "session": _session(record),
            "signed": program.coordinator_name,
        },
    )


def _lapse(record: Record) -> str:
    """By the rule of the day on which it was completed."""
    rule = rule_on(subjects.rules_of(record.subject), record.completed_on)
    lapse = lapses_on(record.completed_on, rule.valid_months)
    return f"Current until {long_day(lapse)}" if lapse else "Valid for good"


def _session(record: Record) -> list[str]:
    if record.session is None:
        return []
    held = record.session
    offered = held.provider and f"Offered by {held.provider}"
    taught = held.instructor and f"Taught by {held.instructor}"
    number = held.course_number and f"TCOLE course {held.course_number}"
    return [line for line in (held.title, offered, taught, number) if line]

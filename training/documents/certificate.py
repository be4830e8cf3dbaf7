"""The program's certificate that a member completed a subject."""

from pathlib import Path

from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.validity import lapses_on, rule_on
from ..models import Record
from ..presenters.formats import hours_text, long_day
from ..queries import subjects

TEMPLATE = Path(__file__).with_suffix(".typ")


def certificate_pdf(record: Record) -> bytes:
    program = settings_now()
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Certificate of training: {record.member.user.name}",
            "agency": program.agency,
            "program": program.name,
            "name": record.member.user.name,
            "subject": record.subject.name,
            "hours": f"{hours_text(record.hours)} hour{'' if record.hours == 1 else 's'}",
            "day": long_day(record.completed_on),
            "validity": _validity(record),
            "session": _session(record),
            "signed": program.coordinator_name,
        },
    )


def _validity(record: Record) -> str:
    """By the validity rule of the day of completion."""
    rule = rule_on(subjects.validity_rules(record.subject), record.completed_on)
    lapse = lapses_on(record.completed_on, rule.valid_months)
    return f"Current until {long_day(lapse)}" if lapse else _("Valid for good")


def _session(record: Record) -> list[str]:
    if record.session is None:
        return []
    session = record.session
    offered = session.provider and f"Offered by {session.provider}"
    taught = session.instructor and f"Taught by {session.instructor}"
    number = session.course_number and f"TCOLE course {session.course_number}"
    return [line for line in (session.title, offered, taught, number) if line]

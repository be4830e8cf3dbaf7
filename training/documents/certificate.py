"""The program's certificate that a member completed a subject."""

from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core import pdf
from peersupport.core.plurals import plural_of
from peersupport.program.queries import settings_now

from ..domain.validity import lapses_on, rule_on
from ..models import Record, Session
from ..presenters.formats import hours_text
from ..queries import subjects

TEMPLATE = Path(__file__).with_suffix(".typ")


def certificate_pdf(record: Record) -> bytes:
    program, name = settings_now(), record.member.user.name
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": _("Certificate of training: %(name)s") % {"name": name},
            "agency": program.agency,
            "program": program.name,
            "heading": _("Certificate of training"),
            "name": name,
            "completed": _("completed"),
            "subject": record.subject.name,
            "hours": _hours(record),
            "validity": _validity(record),
            "session": _session(record.session) if record.session else [],
            "signed": program.coordinator_name,
            "office": _("Coordinator of %(program)s") % {"program": program.name},
        },
    )


def _hours(record: Record) -> str:
    sentence = ngettext("%(hours)s hour, on %(day)s", "%(hours)s hours, on %(day)s", plural_of(record.hours))
    return sentence % {"hours": hours_text(record.hours), "day": date_format(record.completed_on, "DATE_FORMAT")}


def _validity(record: Record) -> str:
    """By the validity rule of the day of completion."""
    rule = rule_on(subjects.validity_rules(record.subject), record.completed_on)
    lapse = lapses_on(record.completed_on, rule.valid_months)
    if lapse is None:
        return _("Never lapses")
    return _("Current until %(day)s") % {"day": date_format(lapse, "DATE_FORMAT")}


def _session(session: Session) -> list[str]:
    return [
        session.title,
        *([_("Offered by %(name)s") % {"name": session.provider}] if session.provider else []),
        *([_("Taught by %(name)s") % {"name": session.instructor}] if session.instructor else []),
        *([_("TCOLE course %(number)s") % {"number": session.course_number}] if session.course_number else []),
    ]

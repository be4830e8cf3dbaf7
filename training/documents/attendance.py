"""A session's attendance sheet: to sign at the door, and afterwards a list of who was there."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.states import SessionState
from ..models import Enrollment, Session
from ..presenters.formats import hours_text, when_text
from ..queries import sessions

TEMPLATE = Path(__file__).with_suffix(".typ")
EMPTY_LINES = 8
ATTENDANCE_LABELS = {True: gettext_lazy("Was there"), False: gettext_lazy("Was not there"), None: ""}


def attendance_pdf(session: Session) -> bytes:
    is_held, enrolled = session.state == SessionState.HELD, sessions.enrollments_of(session)
    lines = [_line(each) for each in enrolled] + [["", "", ""]] * (0 if is_held else _empty_lines(session, enrolled))
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Attendance: {session.title}",
            "agency": settings_now().agency,
            "facts": _facts(session),
            "is_held": is_held,
            "lines": [[str(number), *line] for number, line in enumerate(lines, start=1)],
        },
    )


def _empty_lines(session: Session, enrolled: list[Enrollment]) -> int:
    """Lines for those who come unannounced, as far as there are seats."""
    return EMPTY_LINES if session.capacity is None else min(EMPTY_LINES, max(0, session.capacity - len(enrolled)))


def _line(enrollment: Enrollment) -> list[str]:
    member = enrollment.member
    return [member.user.name, member.agency or member.unit, ATTENDANCE_LABELS[enrollment.attended]]


def _facts(session: Session) -> list[tuple[str, str]]:
    trains = "; ".join(f"{part.subject.name}, {hours_text(part.hours)} h" for part in session.parts.all())
    facts = [
        ("When", when_text(session)),
        (session.get_delivery_display(), session.place),
        ("Trains", trains),
        (_("Offered by"), session.provider),
        (_("Taught by"), session.instructor),
        (_("TCOLE course"), session.course_number),
    ]
    return [(name, value) for name, value in facts if value]

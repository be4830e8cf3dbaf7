"""A session's attendance sheet: to sign at the door, and afterwards a list of who was there."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.states import SessionState
from ..models import Enrollment, Session
from ..presenters.formats import when_text
from ..presenters.sessions import session_facts, sheet_title
from ..queries import sessions

TEMPLATE = Path(__file__).with_suffix(".typ")
EMPTY_LINES = 8  # where there is no limit
MAX_EMPTY_LINES = 200
ATTENDANCE_LABELS = {True: gettext_lazy("Present"), False: gettext_lazy("Absent"), None: ""}


def attendance_pdf(session: Session) -> bytes:
    is_held, enrolled = session.state == SessionState.HELD, sessions.enrollments_of(session)
    lines = [_line(each) for each in enrolled] + [["", "", ""]] * (0 if is_held else _empty_lines(session, enrolled))
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": sheet_title(session.title, is_held=is_held),
            "agency": settings_now().agency,
            "facts": [(_("When"), when_text(session)), *session_facts(session)],
            "is_held": is_held,
            "head": ["", _("Name"), _("Unit"), _("Attendance") if is_held else _("Signature")],
            "lines": [[str(number), *line] for number, line in enumerate(lines, start=1)],
        },
    )


def _empty_lines(session: Session, enrolled: list[Enrollment]) -> int:
    """Lines for those who come unannounced: one for each open spot."""
    if session.capacity is None:
        return EMPTY_LINES
    return min(MAX_EMPTY_LINES, max(0, session.capacity - len(enrolled)))


def _line(enrollment: Enrollment) -> list[str]:
    member = enrollment.member
    return [member.user.name, member.agency or member.unit, str(ATTENDANCE_LABELS[enrollment.attended])]

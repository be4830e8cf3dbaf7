"""What a session's page, the list of sessions and the attendance sheet say."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.states import SessionState
from .formats import hours_text, when_text

if TYPE_CHECKING:
    from ..models import Session

Fact = tuple[str, str]  # label and value


@dataclass(frozen=True)
class SessionTexts:
    """lead: below the title. attendance_action: the link to the attendance, empty where there is nothing to note."""

    lead: str
    facts: list[Fact]
    enrolled_title: str
    nobody: str
    sheet_action: str
    attendance_action: str


def session_texts(session: "Session", *, seats_taken: int, has_begun: bool, is_over: bool) -> SessionTexts:
    is_held, is_canceled = session.state == SessionState.HELD, session.state == SessionState.CANCELLED
    facts = session_facts(session)
    if session.state == SessionState.PLANNED:
        facts.append((_("Enrollment"), seats_text(seats_taken, session.capacity)))
    return SessionTexts(
        lead=_("Canceled. It was planned for %(when)s.") % {"when": when_text(session)}
        if is_canceled
        else when_text(session),
        facts=facts,
        enrolled_title=_("Attendance") if is_held else _("Enrolled"),
        nobody=nobody_text(is_held=is_held, is_over=is_over or is_canceled),
        sheet_action="" if is_canceled else sheet_text(is_held=is_held),
        attendance_action=attendance_text(is_held=is_held) if has_begun and not is_canceled else "",
    )


def session_facts(session: "Session") -> list[Fact]:
    """Where it is, what it trains and who gives it; without what is not known."""
    facts = [
        (session.get_delivery_display(), session.place),
        (_("Trains"), "; ".join(part_text(part.subject.name, part.hours) for part in session.parts.all())),
        (_("Offered by"), session.provider),
        (_("Taught by"), session.instructor),
        (_("TCOLE course"), session.course_number),
    ]
    return [(label, value) for label, value in facts if value]


def part_text(subject: str, hours: Decimal) -> str:
    return _("%(subject)s, %(hours)s h") % {"subject": subject, "hours": hours_text(hours)}


def seats_text(taken: int, capacity: int | None) -> str:
    if capacity is None:
        return _("%(taken)s enrolled, no limit") % {"taken": taken}
    sentence = ngettext("%(taken)s of %(capacity)s spot taken", "%(taken)s of %(capacity)s spots taken", capacity)
    return sentence % {"taken": taken, "capacity": capacity}


def nobody_text(*, is_held: bool, is_over: bool) -> str:
    if is_held:
        return _("Nobody came.")
    return _("Nobody was enrolled.") if is_over else _("Nobody is enrolled yet.")


def sheet_text(*, is_held: bool) -> str:
    return _("Attendance list (PDF)") if is_held else _("Sign-in sheet (PDF)")


def sheet_title(title: str, *, is_held: bool) -> str:
    sentence = _("Attendance list: %(session)s") if is_held else _("Sign-in sheet: %(session)s")
    return sentence % {"session": title}


def attendance_text(*, is_held: bool) -> str:
    return _("Correct attendance") if is_held else _("Take attendance")


def session_line(session: "Session", seats_taken: int) -> str:
    """Below the title of a session to come: when, where, and how many spots are taken."""
    return " · ".join([when_text(session), session.place, seats_text(seats_taken, session.capacity)])

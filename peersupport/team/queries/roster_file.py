"""The roster as rows of a spreadsheet: what one that was uploaded would change, and the one there is."""

from datetime import date

from django.db.models import Prefetch

from peersupport.core.spreadsheet.reading import read

from ..domain import roster_rows
from ..domain.roster_rows import Known, Line
from ..domain.states import State
from ..models import Agreement, Member, RosterImport, User
from .members import roster

EXPORTED = (*roster_rows.COLUMNS, "State", "Leave from", "Leave until", "Ended on", "Why it ended")


def roster_file_of(user: User) -> RosterImport | None:
    return RosterImport.objects.filter(uploaded_by=user).first()


def planned_roster(waiting: RosterImport, today: date) -> list[Line]:
    """What would become of each row, as things stand."""
    rows = read(bytes(waiting.content), roster_rows.COLUMNS)
    users = User.objects.values_list("email", "is_active", "is_operator")
    known = {email: Known(None, not is_active, is_operator) for email, is_active, is_operator in users}
    for member in _with_agreement():
        has_left = member.state == State.ENDED
        known[member.user.email] = Known(None if has_left else _facts(member), has_left=has_left)
    return roster_rows.plan(rows, known, today)


def roster_table() -> list[list[str]]:
    """Everybody the team ever had, a row each, under the headings of EXPORTED."""
    return [_row(member) for member in _with_agreement()]


def _with_agreement() -> list[Member]:
    live = Agreement.objects.filter(is_past=False)
    return list(roster().prefetch_related(Prefetch("agreements", queryset=live, to_attr="live_agreements")))


def _facts(member: Member) -> dict[str, object]:
    agreements: list[Agreement] = member.live_agreements  # type: ignore[attr-defined]
    return {
        "Designated on": member.designated_on,
        "Designated by": member.designated_by,
        "Order": member.designation_order,
        "Term ends on": member.term_ends_on,
        "Agreement signed on": agreements[0].signed_on if agreements else None,
    }


def _row(member: Member) -> list[str]:
    cells = {
        "E-mail": member.user.email,
        "Name": member.user.name,
        "Kind": member.get_kind_display(),
        "Unit": member.unit,
        "Agency": member.agency,
        "Supervisor": "yes" if member.is_supervisor else "no",
        **_facts(member),
        "State": member.get_state_display(),
        "Leave from": member.leave_from,
        "Leave until": member.leave_until,
        "Ended on": member.ended_on,
        "Why it ended": member.get_end_reason_display(),
    }
    return [str(cells[name] or "") for name in EXPORTED]

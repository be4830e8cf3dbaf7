"""The roster as rows of a spreadsheet: a preview of what an uploaded file would change, and the export."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy

from peersupport.core.spreadsheet.reading import read_rows

from ..domain import roster_rows
from ..domain.roster_rows import KnownPerson, RosterRow
from ..domain.states import MembershipState
from ..models import Agreement, Member, RosterImport, User
from .members import roster

EXPORTED = (
    *roster_rows.COLUMNS,
    "State",
    gettext_lazy("Leave from"),
    gettext_lazy("Leave until"),
    gettext_lazy("Ended on"),
    gettext_lazy("Why it ended"),
)


def import_of(user: User) -> RosterImport | None:
    return RosterImport.objects.filter(uploaded_by=user).first()


def roster_preview(waiting: RosterImport, today: date) -> list[RosterRow]:
    """What would become of each row if the file were confirmed now."""
    rows = read_rows(bytes(waiting.content), roster_rows.COLUMNS)
    users = User.objects.values_list("email", "is_active", "is_operator")
    people = {email: KnownPerson(None, not is_active, is_operator) for email, is_active, is_operator in users}
    for member in _with_agreement():
        has_left = member.state == MembershipState.ENDED
        people[member.user.email] = KnownPerson(None if has_left else _facts(member), has_left=has_left)
    return roster_rows.plan(rows, people, today, is_email_address)


def is_email_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def roster_table() -> list[list[str]]:
    """One row for everybody who ever was on the team, under the headings of EXPORTED."""
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

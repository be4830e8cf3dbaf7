"""The roster as rows of a spreadsheet: a preview of what an uploaded file would change, and the export."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch

from peersupport.core.spreadsheet.reading import read_rows

from ..domain import roster_rows
from ..domain.roster_rows import Column, KnownPerson, RosterRow
from ..domain.states import MembershipState
from ..models import Agreement, Member, RosterImport, User
from .members import roster


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
    """One row for everybody who ever was on the team, under the headings of the export."""
    return [_row(member) for member in _with_agreement()]


def _with_agreement() -> list[Member]:
    live = Agreement.objects.filter(is_past=False)
    return list(roster().prefetch_related(Prefetch("agreements", queryset=live, to_attr="live_agreements")))


def _facts(member: Member) -> dict[str, object]:
    agreements: list[Agreement] = member.live_agreements  # type: ignore[attr-defined]
    return {
        Column.DESIGNATED_ON: member.designated_on,
        Column.DESIGNATED_BY: member.designated_by,
        Column.ORDER: member.designation_order,
        Column.TERM_ENDS_ON: member.term_ends_on,
        Column.AGREEMENT_SIGNED_ON: agreements[0].signed_on if agreements else None,
    }


def _row(member: Member) -> list[str]:
    cells = {
        Column.E_MAIL: member.user.email,
        Column.NAME: member.user.name,
        Column.KIND: member.get_kind_display(),
        Column.UNIT: member.unit,
        Column.AGENCY: member.agency,
        Column.SUPERVISOR: "yes" if member.is_supervisor else "no",
        **_facts(member),
        Column.STATE: member.get_state_display(),
        Column.LEAVE_FROM: member.leave_from,
        Column.LEAVE_UNTIL: member.leave_until,
        Column.ENDED_ON: member.ended_on,
        Column.WHY_IT_ENDED: member.get_end_reason_display(),
    }
    return [str(cells[name] or "") for name in roster_rows.EXPORTED]

"""A team that was there before the program: a roster is looked at, then written whole or not at all."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.reading import check_size, read

from ..domain import roster_rows
from ..domain.roster_rows import Line
from ..domain.states import State
from ..models import Agreement, Member, RosterImport, User
from ..queries import roster_file
from .invitations import invite_all
from .membership import MemberFields

KEPT_FOR = timedelta(days=7)


def receive_roster(*, content: bytes, by: User) -> None:
    """It waits for its reader to look at it; another one of the same person takes its place."""
    check_size(content)
    if len(read(content, roster_rows.COLUMNS)) > roster_rows.MOST_PEOPLE:  # before anything is locked: it can take long
        raise Refused("This roster has more than 2,000 people. Please split it.")
    received = {"content": content, "uploaded_on": timezone.localdate()}
    with transaction.atomic():
        RosterImport.objects.update_or_create(uploaded_by=by, defaults=received)
        audit.record(action="roster_received", by=by.pk)


def confirm_roster(*, by: User) -> int:
    """Writes who is new, and invites them. Answers how many. Refused while any row is to be corrected."""
    try:
        with transaction.atomic():
            return _write(by)
    except IntegrityError:
        raise Refused("Somebody has changed the roster meanwhile. Please look again; nothing was written.") from None


@transaction.atomic
def leave_roster(*, by: User) -> None:
    """It is not wanted. Twice is harmless."""
    if RosterImport.objects.filter(uploaded_by=by).delete()[0]:
        audit.record(action="roster_left", by=by.pk)


def forget_roster_files(*, today: date) -> int:
    """What nobody has confirmed for a week goes."""
    return RosterImport.objects.filter(uploaded_on__lt=today - KEPT_FOR).delete()[0]


def _write(by: User) -> int:
    waiting = RosterImport.objects.select_for_update().filter(uploaded_by=by).first()
    if waiting is None:
        raise Refused("There is no roster that waits. Please upload it again.")
    lines = roster_file.planned_roster(waiting, timezone.localdate())
    if any(line.fate == RowOutcome.WRONG for line in lines):
        raise Refused("Some rows are to be corrected first. Nothing has been written.")
    new = [line for line in lines if line.fate == RowOutcome.NEW]
    members = Member.objects.bulk_create([_member(line, user) for line, user in zip(new, _accounts(new), strict=True)])
    Agreement.objects.bulk_create(
        Agreement(member=member, on_paper_on=line.values["Agreement signed on"])
        for line, member in zip(new, members, strict=True)
        if line.values["Agreement signed on"]
    )
    invite_all(people=[(line.values["E-mail"], line.values["Name"], _facts(line)) for line in new], by=by)
    for member in members:
        audit.record(action="member_imported", by=by.pk, about=f"member:{member.pk}")
    audit.record(action="roster_imported", by=by.pk)
    waiting.delete()
    return len(new)


def _accounts(new: Sequence[Line]) -> list[User]:
    """Nobody signs in with them before they have followed their invitation."""
    there = {user.email: user for user in User.objects.filter(email__in=[line.values["E-mail"] for line in new])}
    made = [
        User(email=line.values["E-mail"], name=line.values["Name"], is_member=True, password=make_password(None))
        for line in new
        if line.values["E-mail"] not in there
    ]
    there |= {user.email: user for user in User.objects.bulk_create(made)}
    found = [there[line.values["E-mail"]] for line in new]
    User.objects.filter(pk__in=[user.pk for user in found]).update(is_member=True)
    return found


def _member(line: Line, user: User) -> Member:
    values = line.values
    return Member(
        user=user,
        state=State.DESIGNATED if values["Designated on"] else State.IN_TRAINING,
        designated_on=values["Designated on"],
        designated_by=values["Designated by"],
        designation_order=values["Order"],
        term_ends_on=values["Term ends on"],
        **_facts(line),
    )


def _facts(line: Line) -> MemberFields:
    values = line.values
    return MemberFields(
        kind=values["Kind"], unit=values["Unit"], agency=values["Agency"], is_supervisor=values["Supervisor"]
    )

"""Import a team that served before the program was used: a file is previewed, then written whole or not at all."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.reading import check_size, read_rows

from ..domain import roster_rows
from ..domain.attributes import MemberFields
from ..domain.roster_rows import Column, RosterRow
from ..domain.states import MembershipState
from ..models import Agreement, Member, RosterImport, User
from ..queries import roster_file
from .invitations import invite_all

KEPT_FOR = timedelta(days=7)


def receive(*, content: bytes, by: User) -> None:
    """Keep the file until its uploader has looked at the preview. Their next file replaces it."""
    check_size(content)
    rows = read_rows(content, roster_rows.COLUMNS)  # before anything is locked: it can take long
    if len(rows) > roster_rows.MAX_PEOPLE:
        raise Refused(_("This roster has more than 2,000 people. Please split the file."))
    received = {"content": content, "uploaded_on": timezone.localdate()}
    with transaction.atomic():
        RosterImport.objects.update_or_create(uploaded_by=by, defaults=received)
        audit.record(action="roster_received", by=by.pk)


def confirm(*, by: User) -> int:
    """Write the new members and invite them; returns how many. Refused while any row has to be corrected."""
    try:
        with transaction.atomic():
            return _write(by)
    except IntegrityError:
        raise Refused(_("Someone else changed the roster. Nothing was saved. Please look again.")) from None


@transaction.atomic
def discard(*, by: User) -> None:
    """Delete the uploaded file. Doing it twice is harmless."""
    if RosterImport.objects.filter(uploaded_by=by).delete()[0]:
        audit.record(action="roster_discarded", by=by.pk)


def discard_old(*, today: date) -> int:
    """Delete files that nobody has confirmed for a week; returns how many."""
    return RosterImport.objects.filter(uploaded_on__lt=today - KEPT_FOR).delete()[0]


def _write(by: User) -> int:
    waiting = RosterImport.objects.select_for_update().filter(uploaded_by=by).first()
    if waiting is None:
        raise Refused(_("That file isn't here anymore. Please upload it again."))
    rows = roster_file.roster_preview(waiting, timezone.localdate())
    if any(row.is_wrong for row in rows):
        raise Refused(_("Some rows need to be corrected first. Nothing has been saved."))
    new = [row for row in rows if row.outcome == RowOutcome.NEW]
    members = Member.objects.bulk_create([_member(row, user) for row, user in zip(new, _accounts(new), strict=True)])
    Agreement.objects.bulk_create(
        Agreement(member=member, on_paper_on=row.values[Column.AGREEMENT_SIGNED_ON])
        for row, member in zip(new, members, strict=True)
        if row.values[Column.AGREEMENT_SIGNED_ON]
    )
    invite_all(people=[(row.values[Column.E_MAIL], row.values[Column.NAME], _fields(row)) for row in new], by=by)
    for member in members:
        audit.record(action="member_imported", by=by.pk, about=f"member:{member.pk}")
    audit.record(action="roster_imported", by=by.pk)
    waiting.delete()
    return len(new)


def _accounts(rows: Sequence[RosterRow]) -> list[User]:
    """An account for each row, in the same order. Nobody can sign in with a new one before accepting the invitation."""
    addresses = [row.values[Column.E_MAIL] for row in rows]
    locked = User.objects.select_for_update(no_key=True).filter(email__in=addresses).order_by("pk")
    existing = {user.email: user for user in locked}
    missing = [
        User(
            email=row.values[Column.E_MAIL],
            name=row.values[Column.NAME],
            is_member=True,
            password=make_password(None),
        )
        for row in rows
        if row.values[Column.E_MAIL] not in existing
    ]
    accounts = existing | {user.email: user for user in User.objects.bulk_create(missing)}
    users = [accounts[row.values[Column.E_MAIL]] for row in rows]
    User.objects.filter(pk__in=[user.pk for user in users]).update(is_member=True)
    return users


def _member(row: RosterRow, user: User) -> Member:
    values = row.values
    return Member(
        user=user,
        state=MembershipState.DESIGNATED if values[Column.DESIGNATED_ON] else MembershipState.IN_TRAINING,
        designated_on=values[Column.DESIGNATED_ON],
        designated_by=values[Column.DESIGNATED_BY],
        designation_order=values[Column.ORDER],
        term_ends_on=values[Column.TERM_ENDS_ON],
        **_fields(row),
    )


def _fields(row: RosterRow) -> MemberFields:
    values = row.values
    return MemberFields(
        kind=values[Column.KIND],
        unit=values[Column.UNIT],
        agency=values[Column.AGENCY],
        is_supervisor=values[Column.SUPERVISOR],
    )

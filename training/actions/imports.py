"""History from peersupport.core import doorbell
from a spreadsheet: received, read and checked by the worker, confirmed by a person, written whole."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core import doorbell
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.reading import check_size, read
from peersupport.team.models import Member, User

from ..domain.import_rows import COLUMNS, Checked, Key, check_row
from ..domain.states import IMPORTS_TO_WORK_ON, ImportState, check_import
from ..models import Import, ImportRow, Record, Subject
from ..queries import imports

logger = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)
AT_ONCE = 500
CUT_SHORT = 2  # so often reading may end without a word; what ends it may be the file


def receive_import(*, content: bytes, by: User) -> Import:
    """A file to be read by the worker, once. Nothing of it is on record until somebody confirms."""
    check_size(content)
    unread = imports.import_to_be_read(content)
    if unread is not None:
        return unread
    with transaction.atomic():
        received = Import.objects.create(content=content, uploaded_by=by, uploaded_on=timezone.localdate())
        audit.record(action="import_received", by=by.pk, about=f"import:{received.pk}")
        doorbell.ring("training.tasks.work_on_imports")
    return received


@transaction.atomic
def confirm_import(*, import_id: int, by: User) -> None:
    """The worker writes it, all of it or nothing. Refused while any row is to be corrected."""
    found = _locked(import_id)
    check_import(ImportState(found.state), ImportState.CONFIRMED)
    if found.rows.filter(fate=RowOutcome.WRONG).exists():
        raise Refused("Some rows are to be corrected first. Nothing has been written.")
    found.state, found.claimed_until = ImportState.CONFIRMED, None
    found.save(update_fields=["state", "claimed_until"])
    audit.record(action="import_confirmed", by=by.pk, about=f"import:{import_id}")
    doorbell.ring("training.tasks.work_on_imports")


@transaction.atomic
def leave_import(*, import_id: int, by: User) -> None:
    """It is not wanted; its file and rows go."""
    found = _locked(import_id)
    check_import(ImportState(found.state), ImportState.LEFT)
    _end(found, ImportState.LEFT)
    audit.record(action="import_left", by=by.pk, about=f"import:{import_id}")


def work_on_imports() -> None:
    """Whatever is to be read or written. A dead worker's claim lapses, and the next one goes on where it was."""
    for import_id in Import.objects.filter(state__in=IMPORTS_TO_WORK_ON).order_by("pk").values_list("pk", flat=True):
        found = _claimed(import_id, timezone.now())
        if found is not None:
            _read(found) if found.state == ImportState.UPLOADED else _write(found)


def _read(found: Import) -> None:
    """In portions, so that progress is seen and little is done twice. Rows that are staged already are left out."""
    try:
        if found.tries > CUT_SHORT:
            raise Refused("Reading this file was cut short twice. Please save it as “CSV UTF-8”, and upload that.")
        rows = read(bytes(found.content), COLUMNS)
    except Refused as refused:
        _refuse(found, refused.sentence)
        return
    Import.objects.filter(pk=found.pk).update(rows_total=len(rows))
    known, staged = _known(), found.rows.order_by("-number").values_list("number", flat=True).first() or 0
    first_seen: dict[Key, int] = {}
    for start in range(0, len(rows), AT_ONCE):
        portion, today = rows[start : start + AT_ONCE], timezone.localdate()
        checked = [check_row(row, known.members, known.subjects, today) for row in portion]
        _mark_doubles(checked, first_seen)
        new = [_staged(found.pk, one, known.hours) for one in checked if one.row.number > staged]
        if not _stage(found.pk, new, start + len(portion)):
            return
    Import.objects.filter(pk=found.pk, state=ImportState.UPLOADED).update(state=ImportState.CHECKED, claimed_until=None)


@transaction.atomic
def _refuse(found: Import, sentence: str) -> None:
    found = _locked(found.pk)
    if found.state == ImportState.UPLOADED:
        found.refusal = sentence
        _end(found, ImportState.REFUSED)


def _mark_doubles(checked: Sequence[Checked], first_seen: dict[Key, int]) -> None:
    for one in checked:
        if not one.wrong and first_seen.setdefault(one.key, one.row.number) != one.row.number:
            words = f"The same training stands in row {first_seen[one.key]}. Please remove one of them."
            one.wrong.append({"column": "Completed on", "words": words})


@transaction.atomic
def _stage(import_id: int, rows: Sequence[ImportRow], done: int) -> bool:
    """Whether it may go on: somebody may have left the import meanwhile."""
    going_on = Import.objects.filter(pk=import_id, state=ImportState.UPLOADED)
    if not going_on.update(rows_done=done, claimed_until=timezone.now() + CLAIM):
        return False
    ImportRow.objects.bulk_create(rows)
    return True


def _staged(import_id: int, one: Checked, on_record: Mapping[Key, Decimal]) -> ImportRow:
    remarks, fate = list(one.wrong), RowOutcome.WRONG if one.wrong else RowOutcome.NEW
    if not one.wrong and one.key in on_record:
        fate = RowOutcome.KNOWN
        if on_record[one.key] != one.hours:
            remarks = [{"column": "Hours", "words": f"On record with {on_record[one.key]} hours, which stay."}]
    return ImportRow(
        of_id=import_id, number=one.row.number, cells=one.row.cells, fate=fate, remarks=remarks,
        member_id=one.member, subject_id=one.subject, completed_on=one.completed_on, hours=one.hours,
    )  # fmt: skip


@transaction.atomic
def _write(found: Import) -> None:
    """All or nothing, and once: what has come on record meanwhile stays as it is."""
    found = _locked(found.pk)
    if found.state != ImportState.CONFIRMED:
        return
    before = Record.objects.count()
    rows = found.rows.filter(fate=RowOutcome.NEW).values_list("member_id", "subject_id", "completed_on", "hours")
    Record.objects.bulk_create(
        [
            Record(member_id=member, subject_id=subject, completed_on=day, hours=hours)
            for member, subject, day, hours in rows
            if day is not None and hours is not None  # the database says so of new rows
        ],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    found.written = Record.objects.count() - before
    _end(found, ImportState.DONE)
    audit.record(action="import_written", by=found.uploaded_by_id, about=f"import:{found.pk}")


def _end(found: Import, state: ImportState) -> None:
    found.rows.all().delete()
    found.state, found.content, found.claimed_until = state, b"", None
    found.save()


@dataclass(frozen=True)
class _Known:
    """Members by e-mail, subjects by code and name, and the hours of what is on record."""

    members: dict[str, int]
    subjects: dict[str, int]
    hours: dict[Key, Decimal]


def _known() -> _Known:
    members = Member.objects.values_list("user__email", "pk")
    subjects: dict[str, int] = {}
    for code, name, pk in Subject.objects.values_list("code", "name", "pk"):
        subjects |= {code: pk, name.casefold(): pk}
    records = Record.objects.order_by().values_list("member_id", "subject_id", "completed_on", "hours")
    hours: dict[Key, Decimal] = {(member, subject, day): spent for member, subject, day, spent in records}
    return _Known({email.casefold(): pk for email, pk in members}, subjects, hours)


def _claimed(import_id: int, now: datetime) -> Import | None:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    mine = Import.objects.filter(free, pk=import_id, state__in=IMPORTS_TO_WORK_ON)
    claimed = mine.update(claimed_until=now + CLAIM, tries=F("tries") + 1)
    return Import.objects.filter(pk=import_id).first() if claimed else None


def _locked(import_id: int) -> Import:
    return Import.objects.select_for_update().get(pk=import_id)

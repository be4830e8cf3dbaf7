"""Import training history: uploaded, read and checked by the worker, confirmed by a person, written whole."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core import doorbell
from peersupport.core.claims import claim
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.preview import PreviewRow
from peersupport.core.spreadsheet.reading import check_size, read_rows
from peersupport.core.translation import refusal_text
from peersupport.team.models import Member, User

from ..domain import import_rows
from ..domain.import_rows import Column, OnRecord, RecordKey
from ..domain.states import IMPORT_WORKFLOW, IMPORTS_TO_WORK_ON, ImportState
from ..models import Import, ImportRow, Record, Subject
from ..queries import imports

CLAIMED_FOR = timedelta(minutes=2)
PORTION = 500  # rows
MAX_TRIES = 2  # after so many readings that were cut short the file is refused, since it may be the cause


def receive(*, content: bytes, by: User) -> Import:
    """Keep an uploaded file for the worker to read. The same file, uploaded again before it is read, is one import."""
    check_size(content)
    unread = imports.unread_import(content)
    if unread is not None:
        return unread
    with transaction.atomic():
        received = Import.objects.create(content=content, uploaded_by=by, uploaded_on=timezone.localdate())
        audit.record(action="import_received", by=by.pk, about=f"import:{received.pk}")
        doorbell.ring("training.tasks.work_on_imports")
    return received


@transaction.atomic
def confirm(*, import_id: int, by: User) -> None:
    """Let the worker write it, all of it or nothing. Refused while any row has to be corrected."""
    confirmed = _locked(import_id)
    IMPORT_WORKFLOW.check(ImportState(confirmed.state), ImportState.CONFIRMED)
    if confirmed.rows.filter(outcome=RowOutcome.WRONG).exists():
        raise Refused(_("Some rows need to be corrected first. Nothing has been saved."))
    confirmed.state, confirmed.claimed_until = ImportState.CONFIRMED, None
    confirmed.save(update_fields=["state", "claimed_until"])
    audit.record(action="import_confirmed", by=by.pk, about=f"import:{import_id}")
    doorbell.ring("training.tasks.work_on_imports")


@transaction.atomic
def discard(*, import_id: int, by: User) -> None:
    """Delete the file and its rows; nothing of it is written."""
    discarded = _locked(import_id)
    IMPORT_WORKFLOW.check(ImportState(discarded.state), ImportState.DISCARDED)
    _finish(discarded, ImportState.DISCARDED)
    audit.record(action="import_discarded", by=by.pk, about=f"import:{import_id}")


def work_on_imports() -> None:
    """Read or write whatever waits. A dead worker's claim lapses, and the next worker continues where it stopped."""
    for import_id in Import.objects.filter(state__in=IMPORTS_TO_WORK_ON).order_by("pk").values_list("pk", flat=True):
        claimed = _claim(import_id, timezone.now())
        if claimed is not None:
            _read(claimed) if claimed.state == ImportState.UPLOADED else _write(claimed)


def _read(upload: Import) -> None:
    """Read and check in portions, so that progress shows and little is repeated. Rows already staged are skipped."""
    try:
        if upload.tries > MAX_TRIES:
            raise Refused(_("We couldn't finish reading this file. Please save it as “CSV UTF-8” and upload that."))
        rows = read_rows(bytes(upload.content), import_rows.COLUMNS)
    except Refused as refused:
        _refuse(upload, refusal_text(refused))
        return
    Import.objects.filter(pk=upload.pk).update(rows_total=len(rows))
    on_record, staged = _on_record(), upload.rows.order_by("-number").values_list("number", flat=True).first() or 0
    first_rows: dict[Hashable, int] = {}
    for start in range(0, len(rows), PORTION):
        portion, today = rows[start : start + PORTION], timezone.localdate()
        preview = import_rows.preview(portion, on_record, today, first_rows)
        if not _stage(upload.pk, [row for row in preview if row.number > staged], start + len(portion)):
            return
    Import.objects.filter(pk=upload.pk, state=ImportState.UPLOADED).update(
        state=ImportState.CHECKED, claimed_until=None
    )


@transaction.atomic
def _refuse(upload: Import, sentence: str) -> None:
    upload = _locked(upload.pk)
    if upload.state == ImportState.UPLOADED:
        upload.refusal = sentence
        _finish(upload, ImportState.REFUSED)


@transaction.atomic
def _stage(import_id: int, rows: Iterable[PreviewRow], rows_done: int) -> bool:
    """Save checked rows for the preview and renew the claim; False if the import was discarded in the meantime."""
    unfinished = Import.objects.filter(pk=import_id, state=ImportState.UPLOADED)
    if not unfinished.update(rows_done=rows_done, claimed_until=timezone.now() + CLAIMED_FOR):
        return False
    ImportRow.objects.bulk_create(
        ImportRow(
            training_import_id=import_id, number=row.number, cells=row.cells, outcome=row.outcome, remarks=row.remarks,
            member_id=row.values.get(Column.EMAIL), subject_id=row.values.get(Column.SUBJECT),
            completed_on=row.values.get(Column.COMPLETED_ON), hours=row.values.get(Column.HOURS),
        )
        for row in rows
    )  # fmt: skip
    return True


@transaction.atomic
def _write(confirmed: Import) -> None:
    """Write all new rows in one transaction, once. A record made since the preview stays as it is."""
    confirmed = _locked(confirmed.pk)
    if confirmed.state != ImportState.CONFIRMED:
        return
    before = Record.objects.count()
    rows = confirmed.rows.filter(outcome=RowOutcome.NEW).values_list("member_id", "subject_id", "completed_on", "hours")
    Record.objects.bulk_create(
        [
            Record(member_id=member, subject_id=subject, completed_on=day, hours=hours)
            for member, subject, day, hours in rows
            if day is not None and hours is not None  # a constraint guarantees both for new rows
        ],
        ignore_conflicts=True,
        batch_size=PORTION,
    )
    confirmed.written = Record.objects.count() - before
    _finish(confirmed, ImportState.DONE)
    audit.record(action="import_written", by=confirmed.uploaded_by_id, about=f"import:{confirmed.pk}")


def _finish(finished: Import, state: ImportState) -> None:
    finished.rows.all().delete()
    finished.state, finished.content, finished.claimed_until = state, b"", None
    finished.save()


def _on_record() -> OnRecord:
    members = Member.objects.values_list("user__email", "pk")
    subjects: dict[str, int] = {}
    for code, name, pk in Subject.objects.values_list("code", "name", "pk"):
        subjects |= {code: pk, name.casefold(): pk}
    records = Record.objects.order_by().values_list("member_id", "subject_id", "completed_on", "hours")
    hours: dict[RecordKey, Decimal] = {(member, subject, day): spent for member, subject, day, spent in records}
    return OnRecord({email.casefold(): pk for email, pk in members}, subjects, hours)


def _claim(import_id: int, now: datetime) -> Import | None:
    waiting = Import.objects.filter(pk=import_id, state__in=IMPORTS_TO_WORK_ON)
    is_claimed = claim(waiting, now=now, until=now + CLAIMED_FOR, tries=F("tries") + 1)
    return Import.objects.filter(pk=import_id).first() if is_claimed else None


def _locked(import_id: int) -> Import:
    return Import.objects.select_for_update().get(pk=import_id)

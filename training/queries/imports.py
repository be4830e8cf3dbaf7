"""Imports of training history, and their rows."""

from django.db.models import Case, Count, QuerySet, Value, When

from peersupport.core.spreadsheet.cells import RowOutcome

from ..domain.states import ImportState
from ..models import Import, ImportRow


def all_imports() -> QuerySet[Import]:
    """Newest first, without their files."""
    return Import.objects.select_related("uploaded_by").defer("content")


def import_by_id(import_id: int) -> Import | None:
    return Import.objects.defer("content").filter(pk=import_id).first()


def unread_import(content: bytes) -> Import | None:
    """An import of the same file that the worker hasn't read yet. A file that was read can be uploaded again."""
    return Import.objects.filter(state=ImportState.UPLOADED, content=content).defer("content").first()


def preview_rows(training_import: Import, outcome: str) -> QuerySet[ImportRow]:
    """Rows with this outcome, or all for ""; those to be corrected come first."""
    rows = training_import.rows.alias(is_right=Case(When(outcome=RowOutcome.WRONG, then=Value(0)), default=Value(1)))
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("is_right", "number")


def outcome_counts(training_import: Import) -> dict[RowOutcome, int]:
    counts = dict(training_import.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {outcome: counts.get(outcome, 0) for outcome in RowOutcome}

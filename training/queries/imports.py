"""Imports of training history, and their rows."""

from django.db.models import Case, Count, QuerySet, Value, When

from peersupport.core.spreadsheet.cells import RowOutcome

from ..domain.states import ImportState
from ..models import Import, ImportRow


def imports() -> list[Import]:
    """The latest first, without their files."""
    return list(Import.objects.select_related("uploaded_by").defer("content"))


def import_by_id(import_id: int) -> Import | None:
    return Import.objects.defer("content").filter(pk=import_id).first()


def import_to_be_read(content: bytes) -> Import | None:
    """The same file, uploaded a moment ago. One that was read may be uploaded anew, to be checked against more."""
    return Import.objects.filter(state=ImportState.UPLOADED, content=content).defer("content").first()


def rows_of(one: Import, fate: str) -> QuerySet[ImportRow]:
    """What is to be corrected first."""
    rows = one.rows.alias(is_right=Case(When(fate=RowOutcome.WRONG, then=Value(0)), default=Value(1)))
    return (rows.filter(fate=fate) if fate else rows).order_by("is_right", "number")


def fates_of(one: Import) -> dict[RowOutcome, int]:
    found = dict(one.rows.order_by().values_list("fate").annotate(n=Count("pk")))
    return {fate: found.get(fate, 0) for fate in RowOutcome}

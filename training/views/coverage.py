"""The matrix of members and subjects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.spreadsheet.writing import XLSX_TYPE
from peersupport.team.views.access import download

from ..documents.coverage_workbook import coverage_workbook
from ..domain.coverage import LABELS, MARKS
from ..forms.records import CoverageFilter
from ..queries import subjects
from ..queries.coverage_page import Coverage, coverage_for

CHOSEN = ("kind", "unit", "subject")


@require_permission(Permission.SEE_TRAINING)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    found = chosen_coverage(request)
    form = CoverageFilter(request.GET or None)
    form.offer(found.units, subjects.subjects_in_use())
    legend = [(MARKS[status], LABELS[status], status.value) for status in LABELS]
    return render(
        request,
        "training/coverage.html",
        {"coverage": found, "form": form, "legend": legend, "chosen": request.GET.urlencode()},
    )


@require_permission(Permission.SEE_TRAINING)
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """What is shown, with its filters, as a file."""
    today = timezone.localdate()
    return download(coverage_workbook(chosen_coverage(request)), XLSX_TYPE, f"coverage-{today.isoformat()}.xlsx")


def chosen_coverage(request: HttpRequest) -> Coverage:
    """What the address asks for. A choice that nobody has finds nobody, and says so."""
    chosen = {name: request.GET.get(name, "")[:80] for name in CHOSEN}
    return coverage_for(timezone.localdate(), **chosen)

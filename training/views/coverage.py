"""The coverage: members by subjects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.core.spreadsheet.writing import XLSX_TYPE

from ..documents.coverage_workbook import coverage_workbook
from ..domain.standing import STATUS_LABELS, STATUS_SYMBOLS
from ..forms.records import CoverageFilter
from ..queries import subjects
from ..queries.coverage import Coverage, coverage_for

FILTERS = ("kind", "unit", "subject")


@require_permission(Permission.SEE_TRAINING)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    coverage = chosen_coverage(request)
    form = CoverageFilter(request.GET or None)
    form.set_choices(coverage.units, subjects.subjects_in_use())
    legend = [(STATUS_SYMBOLS[status], STATUS_LABELS[status], status.value) for status in STATUS_LABELS]
    return render(
        request,
        "training/coverage.html",
        {"coverage": coverage, "form": form, "legend": legend, "chosen": request.GET.urlencode()},
    )


@require_permission(Permission.SEE_TRAINING)
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """What the page shows, with its filters."""
    today = timezone.localdate()
    return download(coverage_workbook(chosen_coverage(request)), XLSX_TYPE, f"coverage-{today.isoformat()}.xlsx")


def chosen_coverage(request: HttpRequest) -> Coverage:
    """The coverage with the filters of the URL. A value that matches no member gives an empty list."""
    chosen = {name: request.GET.get(name, "")[:80] for name in FILTERS}
    return coverage_for(timezone.localdate(), **chosen)

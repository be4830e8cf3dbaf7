"""The coverage: members by subjects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.core.spreadsheet.writing import XLSX_TYPE
from peersupport.team.asking_again import asks_before_reading

from ..documents.coverage_workbook import coverage_workbook
from ..forms.records import CoverageFilter
from ..presenters import coverage as coverage_texts
from ..queries import subjects
from ..queries.coverage import Coverage, coverage_for

FILTERS = ("kind", "unit", "subject")


@require_permission(Permission.SEE_TRAINING)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    coverage = chosen_coverage(request, page=request.GET.get("page", "1"))
    form = CoverageFilter(request.GET or None)
    form.set_choices(coverage.units, subjects.subjects_in_use())
    context = {
        "coverage": coverage,
        "form": form,
        "legend": coverage_texts.legend(),
        "empty_text": coverage_texts.empty_text(coverage),
        "filters": _filters(request),
    }
    if not coverage.has_members:
        return render(request, "training/coverage/no_team.html", context)
    return render(request, "training/coverage.html", context)


@require_permission(Permission.SEE_TRAINING)
@asks_before_reading
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """What the page shows, with its filters."""
    today = timezone.localdate()
    return download(coverage_workbook(chosen_coverage(request)), XLSX_TYPE, f"coverage-{today.isoformat()}.xlsx")


def chosen_coverage(request: HttpRequest, page: str | None = None) -> Coverage:
    """The coverage with the filters of the URL. A value that matches no member gives an empty list."""
    # PostgreSQL takes no NUL, and no value has one.
    chosen = {name: request.GET.get(name, "")[:80].replace("\0", "") for name in FILTERS}
    return coverage_for(timezone.localdate(), **chosen, page=page)


def _filters(request: HttpRequest) -> str:
    """The query of the files, which have all pages together."""
    filters = request.GET.copy()
    filters.pop("page", None)
    return f"?{filters.urlencode()}" if filters else ""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from . import actions, exports, queries
from .forms import TypedYearForm
from .pictures import pictures, team_in_words
from .refusals import Refused


@require_permission(Permission.SEE_REPORT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"reports": queries.reports(), "open_years": queries.open_years(timezone.localdate())}
    return render(request, "stats/index.html", context)


@require_permission(Permission.SEE_REPORT)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    period = queries.current_period(today)
    team = team_in_words(queries.team_part(period, today))
    return render(request, "stats/now.html", {"period": period, "team": team})


@require_permission(Permission.SEE_REPORT)
@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    try:
        released = queries.report(year=year)
    except Refused:
        return render(request, "stats/not_yet.html", {"open_year": _open_year_or_404(year)})
    context = {
        "year": year,
        "report": released,
        "pictures": pictures(released["rows"]),
        "team": team_in_words(released["team"]),
    }
    return render(request, "stats/report.html", context)


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_json(request: HttpRequest, year: int) -> HttpResponse:
    return _download(_document_or_404(year), f"statistics-{year}.json", "application/json")


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_csv(request: HttpRequest, year: int) -> HttpResponse:
    table = exports.to_csv(exports.from_json(_document_or_404(year)))
    return _download(table, f"statistics-{year}.csv", "text/csv; charset=utf-8")


@require_permission(Permission.CLOSE_YEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    return _do_when_typed(request, year, actions.close_year, "stats/close.html", f"{year} is closed.")


@require_permission(Permission.CLOSE_YEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def open_anew(request: HttpRequest, year: int) -> HttpResponse:
    return _do_when_typed(request, year, actions.open_anew, "stats/open_anew.html", f"{year} was started again.")


def _do_when_typed(
    request: HttpRequest, year: int, action: Callable[..., None], template: str, done: str
) -> HttpResponse:
    open_year = _open_year_or_404(year)
    form = TypedYearForm(request.POST or None, year=year)
    if form.is_valid():
        try:
            action(year=year, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect("stats:report", year)
    return render(request, template, {"open_year": open_year, "form": form})


def _open_year_or_404(year: int) -> queries.OpenYear:
    open_year = queries.open_year(year, timezone.localdate())
    if open_year is None:
        raise Http404
    return open_year


def _document_or_404(year: int) -> str:
    try:
        return queries.document(year=year)
    except Refused:
        raise Http404 from None


def _download(text: str, filename: str, content_type: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(text, content_type=content_type, headers=disposition)

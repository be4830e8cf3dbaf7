from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed
from peersupport.core.errors import Refused
from peersupport.core.http import download
from peersupport.core.translation import refusal_text
from peersupport.team.asking_again import asks_again

from .. import actions, queries
from ..documents import files
from ..domain.team_bands import public_figures_so_far
from ..forms import TypedYearForm
from ..presenters import charts, closed_years, open_years
from ..presenters.team_tables import team_tables

MAX_COMPARED_YEARS = 6  # nobody reads more bars than that


@require_permission(Permission.SEE_REPORT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    may_close = is_allowed(request.user.roles, Permission.CLOSE_YEAR)  # type: ignore[union-attr]
    context = {
        "closed_years": queries.closed_years(),
        "open_years": open_years.rows(queries.open_years(timezone.localdate()), may_close=may_close),
    }
    return render(request, "stats/index.html", context)


@require_permission(Permission.SEE_REPORT)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    period = queries.current_period(today)
    is_exact = _may_read_exactly(request)
    figures = queries.team_figures(period, today)
    team = team_tables(figures if is_exact else public_figures_so_far(figures))
    if not any(table.has_figures for table in team):
        return render(request, "stats/now_empty.html", {"period": period})
    return render(request, "stats/now.html", {"period": period, "team": team, "is_exact": is_exact})


@require_permission(Permission.SEE_REPORT)
@require_safe
def compare_years(request: HttpRequest) -> HttpResponse:
    reports = [closed.report for closed in queries.closed_years()[:MAX_COMPARED_YEARS][::-1]]
    comparisons = charts.compare_years(reports) if reports else []
    return render(request, "stats/compare_years.html", {"comparisons": comparisons})


@require_permission(Permission.SEE_REPORT)
@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    try:
        closed = queries.closed_year(year=year)
    except Refused:
        open_year = _open_year_or_404(year)
        return render(request, "stats/still_open.html", {"sentences": open_years.still_open(open_year)})
    may_close = is_allowed(request.user.roles, Permission.CLOSE_YEAR)  # type: ignore[union-attr]
    is_exact = _may_read_exactly(request)
    context = {
        "closed": closed,
        "is_exact": is_exact,
        "report": closed_years.exact_text_of(closed) if is_exact else closed_years.text_of(closed),
        "public": closed_years.publication(closed, may_close=may_close),
    }
    return render(request, "stats/report.html", context)


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_json(request: HttpRequest, year: int) -> HttpResponse:
    return _file(year, "json")


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_csv(request: HttpRequest, year: int) -> HttpResponse:
    return _file(year, "csv")


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    return _file(year, "xlsx")


@require_permission(Permission.SEE_REPORT)
@require_safe
def report_pdf(request: HttpRequest, year: int) -> HttpResponse:
    return _file(year, "pdf")


@require_permission(Permission.CLOSE_YEAR)
@asks_again
@require_POST
def publish(request: HttpRequest, year: int) -> HttpResponse:
    message = _("The report is now on the public pages.")
    return _run(request, year, actions.publish, message, shows_concern="shows_concern" in request.POST)


@require_permission(Permission.CLOSE_YEAR)
@require_POST
def withdraw(request: HttpRequest, year: int) -> HttpResponse:
    return _run(request, year, actions.withdraw, _("The report was taken off the public pages."))


@require_permission(Permission.CLOSE_YEAR)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    return _run_when_typed(request, year, actions.close_year, "stats/close.html", _("%(year)s is closed."))


@require_permission(Permission.CLOSE_YEAR)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def restart(request: HttpRequest, year: int) -> HttpResponse:
    return _run_when_typed(request, year, actions.restart_year, "stats/restart.html", _("%(year)s was started over."))


def _run_when_typed(
    request: HttpRequest, year: int, action: Callable[..., None], template: str, message: str
) -> HttpResponse:
    """Run an action that cannot be undone, once the year has been typed; refusals are shown on the form."""
    open_year = _open_year_or_404(year)
    form = TypedYearForm(request.POST or None, year=year)
    if form.is_valid():
        try:
            action(year=year, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, message % {"year": year})
            return redirect("stats:report", year)
    return render(request, template, {"open_year": open_year, "form": form})


def _may_read_exactly(request: HttpRequest) -> bool:
    return is_allowed(request.user.roles, Permission.SEE_EXACT_REPORT)  # type: ignore[union-attr]


def _open_year_or_404(year: int) -> queries.OpenYear:
    open_year = queries.open_year(year, timezone.localdate())
    if open_year is None:
        raise Http404
    return open_year


def _run(
    request: HttpRequest, year: int, action: Callable[..., None], message: str, **arguments: object
) -> HttpResponse:
    """Run an action on a closed year; 404 if there is no such year."""
    try:
        action(year=year, by=request.user, **arguments)
    except Refused:
        raise Http404 from None
    messages.success(request, message)
    return redirect("stats:report", year)


def _file(year: int, kind: str) -> HttpResponse:
    try:
        content = files.FILES[kind](queries.closed_year(year=year))
    except Refused:
        raise Http404 from None
    return download(content, files.CONTENT_TYPES[kind], f"statistics-{year}.{kind}")

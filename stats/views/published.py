"""Reports that the clinical director has published. Public pages: no account, no cookie."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peersupport.core.errors import Refused

from .. import queries
from ..presenters.closed_years import public_text_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "stats/published_years.html", {"years": queries.published_years()})


@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    try:
        closed = queries.published_year(year=year)
    except Refused:
        raise Http404 from None
    return render(request, "stats/published_report.html", {"report": public_text_of(closed)})

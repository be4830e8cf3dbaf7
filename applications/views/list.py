"""The list of applications, its files, and how this program chooses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.spreadsheet.writing import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from peersupport.team.views.access import signed_in

from ..actions import settings as settings_actions
from ..documents import list_export
from ..forms.staff import ApplicationSettingsForm, FilterForm
from ..queries import applications as applications_queries
from .access import DECIDE, PAGE, SEE, may

ON_A_PAGE = 50
SEE_ALL = require_permission(Permission.SEE_APPLICATIONS)


@SEE
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """All of them for those who see applications; for a member those they were asked to review."""
    me = signed_in(request)
    if not may(request, Permission.SEE_APPLICATIONS):
        return render(request, "applications/to_review.html", {"asked": applications_queries.to_review(me)})
    form = FilterForm(request.GET)
    page = Paginator(applications_queries.listed(me, **form.chosen()), ON_A_PAGE).get_page(request.GET.get("page"))
    chosen = request.GET.copy()
    chosen.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "accepted": applications_queries.accepted(page.object_list),
        "chosen": chosen.urlencode(),
        "is_filtered": bool(chosen),
        "now": timezone.now(),
    }
    return render(request, "applications/list.html", context)


@SEE_ALL
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    return _file(to_csv([list_export.HEADINGS, *_rows(request)]), CSV_TYPE, "applications.csv")


@SEE_ALL
@require_safe
def as_workbook(request: HttpRequest) -> HttpResponse:
    return _file(to_xlsx("Applications", list_export.HEADINGS, _rows(request)), XLSX_TYPE, "applications.xlsx")


@DECIDE
@require_http_methods(PAGE)
def settings(request: HttpRequest) -> HttpResponse:
    form = ApplicationSettingsForm(request.POST or None, instance=applications_queries.settings_now())
    if form.is_valid():
        settings_actions.change_settings(values=form.cleaned_data, by=signed_in(request))
        messages.success(request, "Saved. New applications go this way from now on.")
        return redirect("applications:list")
    return render(request, "applications/settings.html", {"form": form})


def _rows(request: HttpRequest) -> list[list[str]]:
    """What the list shows with the same filters, on all of its pages."""
    found = list(applications_queries.listed(signed_in(request), **FilterForm(request.GET).chosen()))
    return list_export.rows(found, applications_queries.accepted(found))


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)

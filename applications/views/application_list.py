"""The list of applications and its files."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed
from peersupport.core.http import download
from peersupport.core.spreadsheet.writing import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from peersupport.team.asking_again import asks_before_reading
from peersupport.team.views.access import signed_in

from ..documents import list_export
from ..forms.staff import FilterForm
from ..presenters import lists
from ..queries import applications, panel
from ..queries.onboarding import onboarding_by_application
from .access import SEE

PAGE_SIZE = 50
SEE_ALL = require_permission(Permission.SEE_APPLICATIONS)


@SEE
@require_safe
def list_applications(request: HttpRequest) -> HttpResponse:
    """The list for those who see applications; for a member, what they were asked to review."""
    user = signed_in(request)
    if not is_allowed(user.roles, Permission.SEE_APPLICATIONS):
        reviews = Paginator(panel.assigned_to(user), PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "applications/to_review.html", {"rows": lists.review_rows(reviews), "page": reviews})
    form = FilterForm(request.GET)
    page = Paginator(applications.filtered(user, **form.filters()), PAGE_SIZE).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": lists.application_rows(page, onboarding_by_application(page.object_list), timezone.now()),
        "chosen": filters.urlencode(),
        "is_filtered": bool(filters),
        "empty_text": lists.empty_list_text(is_filtered=bool(filters)),
    }
    return render(request, "applications/list.html", context)


@SEE_ALL
@asks_before_reading
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    return download(to_csv([list_export.headings(), *_rows(request)]), CSV_TYPE, "applications.csv")


@SEE_ALL
@asks_before_reading
@require_safe
def as_workbook(request: HttpRequest) -> HttpResponse:
    return download(to_xlsx(_("Applications"), list_export.headings(), _rows(request)), XLSX_TYPE, "applications.xlsx")


def _rows(request: HttpRequest) -> list[list[str]]:
    """What the list shows with these filters, all pages together."""
    rows = list(applications.filtered(signed_in(request), **FilterForm(request.GET).filters()))
    return list_export.rows(rows, onboarding_by_application(rows))

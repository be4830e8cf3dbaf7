"""Years of history from a spreadsheet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.writing import CSV_TYPE, to_csv
from peersupport.team.forms.base import PageForm
from peersupport.team.forms.members import UploadForm
from peersupport.team.views.access import done, download, signed_in

from ..actions import imports as imports_actions
from ..domain.import_rows import COLUMNS
from ..domain.states import IMPORTS_TO_WORK_ON
from ..models import Import
from ..queries import imports as imports_queries

MANAGE = require_permission(Permission.MANAGE_TRAINING)
EXAMPLE = ("name@example.org", "Suicide intervention", "2024-03-31", "8")


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    received: list[Import] = []

    def receive() -> None:
        received.append(imports_actions.receive_import(content=form.cleaned_data["file"].read(), by=signed_in(request)))

    if done(form, receive):
        return redirect("training:import", received[0].pk)
    return render(request, "training/imports.html", {"form": form, "imports": imports_queries.imports()})


@MANAGE
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return download(to_csv((COLUMNS, EXAMPLE)), CSV_TYPE, "training-history.csv")


@MANAGE
@require_safe
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _import(pk), PageForm())


@MANAGE
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = _import(pk), PageForm(request.POST)
    if done(form, lambda: imports_actions.confirm_import(import_id=pk, by=signed_in(request))):
        return redirect("training:import", pk)
    return _page(request, one, form)


@MANAGE
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = _import(pk), PageForm(request.POST)
    if done(form, lambda: imports_actions.leave_import(import_id=pk, by=signed_in(request))):
        messages.success(request, "Left. Nothing of it was written.")
        return redirect("training:imports")
    return _page(request, one, form)


def _import(pk: int) -> Import:
    found = imports_queries.import_by_id(pk)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, one: Import, form: PageForm) -> HttpResponse:
    """While the worker is at it the page asks again by itself, without JavaScript too."""
    fate = request.GET.get("fate", "")
    rows = imports_queries.rows_of(one, fate if fate in list(RowOutcome) else "")
    counts = imports_queries.fates_of(one)
    context = {
        "import": one,
        "form": form,
        "counts": counts,
        "wrong": counts[RowOutcome.WRONG],
        "columns": COLUMNS,
        "fate": fate,
        "rows": Paginator(rows, 100).get_page(request.GET.get("page")),
        "is_working": one.state in IMPORTS_TO_WORK_ON,
    }
    answer = render(request, "training/import.html", context)
    if one.state in IMPORTS_TO_WORK_ON:
        answer["Refresh"] = "2"
    return answer

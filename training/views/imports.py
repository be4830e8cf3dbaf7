"""Training history from a spreadsheet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.writing import CSV_TYPE, to_csv
from peersupport.team.forms.base import PageForm, UploadForm
from peersupport.team.views.access import signed_in, submit

from ..actions import imports as imports_actions
from ..domain.import_rows import COLUMNS, EXAMPLE
from ..domain.states import IMPORTS_TO_WORK_ON, ImportState
from ..models import Import
from ..presenters import imports as imports_texts
from ..queries import imports as imports_queries

PAGE_SIZE = 25
MANAGE = require_permission(Permission.MANAGE_TRAINING)
PAGES = {
    ImportState.UPLOADED: "training/import/working.html",
    ImportState.CONFIRMED: "training/import/working.html",
    ImportState.REFUSED: "training/import/refused.html",
    ImportState.CHECKED: "training/import/checked.html",
    ImportState.DONE: "training/import/done.html",
    ImportState.DISCARDED: "training/import/discarded.html",
}


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    received: list[Import] = []

    def receive() -> None:
        received.append(imports_actions.receive(content=form.cleaned_data["file"].read(), by=signed_in(request)))

    if submit(form, receive):
        return redirect("training:import", received[0].pk)
    page = Paginator(imports_queries.all_imports(), PAGE_SIZE).get_page(request.GET.get("page"))
    earlier = [(each, imports_texts.import_line(each)) for each in page]
    return render(request, "training/imports.html", {"form": form, "imports": earlier, "page": page})


@MANAGE
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return download(to_csv((COLUMNS, EXAMPLE)), CSV_TYPE, "training-history.csv")


@MANAGE
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _import_or_404(pk), PageForm())


@MANAGE
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    training_import, form = _import_or_404(pk), PageForm(request.POST)
    if submit(form, lambda: imports_actions.confirm(import_id=pk, by=signed_in(request))):
        return redirect("training:import", pk)
    return _page(request, training_import, form)


@MANAGE
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    training_import, form = _import_or_404(pk), PageForm(request.POST)
    if submit(form, lambda: imports_actions.discard(import_id=pk, by=signed_in(request))):
        messages.success(request, _("Import discarded. Nothing was saved."))
        return redirect("training:imports")
    return _page(request, training_import, form)


def _import_or_404(pk: int) -> Import:
    training_import = imports_queries.import_by_id(pk)
    if training_import is None:
        raise Http404
    return training_import


def _page(request: HttpRequest, training_import: Import, form: PageForm) -> HttpResponse:
    """While the worker is busy with it, the page refreshes by itself, without JavaScript too."""
    state = ImportState(training_import.state)
    context = {"import": training_import, "form": form}
    if state == ImportState.CHECKED:
        context |= _checked(request, training_import)
    elif state == ImportState.DONE:
        context["done_text"] = imports_texts.done_text(training_import.written, training_import.rows_total)
    else:
        context["progress"] = imports_texts.progress_text(training_import.rows_done, training_import.rows_total)
    response = render(request, PAGES[state], context)
    if state in IMPORTS_TO_WORK_ON:
        response["Refresh"] = "2"
    return response


def _checked(request: HttpRequest, training_import: Import) -> dict[str, object]:
    """What would become of each row."""
    outcome = request.GET.get("fate", "")
    rows = imports_queries.preview_rows(training_import, outcome if outcome in list(RowOutcome) else "")
    counts = imports_queries.outcome_counts(training_import)
    return {
        "counts": counts,
        "confirm_text": imports_texts.confirm_text(counts[RowOutcome.NEW]),
        "columns": COLUMNS,
        "outcome": outcome,
        "rows": Paginator(rows, 100).get_page(request.GET.get("page")),
    }

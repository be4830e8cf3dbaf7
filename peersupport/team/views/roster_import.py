"""The roster as a file: importing an existing team, and the export."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.core.http import download
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.writing import to_file
from peersupport.core.translation import refusal_text

from ..actions import roster_import
from ..asking_again import asks_again, asks_before_reading
from ..domain import roster_rows
from ..forms.base import PageForm, UploadForm
from ..presenters import roster_import as presenter
from ..queries import roster_file
from .access import signed_in, submit

MANAGE = require_permission(Permission.MANAGE_TEAM)


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if submit(form, lambda: roster_import.receive(content=form.cleaned_data["file"].read(), by=signed_in(request))):
        return redirect("team:import_roster")
    return _page(request, form)


@MANAGE
@asks_again
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    form, written = PageForm(request.POST), [0]
    if submit(form, lambda: written.append(roster_import.confirm(by=signed_in(request)))):
        messages.success(request, presenter.imported(written[-1]))
        return redirect("team:roster")
    return _page(request, UploadForm(), refused=form)


@MANAGE
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    roster_import.discard(by=signed_in(request))
    messages.success(request, _("Import discarded. Nothing was saved."))
    return redirect("team:import_roster")


@MANAGE
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    content, content_type = to_file(_kind(kind), "Roster", roster_rows.COLUMNS, [roster_rows.EXAMPLE])
    return download(content, content_type, f"roster-template.{kind}")


@require_permission(Permission.SEE_TEAM)
@asks_before_reading
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    content, content_type = to_file(_kind(kind), "Roster", roster_rows.EXPORTED, roster_file.roster_table())
    return download(content, content_type, f"roster-{timezone.localdate().isoformat()}.{kind}")


def _kind(kind: str) -> str:
    if kind not in {"csv", "xlsx"}:
        raise Http404
    return kind


def _page(request: HttpRequest, form: UploadForm, refused: PageForm | None = None) -> HttpResponse:
    """The preview is made on each visit, so that the page says what confirming would do now."""
    waiting = roster_file.import_of(signed_in(request))
    if waiting is None:
        return render(request, "team/roster_import.html", {"form": form, "refused": refused})
    preview, unreadable = [], ""
    try:
        preview = roster_file.roster_preview(waiting, timezone.localdate())
    except Refused as refusal:  # it could be read when it was uploaded; the reader may be short of time now
        unreadable = refusal_text(refusal)
    counts, outcome = Counter(row.outcome for row in preview), request.GET.get("fate", "")
    chosen = [row for row in preview if row.outcome == outcome] if outcome in list(RowOutcome) else preview
    rows = Paginator(sorted(chosen, key=lambda row: not row.is_wrong), 100).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "refused": refused,
        "verdict": presenter.verdict(counts, unreadable=unreadable),
        "counts": {code.value: counts[code] for code in RowOutcome},
        "outcome": outcome,
        "rows": rows,
        "shown_rows": [presenter.shown_row(row) for row in rows],
    }
    return render(request, "team/roster_review.html", context)

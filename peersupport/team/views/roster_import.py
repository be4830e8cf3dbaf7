"""The roster as a file: an existing team brought in, and the team taken out."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.writing import as_file

from ..actions import roster_import
from ..domain import roster_rows
from ..forms.base import PageForm
from ..forms.members import UploadForm
from ..queries import roster_file
from .access import done, download, signed_in

MANAGE = require_permission(Permission.MANAGE_TEAM)


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if done(
        form, lambda: roster_import.receive_roster(content=form.cleaned_data["file"].read(), by=signed_in(request))
    ):
        return redirect("team:roster_file")
    return _page(request, form)


@MANAGE
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    form, written = PageForm(request.POST), [0]
    if done(form, lambda: written.append(roster_import.confirm_roster(by=signed_in(request)))):
        messages.success(request, f"On the roster now, each with an invitation on its way: {written[-1]}.")
        return redirect("team:roster")
    return _page(request, UploadForm(), refused=form)


@MANAGE
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    roster_import.leave_roster(by=signed_in(request))
    messages.success(request, "Left. Nothing of it was written.")
    return redirect("team:roster_file")


@MANAGE
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    content, content_type = as_file(_kind(kind), "Roster", roster_rows.COLUMNS, [roster_rows.EXAMPLE])
    return download(content, content_type, f"roster-template.{kind}")


@require_permission(Permission.SEE_TEAM)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    content, content_type = as_file(_kind(kind), "Roster", roster_file.EXPORTED, roster_file.roster_table())
    return download(content, content_type, f"roster-{timezone.localdate().isoformat()}.{kind}")


def _kind(kind: str) -> str:
    if kind not in {"csv", "xlsx"}:
        raise Http404
    return kind


def _page(request: HttpRequest, form: UploadForm, refused: PageForm | None = None) -> HttpResponse:
    """What waits is looked at anew each time, so that the page says what pressing would do now."""
    waiting = roster_file.roster_file_of(signed_in(request))
    lines, unreadable = [], ""
    try:
        lines = roster_file.planned_roster(waiting, timezone.localdate()) if waiting else []
    except Refused as refusal:  # it was read when it came, by a machine with less to do
        unreadable = refusal.sentence
    counts, fate = Counter(line.fate for line in lines), request.GET.get("fate", "")
    chosen = [line for line in lines if line.fate == fate] if fate in list(RowOutcome) else lines
    first_wrong = sorted(chosen, key=lambda line: line.fate != RowOutcome.WRONG)
    context = {
        "form": form,
        "refused": refused,
        "waiting": waiting,
        "unreadable": unreadable,
        "counts": {each.value: counts[each] for each in RowOutcome},
        "fate": fate,
        "rows": Paginator(first_wrong, 100).get_page(request.GET.get("page")),
    }
    return render(request, "team/roster_file.html", context)

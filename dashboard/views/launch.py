"""The launch checklist on a page of its own, and the press that launches the program."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program import actions as program
from peersupport.program.models import LaunchPaper

from .. import actions
from ..presenters import papers as papers_presenter
from ..presenters.launch_checklist import launch_checklist
from ..queries import launch as queries
from ..queries import papers


@require_permission(Permission.MANAGE_TEAM)
@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """The coordinator comes back to it any day after the launch; before, it is on their home."""
    shown = launch_checklist(queries.checklist(timezone.now()))
    return render(request, "dashboard/launch_checklist.html", {"checklist": shown})


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    try:
        actions.launch(by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The program is open. From now on, people can ask for support."))
    except actions.NotReady:
        messages.warning(request, _("Not yet. Something on the checklist is missing; see below."))
    return redirect("dashboard:home")


@require_permission(Permission.MANAGE_TEAM)
@require_safe
def read_paper(request: HttpRequest, code: str) -> HttpResponse:
    written = papers.paper(code)
    if written is None:
        raise Http404
    return render(request, "dashboard/paper.html", {"paper": papers_presenter.paper(code, written)})


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def confirm_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing typed: the button says whether it is done or taken back."""
    if code not in LaunchPaper.Code.values:
        raise Http404
    is_done = request.POST.get("is_done") == "yes"
    program.record_paper(code=code, is_done=is_done, by=request.user.pk)  # type: ignore[arg-type]
    messages.success(request, _("Noted.") if is_done else _("Taken back."))
    return redirect("dashboard:launch_checklist")

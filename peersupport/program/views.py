from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed

from . import actions, queries
from .forms import CRISIS_FIELDS, CrisisLineFormSet, SettingsForm, WordingForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "program/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "program/about.html")


@require_safe
def confidentiality(request: HttpRequest) -> HttpResponse:
    return render(request, "program/confidentiality.html")


@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    return render(request, "program/resources.html")


@require_permission(Permission.MANAGE_SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=queries.settings_now())
    kept = [{name: getattr(line, name) for name in CRISIS_FIELDS} for line in queries.crisis_lines()]
    lines = CrisisLineFormSet(request.POST or None, initial=kept, prefix="line")
    if form.is_valid() and lines.is_valid():
        actions.change_settings(values=form.cleaned_data, lines=lines.lines, by=request.user)
        messages.success(request, "Saved. Every page says so from now on.")
        return redirect("program:settings")
    return render(request, "program/settings.html", {"form": form, "lines": lines})


def texts(request: HttpRequest) -> HttpResponse:
    """The wordings of the exceptions: who may write them writes, who may approve them approves, both read."""
    may_write = is_allowed(request.user.roles, Permission.WRITE_TEXTS)
    may_approve = is_allowed(request.user.roles, Permission.APPROVE_TEXTS)
    if not (may_write or may_approve) or (request.method == "POST" and not may_write):
        raise Http404
    wordings, standing = queries.wordings(), queries.standing_text()
    newest = wordings[0]
    form = WordingForm(request.POST or None, initial={"body": newest.body, "after_version": newest.version})
    if form.is_valid() and _written(request, form):
        return redirect("program:texts")
    context = {"form": form, "wordings": wordings, "standing": standing, "newest": newest}
    return render(request, "program/texts.html", {**context, "may_write": may_write, "may_approve": may_approve})


def _written(request: HttpRequest, form: WordingForm) -> bool:
    try:
        actions.write_text(name=queries.EXCEPTIONS, **form.cleaned_data, by=request.user)
    except actions.ReadAgain:
        form.go_on_after(queries.wordings()[0])
        return False
    messages.success(request, "Kept. It stands on the public pages once the clinical director has approved it.")
    return True


@require_POST
@require_permission(Permission.APPROVE_TEXTS)
def approve_text(request: HttpRequest, version: int) -> HttpResponse:
    try:
        actions.approve_text(name=queries.EXCEPTIONS, version=version, by=request.user)
    except actions.ReadAgain:
        messages.warning(request, "The wording has changed meanwhile, so nothing was approved. Please read it again.")
    else:
        messages.success(request, "Approved. The public pages show it from now on.")
    return redirect("program:texts")

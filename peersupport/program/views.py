from typing import cast

from django.conf import settings as site
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.pdf import PDF_TYPE

from . import actions, queries
from .data_inventory import tables_by_part
from .documents import posters
from .forms.settings import CrisisLineFormSet, SettingsForm, as_typed, lines_of
from .forms.texts import WordingForm
from .presenters.text_purposes import PURPOSES


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
def what_we_keep(request: HttpRequest) -> HttpResponse:
    return render(request, "program/what_we_keep.html", {"parts": tables_by_part()})


@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    return render(request, "program/resources.html")


def _who(request: HttpRequest) -> int:
    return cast(int, request.user.pk)


@require_permission(Permission.MANAGE_SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=queries.settings_now())
    lines = CrisisLineFormSet(request.POST or None, initial=[*map(as_typed, queries.crisis_lines())], prefix="line")
    if form.is_valid() and lines.is_valid():
        actions.change_settings(values=form.cleaned_data, lines=lines_of(lines), by=_who(request))
        messages.success(request, "Saved. Every page says so from now on.")
        return redirect("program:settings")
    return render(request, "program/settings.html", {"form": form, "lines": lines})


@require_permission(Permission.WRITE_TEXTS)
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    return _pdf("poster", posters.poster_pdf(queries.settings_now(), queries.crisis_lines(), site.SITE_URL + "/"))


@require_permission(Permission.WRITE_TEXTS)
@require_safe
def pocket_card(request: HttpRequest) -> HttpResponse:
    card = posters.pocket_card_pdf(queries.settings_now(), queries.crisis_lines(), site.SITE_URL + "/")
    return _pdf("pocket-card", card)


def _pdf(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=PDF_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


@require_permission(Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    return render(request, "program/texts.html", {"texts": queries.texts_now()})


@require_permission(Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    wordings, standing = queries.wordings(_known(name)), queries.standing_text(name)
    context = {
        "newest": wordings[0],
        "standing": standing,
        "purpose": PURPOSES[name],
        "earlier": [text for text in wordings[1:] if text.version != standing.version],
    }
    return render(request, "program/text.html", context)


@require_permission(Permission.WRITE_TEXTS)
def write_text(request: HttpRequest, name: str) -> HttpResponse:
    newest = queries.wordings(_known(name))[0]
    form = WordingForm(request.POST or None, initial={"body": newest.body, "after_version": newest.version})
    if form.is_valid():
        try:
            actions.write_text(name=name, **form.cleaned_data, by=_who(request))
        except actions.ReadAgain:
            newest = queries.wordings(name)[0]
            form.go_on_after(newest)
        else:
            messages.success(
                request, "Saved. It takes effect once the clinical director or a designee has approved it."
            )
            return redirect("program:text", name)
    return render(request, "program/write_text.html", {"form": form, "newest": newest, "purpose": PURPOSES[name]})


@require_permission(Permission.APPROVE_TEXTS)
@require_POST
def approve_text(request: HttpRequest, name: str, version: int) -> HttpResponse:
    try:
        actions.approve_text(name=_known(name), version=version, by=_who(request))
    except actions.ReadAgain:
        messages.warning(request, "The wording has changed meanwhile, so nothing was approved. Please read it again.")
    else:
        messages.success(request, f"Approved. {PURPOSES[name].once_approved}")
    return redirect("program:text", name)


@require_permission(Permission.WRITE_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_lines(request: HttpRequest) -> HttpResponse:
    """The coordinator has called every number: before anybody can ask, and once a year."""
    if request.method == "POST":
        actions.confirm_lines(by=_who(request))
        messages.success(request, "Noted. You are reminded in a year, or when a number changes.")
        return redirect("dashboard:home")
    return render(request, "program/confirm_lines.html", {"confirmed_on": queries.lines_confirmed_on()})


@require_permission(Permission.SUPPORT, Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def duty_to_report(request: HttpRequest) -> HttpResponse:
    return render(request, "program/duty_to_report.html", {"text": queries.standing_text(queries.DUTY_TO_REPORT)})


def _known(name: str) -> str:
    if name not in PURPOSES:
        raise Http404
    return name

from email.utils import parseaddr
from typing import cast

from django.conf import settings as site
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core import release
from peersupport.core.errors import Refused
from peersupport.core.http import download
from peersupport.core.pdf import PDF_TYPE
from peersupport.core.translation import refusal_text

from . import actions, queries
from .data_inventory import tables_by_section
from .documents import posters
from .domain import security_txt as rules
from .forms.settings import CrisisLineFormSet, SettingsForm, filled_lines, initial_of
from .forms.texts import WordingForm
from .presenters import texts as texts_said
from .presenters.text_purposes import PURPOSES


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Before the launch it offers nothing that `/request/` would refuse."""
    is_open = queries.launched_on() is not None
    return render(request, "program/home.html" if is_open else "program/home_before_launch.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "program/about.html")


@require_safe
def confidentiality(request: HttpRequest) -> HttpResponse:
    return render(request, "program/confidentiality.html")


@require_safe
def what_we_keep(request: HttpRequest) -> HttpResponse:
    shown = {"sections": tables_by_section(), "version": release.version(), "fingerprint": release.fingerprint()}
    return render(request, "program/what_we_keep.html", shown)


@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    return render(request, "program/resources.html")


def _security_contact() -> str:
    return site.SECURITY_CONTACT or parseaddr(site.DEFAULT_FROM_EMAIL)[1]


@require_safe
def report_a_weakness(request: HttpRequest) -> HttpResponse:
    contact = _security_contact()
    context = {"contact": contact.removeprefix("mailto:"), "contact_url": rules.contact_uri(contact)}
    return render(request, "program/report_a_weakness.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Anybody's, and the same for everybody on the same day."""
    text = rules.security_txt(
        contact=_security_contact(),
        address=site.SITE_URL + request.path,
        policy=site.SITE_URL + reverse("program:report_a_weakness"),
        today=timezone.localdate(),
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _user_id(request: HttpRequest) -> int:
    return cast(int, request.user.pk)


@require_permission(Permission.MANAGE_SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=queries.settings_now())
    lines = CrisisLineFormSet(request.POST or None, initial=[*map(initial_of, queries.crisis_lines())], prefix="line")
    if form.is_valid() and lines.is_valid():
        actions.change_settings(values=form.cleaned_data, lines=filled_lines(lines), by=_user_id(request))
        messages.success(request, _("Saved. Every page shows it from now on."))
        return redirect("program:settings")
    if lines.is_bound and not lines.is_valid():
        form.add_error(None, _("One of the crisis lines below needs correcting."))
    return render(request, "program/settings.html", {"form": form, "lines": lines})


@require_permission(Permission.WRITE_TEXTS)
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    pdf = posters.poster_pdf(queries.settings_now(), queries.crisis_lines(), site.SITE_URL + "/")
    return download(pdf, PDF_TYPE, "poster.pdf")


@require_permission(Permission.WRITE_TEXTS)
@require_safe
def pocket_card(request: HttpRequest) -> HttpResponse:
    pdf = posters.pocket_card_pdf(queries.settings_now(), queries.crisis_lines(), site.SITE_URL + "/")
    return download(pdf, PDF_TYPE, "pocket-card.pdf")


@require_permission(Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    return render(request, "program/texts.html", {"texts": texts_said.text_rows(queries.texts_now())})


@require_permission(Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    wordings, current = queries.wordings(_name_or_404(name)), queries.current_text(name)
    earlier = [text for text in wordings[1:] if text.version != current.version]
    context = {
        "proposed": wordings[0] if wordings[0].version != current.version else None,
        "current": current,
        "is_only_built_in": not wordings[0].version,
        "current_label": texts_said.version_of_whom(current),
        "purpose": PURPOSES[name],
        "earlier": [(texts_said.version_label(text), text) for text in earlier],
    }
    return render(request, "program/text.html", context)


@require_permission(Permission.WRITE_TEXTS)
def write_text(request: HttpRequest, name: str) -> HttpResponse:
    newest = queries.wordings(_name_or_404(name))[0]
    form = WordingForm(request.POST or None, initial={"body": newest.body, "after_version": newest.version})
    if form.is_valid():
        try:
            actions.write_text(name=name, **form.cleaned_data, by=_user_id(request))
        except actions.TextChanged:
            newest = queries.wordings(name)[0]
            form.rebase(newest)
        except Refused as refused:
            form.add_error("body", refusal_text(refused))
        else:
            messages.success(
                request, _("Saved. It takes effect once the clinical director or a designee has approved it.")
            )
            return redirect("program:text", name)
    return render(
        request, "program/write_text.html", {"form": form, "newest": newest, "label": texts_said.version_by(newest)}
    )


@require_permission(Permission.APPROVE_TEXTS)
@require_POST
def approve_text(request: HttpRequest, name: str, version: int) -> HttpResponse:
    try:
        if version:
            actions.approve_text(name=_name_or_404(name), version=version, by=_user_id(request))
        else:
            digest = request.POST.get("digest", "")
            actions.approve_built_in_text(name=_name_or_404(name), digest=digest, by=_user_id(request))
    except actions.TextChanged:
        messages.warning(
            request,
            _("The text has changed since you opened the page, so nothing was approved. Please read it again."),
        )
    else:
        messages.success(request, PURPOSES[name].once_approved)
    return redirect("program:text", name)


@require_permission(Permission.WRITE_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_lines(request: HttpRequest) -> HttpResponse:
    """The coordinator says that every number was called: before the launch, and once a year."""
    if request.method == "POST":
        actions.confirm_crisis_lines(by=_user_id(request))
        messages.success(request, _("Saved. You'll be reminded in a year, or when a number changes."))
        return redirect("dashboard:home")
    return render(request, "program/confirm_lines.html", {"confirmed_on": queries.crisis_lines_confirmed_on()})


@require_permission(Permission.SUPPORT, Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS)
@require_safe
def duty_to_report(request: HttpRequest) -> HttpResponse:
    current = queries.current_text(queries.DUTY_TO_REPORT)
    context = {"text": current, "approval": texts_said.approval(current)}
    return render(request, "program/duty_to_report.html", context)


def _name_or_404(name: str) -> str:
    if name not in PURPOSES:
        raise Http404
    return name

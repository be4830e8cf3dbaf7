"""Training taken elsewhere, and its certificates."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import done, download, own_member, signed_in

from .. import certificates
from ..actions import reports
from ..forms.records import RecordForm
from ..models import ExternalTraining
from ..queries import external_training
from .access import may
from .members import SEEN_BY

MANAGE = require_permission(Permission.MANAGE_TRAINING)


class ReportForm(RecordForm):
    provider = forms.CharField(label="Who offered it?", max_length=120)
    certificate = forms.FileField(
        label="Your certificate",
        help_text="A PDF, or a picture of it (PNG or JPEG), 10 MB at most.",
        error_messages={"empty": "This file is empty."},
    )


class SendBackForm(PageForm):
    reason = forms.CharField(
        label="What is missing?",
        max_length=300,
        help_text="The member reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_permission(Permission.OWN_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    own = own_member(request)
    form = ReportForm(request.POST, request.FILES) if request.method == "POST" else ReportForm()

    def send() -> None:
        data = {**form.cleaned_data, "certificate": form.cleaned_data["certificate"].read()}
        reports.report_training(member=own, by=signed_in(request), **data)

    if done(form, send):
        messages.success(request, "Reported. It counts once somebody has looked at the certificate.")
        return redirect("training:member", own.pk)
    return render(request, "training/report.html", {"form": form})


@SEEN_BY
@require_safe
def one_report(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _report(request, pk), SendBackForm())


@MANAGE
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = _report(request, pk), PageForm(request.POST)
    if done(form, lambda: reports.verify_report(report_id=pk, by=signed_in(request))):
        messages.success(request, "Verified. It is on record.")
        return redirect("training:member", one.member_id)
    return _page(request, one, SendBackForm(), verifying=form)


@MANAGE
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = _report(request, pk), SendBackForm(request.POST)
    if done(form, lambda: reports.send_back_report(report_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, "Sent back. The member is told.")
        return redirect("training:index")
    return _page(request, one, form)


@SEEN_BY
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    one = _report(request, pk)
    try:
        content = certificates.load(one.certificate)
    except FileNotFoundError:
        raise Http404 from None
    kind = one.certificate_kind
    return download(content, certificates.TYPES[kind], f"certificate-{pk}.{kind}")


def _report(request: HttpRequest, pk: int) -> ExternalTraining:
    found = external_training.report_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, one: ExternalTraining, form: SendBackForm, verifying: PageForm | None = None
) -> HttpResponse:
    return render(request, "training/one_report.html", {"report": one, "form": form, "verifying": verifying})

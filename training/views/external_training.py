"""Training that members took elsewhere, and its certificates."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import own_member, signed_in, submit

from .. import certificates
from ..actions import external_training as external_training_actions
from ..domain.states import ExternalTrainingState
from ..forms.external_training import ReportForm, SendBackForm
from ..models import ExternalTraining
from ..presenters.member_training import report_lead
from ..queries import external_training as external_training_queries
from .access import may
from .members import SEEN_BY

MANAGE = require_permission(Permission.MANAGE_TRAINING)


@require_permission(Permission.OWN_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    own = own_member(request)
    form = ReportForm(request.POST, request.FILES) if request.method == "POST" else ReportForm()

    def send() -> None:
        data = {**form.cleaned_data, "certificate": form.cleaned_data["certificate"].read()}
        external_training_actions.report(member=own, by=signed_in(request), **data)

    if submit(form, send):
        messages.success(request, _("Reported. It counts once the coordinator has checked the certificate."))
        return redirect("training:member", own.pk)
    return render(request, "training/report_external_training.html", {"form": form})


@SEEN_BY
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _visible_or_404(request, pk), SendBackForm())


@MANAGE
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    reported, form = _visible_or_404(request, pk), PageForm(request.POST)
    if submit(form, lambda: external_training_actions.verify(external_training_id=pk, by=signed_in(request))):
        messages.success(request, _("Verified. It's on record now."))
        return redirect("training:member", reported.member_id)
    return _page(request, reported, SendBackForm(), verify_form=form)


@MANAGE
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    reported, form = _visible_or_404(request, pk), SendBackForm(request.POST)
    if submit(
        form,
        lambda: external_training_actions.send_back(
            external_training_id=pk, by=signed_in(request), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Sent back. The member will be notified."))
        return redirect("training:index")
    return _page(request, reported, form)


@SEEN_BY
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    reported = _visible_or_404(request, pk)
    try:
        content = certificates.load(reported.certificate)
    except FileNotFoundError:
        raise Http404 from None
    kind = reported.certificate_kind
    return download(content, certificates.TYPES[kind], f"certificate-{pk}.{kind}")


def _visible_or_404(request: HttpRequest, pk: int) -> ExternalTraining:
    reported = external_training_queries.visible_to(
        signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING)
    )
    if reported is None:
        raise Http404
    return reported


def _page(
    request: HttpRequest, reported: ExternalTraining, form: SendBackForm, verify_form: PageForm | None = None
) -> HttpResponse:
    is_own, is_open = reported.member.user == request.user, reported.state == ExternalTrainingState.REPORTED
    context = {
        "external_training": reported,
        "lead": report_lead(reported),
        "can_report_again": is_own and reported.state == ExternalTrainingState.SENT_BACK,
        "can_review": is_open and may(request, Permission.MANAGE_TRAINING),
        "form": form,
        "verify_form": verify_form,
    }
    return render(request, "training/external_training.html", context)

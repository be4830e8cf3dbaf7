"""A member asks the clinical director or a designee to call, and these see who waits for a call."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.sealing.queries import is_erased
from peersupport.team.queries import members
from peersupport.team.views.access import own_member, signed_in

from ..actions import consultation
from ..actions.consultation import ConsultationUnavailable
from ..forms.consultation import ConsultationForm
from ..presenters.consultation import answered_sentence, pending, waiting_sentence
from ..queries import consultations
from .access import members_only

UNAVAILABLE = gettext_lazy("This request for a call is no longer open: it was answered or canceled.")
CANCELED = gettext_lazy("You've canceled your request for a call.")
SENT = gettext_lazy("They'll be told. Your request stays on your desk until they call. Then it's erased.")


@members_only
@require_http_methods(FORM_METHODS)
def request_call(request: HttpRequest) -> HttpResponse:
    member = own_member(request)
    form = ConsultationForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        consultation.request_call(member=member, **form.cleaned_data)
        messages.success(request, SENT)
        return redirect("requests_app:desk")
    context = {"form": form, "consultation": pending(consultations.consultation_of(member))}
    return render(request, "requests_app/consultation.html", context)


@members_only
@require_POST
def cancel(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    try:
        consultation.cancel(member=own_member(request), consultation_id=consultation_id)
    except ConsultationUnavailable:
        messages.info(request, UNAVAILABLE)
    else:
        messages.success(request, CANCELED)
    return redirect("requests_app:desk")


@require_permission(Permission.ANSWER_CONSULTATION)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    open_ones = consultations.answerable_by(signed_in(request))
    rows = [(each, members.member_by_id(each.member_id)) for each in open_ones]
    context = {"rows": rows, "lead": waiting_sentence(len(rows))}
    return render(request, "requests_app/consultations.html", context)


@require_permission(Permission.ANSWER_CONSULTATION)
@require_POST
def answer(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    try:
        key_id = consultation.answer(consultation_id=consultation_id, by=signed_in(request))
        messages.success(request, answered_sentence(is_erased=is_erased(key_id)))
    except ConsultationUnavailable:
        messages.info(request, UNAVAILABLE)
    return redirect("requests_app:consultations")

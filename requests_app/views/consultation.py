"""A member asks the clinical director or a designee to call. Nothing about anybody else has a place to be typed."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program.forms.widgets import ChoiceCards, Pills
from peersupport.team.models import Member
from peersupport.team.queries import members

from ..actions import consultation, transitions
from ..domain.consultation import LABELS, HowSoon
from ..queries import consultations
from .closing import in_words
from .desk import PAGE, own_member

ANSWERED_MEANWHILE = "It is no longer open: it was answered or taken back."


class ConsultationForm(forms.Form):
    how_soon = forms.TypedChoiceField(
        label="How soon should they call?",
        choices=[(each.value, LABELS[each]) for each in HowSoon],
        coerce=HowSoon,
        initial=HowSoon.TODAY.value,
        widget=ChoiceCards,
        error_messages={"required": "Choose how soon."},
    )
    whom = forms.TypedChoiceField(
        label="Who should call?",
        coerce=int,
        empty_value=None,
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "This person can no longer be asked. Please choose again."},
    )

    def __init__(self, *args: object, member: Member, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(str(user.pk), user.name) for user in consultations.who_can_be_asked(member)]
        self.fields["whom"].choices = [("", "Whoever can first"), *names]  # type: ignore[attr-defined]


@require_permission(Permission.SUPPORT)
@require_http_methods(PAGE)
def ask(request: HttpRequest) -> HttpResponse:
    member = own_member(request)
    form = ConsultationForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        consultation.ask_to_be_called(member=member, **form.cleaned_data)
        messages.success(request, "They are told. Until they call it stands on your desk, and then it is erased.")
        return redirect("requests_app:desk")
    context = {"form": form, "asked": consultations.asked_by(member)}
    return render(request, "requests_app/consult.html", context)


@require_permission(Permission.SUPPORT)
@require_POST
def take_back(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    try:
        consultation.take_back_consultation(member=own_member(request), consultation_id=consultation_id)
    except transitions.Gone:
        messages.info(request, ANSWERED_MEANWHILE)
    return redirect("requests_app:desk")


@require_permission(Permission.ANSWER_CONSULTATION)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    found = consultations.waiting_for(request.user)  # type: ignore[arg-type]
    rows = [(asked, members.member_by_id(asked.member_id)) for asked in found]
    return render(request, "requests_app/consultations.html", {"rows": rows})


@require_permission(Permission.ANSWER_CONSULTATION)
@require_POST
def answer(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    try:
        key_id = consultation.answer_consultation(consultation_id=consultation_id, by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"Thank you for calling. {in_words(key_id)}")
    except transitions.Gone:
        messages.info(request, ANSWERED_MEANWHILE)
    return redirect("requests_app:consultations")

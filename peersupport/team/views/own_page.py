"""One's own page: everybody has a name and a password there, members also a profile and a key."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import ROLE_LABELS, Permission, Role
from peersupport.core.http import FORM_METHODS
from peersupport.notices import queries as notices
from peersupport.sealing.envelope import CannotOpen

from .. import session_keys
from ..actions import keys, membership
from ..domain.states import KeyState
from ..forms.base import PageForm
from ..forms.own_page import PasswordForm, ProfileForm, RecoveryCodeForm
from ..queries import availability, members, service_record
from ..throttling import rate_limited
from .access import own_member, signed_in, submit

OWN = require_permission(Permission.OWN_PROFILE)
RATE_LIMITED = rate_limited("own_secret")  # somebody at a browser left open must not guess the password


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return _page(request)


@OWN
@require_POST
def update_profile(request: HttpRequest) -> HttpResponse:
    member, form = own_member(request), ProfileForm(request.POST)
    if submit(form, lambda: membership.update_profile(member_id=member.pk, by=signed_in(request), **form.cleaned_data)):
        return _redirect(request, _("Your profile is saved."))
    return _page(request, profile=form)


@OWN
@require_POST
@RATE_LIMITED
def check_recovery_code(request: HttpRequest) -> HttpResponse:
    form = RecoveryCodeForm(request.POST)
    try:
        if submit(form, lambda: _check(request, form)):
            return _redirect(request, _("Your recovery code is right. Keep the paper where only you find it."))
    except CannotOpen:
        form.add_error("code", _("These words do not open your key. Compare them with your paper, or make a new code."))
    return _page(request, check=form)


@OWN
@require_http_methods(FORM_METHODS)
@RATE_LIMITED
def renew_recovery_code(request: HttpRequest) -> HttpResponse:
    form, code = PasswordForm(request.POST or None), []
    try:
        if request.method == "POST" and submit(form, lambda: code.append(_renew(request, form))):
            return render(request, "team/recovery_code.html", {"code": code[0], "is_renewed": True})
    except CannotOpen:
        form.add_error("password", _("This password does not open your key."))
    return render(request, "team/renew_recovery_code.html", {"form": form})


def _check(request: HttpRequest, form: RecoveryCodeForm) -> None:
    me = signed_in(request)
    keys.check_recovery_code(member_id=own_member(request).pk, code=form.cleaned_data["code"], by=me)


def _renew(request: HttpRequest, form: PasswordForm) -> str:
    me = signed_in(request)
    return keys.renew_recovery_code(member_id=own_member(request).pk, password=form.cleaned_data["password"], by=me)


def _redirect(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("team:me")


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    """One's own page. returned: forms with errors, shown instead of empty ones."""
    me = signed_in(request)
    member = members.member_for(me)
    context: dict[str, object] = {
        "member": member,
        "roles": [ROLE_LABELS[role] for role in Role if role in me.roles],
        "has_phone_alert": bool(notices.reachable_by_phone([me.pk])),
    }
    if member is not None:
        empty = {"profile": ProfileForm.for_member(member), "check": RecoveryCodeForm()}
        context["forms"] = {**empty, **returned}
        now = timezone.now()
        today = timezone.localdate(now)
        is_open = session_keys.unlocked_key(request) is not None
        context |= {
            "is_key_open": is_open,
            "is_key_ready": is_open and member.key_state == KeyState.CONFIRMED,
            "is_on_leave": member.is_on_leave(today),
            "is_on_call": member.pk in availability.on_call_at(now),
            "pause": availability.current_pause(member, today),
            "is_to_sign": service_record.is_to_sign(member),
            "has_term_ended": member.has_term_ended(today),
        }
    return render(request, "team/me.html", context)

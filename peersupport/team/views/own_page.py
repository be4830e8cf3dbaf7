"""One's own page: everybody has a name and a password there, members also a profile and a key."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.notices import queries as notices
from peersupport.sealing import envelope, receipt
from peersupport.sealing.envelope import CannotOpen

from .. import second_factor, session_keys
from ..actions import keys, membership
from ..domain import word_codes
from ..domain.states import KeyState
from ..forms.base import PageForm
from ..forms.own_page import PasswordForm, ProfileForm, RecoveryCodeForm
from ..models import Member
from ..presenters import own_page
from ..presenters.accounts import role_names
from ..presenters.notes import Note
from ..presenters.recovery_code import Occasion, around
from ..presenters.standing import not_offered
from ..queries import lifting, members, service_record
from ..queries.standing import standing_of
from ..throttling import forgive, rate_limited
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
        return _redirect(request, _("Your profile was saved."))
    return _page(request, profile=form)


@OWN
@require_POST
@RATE_LIMITED
def check_recovery_code(request: HttpRequest) -> HttpResponse:
    form = RecoveryCodeForm(request.POST)
    try:
        if submit(form, lambda: _check(request, form)):
            return _redirect(request, _("Your recovery code is right. Keep the paper where only you can find it."))
    except CannotOpen:
        form.add_error("code", _("These words don't open your key. Check them against your paper, or make a new code."))
    return _page(request, check=form)


@OWN
@require_http_methods(FORM_METHODS)
@RATE_LIMITED
def renew_recovery_code(request: HttpRequest) -> HttpResponse:
    form, code = PasswordForm(request.POST or None), []
    try:
        if request.method == "POST" and submit(form, lambda: code.append(_renew(request, form))):
            forgive(request, "own_secret")
            return render(request, "team/recovery_code.html", {"code": code[0], "around": around(Occasion.NEW_CODE)})
    except CannotOpen:
        form.add_error("password", _("This password doesn't open your key."))
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
    has_phone_alert = bool(notices.reachable_by_phone([me.pk]))
    context: dict[str, Any] = {
        "roles": role_names(me.roles),
        "rows": [own_page.phone_alerts(has_phone_alert=has_phone_alert)],
    }
    notes = own_page.notes_of_lift(is_under_way=lifting.open_lift_of(me) is not None)
    if member is not None:
        context |= _of_member(request, member, notes, has_phone_alert=has_phone_alert)
    context["rows"] += own_page.account_rows(is_enrolled=second_factor.enrolled(me))
    if member is None:
        return render(request, "team/me.html", {**context, "notes": notes})
    context["forms"] = {"profile": ProfileForm.for_member(member), "check": RecoveryCodeForm(), **returned}
    return render(request, "team/me/member.html", context)


def _of_member(request: HttpRequest, member: Member, notes: list[Note], *, has_phone_alert: bool) -> dict[str, object]:
    standing, is_to_sign = standing_of(member, timezone.now()), service_record.is_to_sign(member)
    return {
        "member": member,
        "not_offered": not_offered(standing) if standing.is_unreachable else None,
        "notes": [*notes, *own_page.notes(standing, is_to_sign=is_to_sign, has_phone_alert=has_phone_alert)],
        "rows": own_page.member_rows(
            standing,
            has_phone_alert=has_phone_alert,
            is_to_sign=is_to_sign,
            is_designated=member.designated_on is not None,
        ),
        **_key(request, member),
    }


def _key(request: HttpRequest, member: Member) -> dict[str, object]:
    """The words are those of the key this person holds: the stored one may have been changed by somebody else."""
    private_key, stored = session_keys.unlocked_key(request), member.current_key
    held = envelope.public_key_of(private_key) if private_key else None
    is_theirs = held is None or stored is None or held == bytes(stored.public_key)
    return {
        "key_template": f"team/me/key_{member.key_state}.html" if is_theirs else "team/me/key_not_yours.html",
        "own_words": word_codes.fingerprint(held, receipt.DRAWABLE_WORDS).split() if held else [],
        "is_key_open": held is not None,
        "is_key_ready": held is not None and is_theirs and member.key_state == KeyState.WORKING,
    }

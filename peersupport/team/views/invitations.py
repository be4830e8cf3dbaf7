"""Inviting somebody, and accepting an invitation."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, roles_invitable_by
from peersupport.core.errors import Refused
from peersupport.core.http import FORM_METHODS
from peersupport.core.translation import refusal_text

from .. import second_factor
from ..actions import invitations as invitations_actions
from ..asking_again import asks_again
from ..forms.accounts import ChoosePasswordForm, InviteForm
from ..models import User
from ..presenters.accounts import link_status, undelivered_text
from ..presenters.recovery_code import Occasion, around
from ..queries import invitations as invitations_queries
from .access import signed_in, submit
from .search import PAGE_SIZE

MAY_INVITE = require_permission(Permission.INVITE, Permission.MANAGE_ACCOUNTS)


@MAY_INVITE
@asks_again
@require_http_methods(FORM_METHODS)
def invite(request: HttpRequest) -> HttpResponse:
    me = signed_in(request)
    form = InviteForm(request.POST or None, invitable=roles_invitable_by(me.roles))
    if request.method == "POST" and submit(form, lambda: invitations_actions.invite(**form.cleaned_data, by=me)):
        messages.success(
            request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
        )
        return redirect("team:invite")
    now = timezone.now()
    page = Paginator(invitations_queries.open_invitations(), PAGE_SIZE).get_page(request.GET.get("page"))
    invitations = [
        {
            "pk": invitation.pk,
            "name": invitation.name,
            "email": invitation.email,
            "link_status": link_status(invitation.valid_until, now),
            "undelivered": undelivered_text(invitation.undelivered_since),
            "may_change": invitations_actions.may_take_back(invitation, me),
        }
        for invitation in page
    ]
    return render(request, "team/invite.html", {"form": form, "invitations": invitations, "page": page})


@MAY_INVITE
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        email = invitations_actions.send_again(invitation_id=pk, by=signed_in(request))
    except Refused as refused:
        messages.warning(request, refusal_text(refused))
    else:
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": email})
    return redirect("team:invite")


@MAY_INVITE
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        invitations_actions.cancel_invitation(invitation_id=pk, by=signed_in(request))
    except Refused as refused:
        messages.warning(request, refusal_text(refused))
    else:
        messages.success(request, _("The invitation was canceled. Its link no longer works."))
    return redirect("team:invite")


@require_http_methods(FORM_METHODS)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody is signed in here: the link, which works once, is what lets them in."""
    invited = invitations_queries.invitation_by_token_hash(invitations_actions.hash_token(token), timezone.now())
    if invited is None:
        return render(request, "team/invitation_invalid.html", status=404)
    form = ChoosePasswordForm(request.POST or None, user=User(name=invited.name, email=invited.email))
    accepted: list[invitations_actions.AcceptedInvitation] = []
    try:
        if request.method == "POST" and submit(form, lambda: accepted.append(_accept(token, form))):
            return _welcome(request, accepted[0])
    except invitations_actions.InvitationNotFound:
        return render(request, "team/invitation_invalid.html", status=404)
    return render(request, "team/invitation.html", {"form": form, "invited": invited})


def _welcome(request: HttpRequest, accepted: invitations_actions.AcceptedInvitation) -> HttpResponse:
    needs_factor = settings.SECOND_FACTOR_IS_REQUIRED and not second_factor.enrolled(accepted.user)
    if accepted.recovery_code is None:
        return render(request, "team/password_set.html", {"needs_factor": needs_factor})
    context = {"code": accepted.recovery_code, "around": around(Occasion.FIRST_KEY, needs_factor=needs_factor)}
    return render(request, "team/recovery_code.html", context)


def _accept(token: str, form: ChoosePasswordForm) -> invitations_actions.AcceptedInvitation:
    return invitations_actions.accept_invitation(token=token, password=form.cleaned_data["password1"])

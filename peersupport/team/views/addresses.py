"""The e-mail address of an account: changed by its owner, or corrected before anybody has signed in with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.core.http import FORM_METHODS
from peersupport.sealing.envelope import CannotOpen

from ..actions import addresses as addresses_actions
from ..actions.invitations import hash_token
from ..asking_again import asks_again
from ..forms.addresses import AddressForm, OwnAddressForm
from ..queries import accounts as accounts_queries
from ..queries import addresses as addresses_queries
from ..queries import invitations as invitations_queries
from ..throttling import rate_limited
from .access import signed_in, submit
from .invitations import MAY_INVITE


@require_http_methods(FORM_METHODS)
@rate_limited("own_secret")
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address. The answer to a taken one is the same."""
    me = signed_in(request)
    form = OwnAddressForm(request.POST or None, current=me.email)
    if form.is_valid():
        try:
            addresses_actions.request_change(user_id=me.pk, **form.cleaned_data)
        except CannotOpen:
            form.add_error("password", _("This isn't your current password."))
        else:
            return redirect("team:change_address")
    asked = addresses_queries.change_of(me, timezone.now())
    return render(request, "team/change_address.html", {"form": form, "asked": asked})


@require_http_methods(FORM_METHODS)
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link, signed in or not. To open it changes nothing: mail scanners open links, too."""
    change = addresses_queries.change_by_token_hash(hash_token(token), timezone.now())
    if change is None:
        return render(request, "team/address_link_invalid.html", status=404)
    if request.method != "POST":
        return render(request, "team/confirm_address.html", {"change": change})
    try:
        addresses_actions.confirm_change(token=token)
    except addresses_actions.LinkNotFound:
        return render(request, "team/address_link_invalid.html", status=404)
    return redirect("team:address_changed")


@require_safe
def address_changed(request: HttpRequest) -> HttpResponse:
    return render(request, "team/address_changed.html")


@MAY_INVITE
@asks_again
@require_http_methods(FORM_METHODS)
def correct_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = invitations_queries.invitation_by_id(pk)
    if invitation is None:
        raise Http404
    return _correct(request, invitation.name, invitation.email, back="team:invite")


@MAY_INVITE
@asks_again
@require_http_methods(FORM_METHODS)
def correct_account(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who came with an imported roster and has no password yet."""
    user = accounts_queries.active_account(pk)
    if user is None or user.has_usable_password():
        raise Http404
    return _correct(request, user.name, user.email, back="team:accounts")


def _correct(request: HttpRequest, name: str, old: str, *, back: str) -> HttpResponse:
    form, mailed = AddressForm(request.POST or None, current=old), []
    me = signed_in(request)
    if request.method == "POST" and submit(
        form,
        lambda: mailed.append(addresses_actions.correct(old=old, new=form.cleaned_data["email"], by=me)),
    ):
        sentence = (
            _("The address was changed. A new link is on its way to it, and the old one no longer works.")
            if mailed[0]
            else _("The address was changed. To send a link to it, invite this person again.")
        )
        messages.success(request, sentence)
        return redirect(back)
    return render(request, "team/correct_address.html", {"form": form, "name": name, "old": old, "back": back})

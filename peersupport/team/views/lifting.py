"""Lost second factors: two people of two offices lift one, and its owner can stop it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.core.http import FORM_METHODS
from peersupport.core.translation import refusal_text

from ..actions import lifting as lifting_actions
from ..actions.invitations import hash_token
from ..asking_again import asks_again
from ..forms.base import SearchForm
from ..models import User
from ..presenters import lifting as presenter
from ..queries import accounts as accounts_queries
from ..queries import lifting as queries
from .access import signed_in
from .search import page_of

MAY_LIFT = require_permission(Permission.LIFT_SECOND_FACTOR)


@MAY_LIFT
@require_safe
def lost_factors(request: HttpRequest) -> HttpResponse:
    form, me = SearchForm(request.GET, label=_("Name")), signed_in(request)
    lifts = list(queries.open_lifts().exclude(user=me))
    others = queries.accounts_with_factor(form.query).exclude(pk__in=[me.pk, *(lift.user_id for lift in lifts)])
    context = page_of(request, form, others)
    context["rows"], context["open_rows"] = presenter.account_rows(context["page"]), presenter.open_rows(lifts)
    return render(request, "team/lost_factors.html", context)


@MAY_LIFT
@require_safe
def lost_factor(request: HttpRequest, pk: int) -> HttpResponse:
    owner, me, now = _account(pk), signed_in(request), timezone.now()
    page = presenter.page(
        owner, me, queries.going_on_of(owner, now),
        has_factor=queries.has_factor(owner), has_asked_enough=queries.has_asked_enough(me, pk, now),
    )  # fmt: skip
    return render(request, "team/lost_factor.html", {"owner": owner, "lift": page})


@MAY_LIFT
@asks_again
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    owner, me = _account(pk), signed_in(request)
    said = _("You asked. %(name)s was told by e-mail, and the others know that it waits for them.") % {"name": owner}
    return _decide(request, owner, lambda: lifting_actions.ask(user_id=pk, by=me), said)


@MAY_LIFT
@asks_again
@require_POST
def second(request: HttpRequest, pk: int) -> HttpResponse:
    owner, me = _account(pk), signed_in(request)
    said = _("You seconded it. %(name)s was told by e-mail.") % {"name": owner}
    return _decide(request, owner, lambda: lifting_actions.second(user_id=pk, by=me), said)


@MAY_LIFT
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    owner, me = _account(pk), signed_in(request)
    said = _("It's stopped. The second factor stays as it was.")
    return _decide(request, owner, lambda: lifting_actions.take_back(user_id=pk, by=me), said)


@require_http_methods(FORM_METHODS)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link in the owner's mail, signed in or not. To open it changes nothing."""
    if queries.lift_by_token_hash(hash_token(token)) is None:
        return render(request, "team/lift_link_invalid.html", status=404)
    if request.method != "POST":
        return render(request, "team/cancel_lift.html")
    try:
        lifting_actions.cancel_by_link(token=token)
    except lifting_actions.LinkNotFound:
        return render(request, "team/lift_link_invalid.html", status=404)
    return redirect("team:lift_canceled")


@require_safe
def canceled(request: HttpRequest) -> HttpResponse:
    return render(request, "team/lift_canceled.html")


@require_http_methods(FORM_METHODS)
def own_lift(request: HttpRequest) -> HttpResponse:
    """For the owner who is signed in, and so gets in."""
    me = signed_in(request)
    if request.method == "POST":
        lifting_actions.cancel_own(by=me)
        messages.success(request, _("It's stopped. Your second factor stays as it was."))
        return redirect("team:me")
    lift = queries.open_lift_of(me)
    return render(request, "team/own_lift.html", {"sentence": presenter.own(lift) if lift else ""})


def _account(pk: int) -> User:
    user = accounts_queries.active_account(pk)
    if user is None:
        raise Http404
    return user


def _decide(request: HttpRequest, owner: User, action: Callable[[], object], said: str) -> HttpResponse:
    try:
        action()
    except Refused as refused:
        messages.warning(request, refusal_text(refused))
    else:
        messages.success(request, said)
    return redirect("team:lost_factor", owner.pk)

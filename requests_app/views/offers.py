"""A member answers an offer: accept, decline, "I know this person", or "Not a real request"."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from peersupport.team import asking_again, session_ends
from peersupport.team.domain.asking_again import Answer
from peersupport.team.presenters.asking_again import not_accepted
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member

from ..actions import not_real, peer
from ..actions.peer import AcceptOutcome
from ..actions.request_rows import RequestUnavailable
from ..presenters import desk as presenter
from ..queries import members
from .access import KEY_LOCKED, members_only

TAKEN = gettext_lazy("Someone else took this one, or it was closed. There's nothing left for you to do.")
NOT_ELIGIBLE = gettext_lazy(
    "This one can't go to you right now: you may have as many contacts as you said you'd take, or something about your "
    "training, your availability or your key has changed. Your desk says more."
)
DAMAGED = gettext_lazy(
    "This request can't be opened, so you didn't accept it. If that happens again, tell the person who runs the server."
)
UNANSWERED = {
    AcceptOutcome.TAKEN: TAKEN,
    AcceptOutcome.NOT_ELIGIBLE: NOT_ELIGIBLE,
    AcceptOutcome.DAMAGED: DAMAGED,
}
NONE_MARKED = gettext_lazy("Nothing was marked. Check the requests that aren't real first.")
DECLINED = gettext_lazy("Declined. There's nothing else for you to do.")
RECUSED = gettext_lazy(
    "Passed on. The officer will see that a peer thought they might know them, but not who, unless they asked only for "
    "you. Please keep it to yourself."
)


@members_only
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Everything offered to this member, a line each, to see many at a glance and clear several at once."""
    member, private_key = own_member(request), unlocked_key(request)
    offers = members.offers_for(member, private_key) if private_key else []
    context = {
        "offers": [presenter.offer_text(offer) for offer in offers[: presenter.OFFERS_LISTED]],
        "further": presenter.further_text(len(offers) - presenter.OFFERS_LISTED),
        "set_aside": presenter.set_aside_text(len(members.set_aside_by(member))),
        "lead": presenter.lead(offers=len(offers), is_called_out=False, is_anything_left=True),
        "is_unlocked": private_key is not None,
        "are_all_checked": "check" in request.GET,
        "asks_who_is_there": session_ends.is_shift(request),
    }
    return render(request, "requests_app/offers.html", context)


@members_only
@require_POST
def mark_not_real(request: HttpRequest) -> HttpResponse:
    """One press for one or many."""
    marked = {request_id for text in request.POST.getlist("offers") if (request_id := _uuid_in(text))}
    done = not_real.mark(member=own_member(request), request_ids=marked)
    if not done.number:
        messages.warning(request, NONE_MARKED)
        return redirect("requests_app:desk")
    messages.success(request, presenter.marked_text(done.number, set_aside=done.set_aside))
    return redirect("requests_app:offers" if done.set_aside else "requests_app:desk")


@members_only
@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    number = not_real.put_back(member=own_member(request))
    if number:
        messages.success(request, presenter.put_back_text(number))
    return redirect("requests_app:offers")


def _uuid_in(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


@members_only
@require_POST
def accept(request: HttpRequest, request_id: UUID) -> HttpResponse:
    private_key = unlocked_key(request)
    if private_key is None:
        messages.warning(request, KEY_LOCKED)
        return redirect("requests_app:desk")
    if session_ends.is_shift(request) and (refusal := _refused_answer(request)):
        messages.warning(request, refusal)
        return redirect(f"{reverse('requests_app:desk')}?offer={request_id}")
    outcome = peer.accept(member=own_member(request), request_id=request_id, private_key=private_key)
    if outcome == AcceptOutcome.ACCEPTED:
        return redirect("requests_app:contact", request_id)
    messages.warning(request, UNANSWERED[outcome])
    return redirect("requests_app:desk")


def _refused_answer(request: HttpRequest) -> str:
    """On a phone that stays signed in for a shift: why the member isn't known to be there; empty if they are."""
    answer = asking_again.check(request, action="own_password")
    return "" if answer is Answer.RIGHT else not_accepted(answer)


@members_only
@require_POST
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    try:
        peer.decline(member=own_member(request), request_id=request_id)
    except RequestUnavailable:
        messages.warning(request, TAKEN)
    else:
        messages.success(request, DECLINED)
    return redirect("requests_app:desk")


@members_only
@require_POST
def recuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One press, before or after accepting."""
    try:
        peer.recuse(member=own_member(request), request_id=request_id)
    except RequestUnavailable:
        messages.warning(request, TAKEN)
    else:
        messages.success(request, RECUSED)
    return redirect("requests_app:desk")

"""A member answers an offer: accept, decline, or "I know this person"."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from peersupport.team import asking_again, session_ends
from peersupport.team.domain.asking_again import Answer
from peersupport.team.presenters.asking_again import not_accepted
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member

from ..actions import peer
from ..actions.peer import AcceptOutcome
from ..actions.request_rows import RequestUnavailable
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
DECLINED = gettext_lazy("Declined. There's nothing else for you to do.")
RECUSED = gettext_lazy(
    "Passed on. The officer will see that a peer thought they might know them, but not who, unless they asked only for "
    "you. Please keep it to yourself."
)


@members_only
@require_POST
def accept(request: HttpRequest, request_id: UUID) -> HttpResponse:
    private_key = unlocked_key(request)
    if private_key is None:
        messages.warning(request, KEY_LOCKED)
        return redirect("requests_app:desk")
    if session_ends.is_shift(request) and (refusal := _refused_answer(request)):
        messages.warning(request, refusal)
        return redirect("requests_app:desk")
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

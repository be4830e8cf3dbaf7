"""A member's desk: what is offered to them, whom they are in contact with, what is left to tally."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.presenters import todo as applications_todo
from applications.queries import todo as applications_figures
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.domain.states import MembershipState
from peersupport.team.forms.availability import PAUSE_CHOICES
from peersupport.team.models import Member
from peersupport.team.queries.availability import current_pause, on_call_at, upcoming_schedule
from peersupport.team.queries.eligibility import can_serve
from peersupport.team.queries.service_record import is_to_sign
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member
from training.presenters import todo as training_todo

from ..queries import consultations, members
from .access import members_only


@members_only
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    member, now = own_member(request), timezone.now()
    private_key = unlocked_key(request)
    context = {
        "member": member,
        **_availability(member, now),
        "consultation": consultations.consultation_of(member),
        "is_to_sign": is_to_sign(member),
        "is_unlocked": private_key is not None,
        "offers": members.offers_for(member, private_key) if private_key else [],
        "contacts": members.contacts_with_cards(member, private_key),
        "pending_tallies": members.pending_tallies_of(member),
        "closing_notes": members.closing_notes_for(member),
        "to_review": applications_todo.for_reviewer(applications_figures.for_reviewer(member.user)),
        "training": training_todo.for_member(member, now),
    }
    return render(request, "requests_app/desk.html", context)


def _availability(member: Member, now: datetime) -> dict[str, object]:
    """Whether and when requests are offered to this member, and what keeps that from happening."""
    today, schedule = timezone.localdate(now), upcoming_schedule(now, DAYS_AHEAD)
    return {
        "can_serve": can_serve(member),
        "is_on_leave": member.is_on_leave(today),
        "has_term_ended": member.state == MembershipState.DESIGNATED and member.has_term_ended(today),
        "is_on_call": member.pk in on_call_at(now),
        "shifts": schedule.hour_labels_of(member),
        "offered_shifts": schedule.offered_to(member),
        "pause": current_pause(member, today),
        "pause_choices": PAUSE_CHOICES.items(),
    }

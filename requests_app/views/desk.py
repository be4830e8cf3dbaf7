"""A member's desk: what is offered to them, whom they are in contact with, what is left to tally."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.presenters import todo as applications_todo
from applications.queries import todo as applications_figures
from peersupport.incidents import queries as incidents
from peersupport.incidents.domain.activation import Answer
from peersupport.incidents.models import CallOut
from peersupport.incidents.presenters import CalledOut, called_out
from peersupport.notices import queries as notices
from peersupport.team import asking_again, second_factor, session_ends
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.forms.availability import PAUSE_CHOICES
from peersupport.team.models import Member
from peersupport.team.presenters import factors, own_page
from peersupport.team.presenters import hours as hours_presenter
from peersupport.team.presenters import standing as standing_presenter
from peersupport.team.queries import lifting
from peersupport.team.queries.availability import upcoming_schedule
from peersupport.team.queries.eligibility import can_serve
from peersupport.team.queries.service_record import is_to_sign
from peersupport.team.queries.standing import standing_of
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member
from training.presenters import todo as training_todo
from training.queries import todo as training_figures

from ..presenters import desk as presenter
from ..presenters import intake as intake_presenter
from ..presenters.consultation import pending
from ..queries import consultations, intake, members
from .access import members_only


@members_only
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    member, now = own_member(request), timezone.now()
    private_key = unlocked_key(request)
    offers = members.offers_for(member, private_key) if private_key else []
    call, notes = incidents.current_call_out(member), members.closing_notes_for(member)
    contacts = _contacts(member, private_key, now)
    context = {
        "is_unlocked": private_key is not None,
        "is_to_sign": is_to_sign(member),
        "accept_question": asking_again.question(request) if session_ends.is_shift(request) else None,
        "offers": presenter.offers_in_full(offers, first=request.GET.get("offer", "")),
        "has_list": len(offers) > 1,
        "telephone_only": _telephone_only(now),
        "called": _called_out(call, now, is_offered=bool(offers)) if call else None,
        "contacts": contacts,
        "are_contacts_first": bool(offers) and any(contact.needs_answer for contact in contacts),
        "load": presenter.load_sentence(contacts=len(contacts), cap=member.cap),
        "closing_notes": notes,
        "factor_note": factors.turn_on() if second_factor.is_offered(member.user) else None,
        **_availability(member, now),
    }
    context["lead"] = presenter.lead(
        offers=len(offers),
        is_called_out=call is not None and call.answer == Answer.NONE,
        is_anything_left=bool(contacts or notes or context["sections"] or context["is_to_sign"])
        or not context["can_serve"],
    )
    return render(request, "requests_app/desk.html", context)


def _telephone_only(now: datetime) -> str:
    """Until when requests are taken by telephone only; empty while the form is open."""
    switch = intake.telephone_only(now)
    return intake_presenter.standing_text(intake_presenter.local(switch), timezone.localdate(now)) if switch else ""


def _contacts(member: Member, private_key: bytes | None, now: datetime) -> list[presenter.ContactRow]:
    today, rows = timezone.localdate(now), []
    for contact, card in members.contacts_with_cards(member, private_key):
        due_at = contact.routing.due_at
        rows.append(
            presenter.contact_row(
                contact.id,
                contact.routing,
                concern=card.concern if card else "",
                due_at=timezone.localtime(due_at) if due_at else None,
                today=today,
            )
        )
    return rows


def _called_out(call: CallOut, now: datetime, *, is_offered: bool) -> CalledOut:
    """What incidents/called_out.html shows."""
    sessions = incidents.sessions_of(call.activation)
    extra_contacts = incidents.cap_raise_on(timezone.localdate(now)).cap_of(call.member_id, 0)
    return called_out(call, sessions, extra_contacts, is_offered=is_offered)


def _availability(member: Member, now: datetime) -> dict[str, Any]:
    """What else is to do, and whether and when requests are offered to this member."""
    standing, schedule, serves = standing_of(member, now), upcoming_schedule(now, DAYS_AHEAD), can_serve(member)
    zone = timezone.get_current_timezone()
    shifts = [planned.shift for planned in schedule.offered_to(member)]
    return {
        "can_serve": serves,
        "lift_notes": own_page.notes_of_lift(is_under_way=lifting.open_lift_of(member.user) is not None),
        "not_offered": standing_presenter.not_offered(standing),
        "is_paused": standing.is_unreachable or standing.back_on is not None,
        "pause_choices": PAUSE_CHOICES.items(),
        "sections": presenter.sections(
            shifts=[hours_presenter.interval_label((shift.starts, shift.ends), zone) for shift in shifts],
            tallies=len(members.pending_tallies_of(member)),
            applications=applications_todo.for_reviewer(applications_figures.for_reviewer(member.user)),
            training=training_todo.for_member(training_figures.for_member(member, now)),
        ),
        "own_rows": presenter.own_rows(
            is_on_call=standing.is_on_call,
            has_phone_alert=bool(notices.reachable_by_phone([member.user_id])),
            can_serve=serves,
            hours=[] if standing.is_unreachable else schedule.hour_labels_of(member, back_on=standing.back_on),
            consultation=pending(consultations.consultation_of(member)),
        ),
    }

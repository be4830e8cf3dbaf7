"""Two coordinators at one application, and a candidate who presses twice: one wins, the other is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import candidate, decisions, interviews
from applications.actions.links import make_link
from applications.domain.states import State
from applications.models import Application, Interview, Move, PrivateLink
from applications.queries import applications
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.program import form_tokens
from peersupport.team.models import Invitation
from tests.applications.conftest import last, sent, take_up, typed
from tests.applications.links import FULL
from tests.cast import make_user
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = "Dear Cory,\n\nthank you."


def test_of_two_decisions_one_wins_and_the_other_is_told_whose(coordinator):
    other = make_user("Olaf Other", Role.COORDINATOR)
    application = sent()
    take_up(application, coordinator)
    PrivateLink.objects.all().delete()
    seen = last(application)
    ways = [(State.CONDITIONAL, coordinator), (State.WAITING_LIST, other), (State.DECLINED, other)]
    outcomes = race(decisions.decide, *[{**seen, "decision": to, "letter": LETTER, "by": by} for to, by in ways])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "Refused", "won"]
    won = next(way for way, outcome in zip(ways, outcomes, strict=True) if outcome.error is None)
    application.refresh_from_db()
    assert (application.state, applications.moves_of(application)[-1].by) == won
    assert all(won[1].name in outcome.said for outcome in outcomes if outcome.error)
    assert PrivateLink.objects.count() == 1, "one letter, with its link"
    assert Invitation.objects.count() == (won[0] == State.CONDITIONAL)


def test_a_decision_and_a_withdrawal_at_once_leave_one_end(coordinator):
    application = sent()
    take_up(application, coordinator)
    link = make_link(application, PrivateLink.Purpose.STATUS)
    seen = {**last(application), "decision": State.DECLINED, "letter": LETTER, "by": coordinator}
    outcomes = race(_either, {"decide": seen}, {"withdraw": {"link": link}})
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "won"]
    assert Move.objects.filter(application=application, to_state__in=["declined", "withdrawn"]).count() == 1


def _either(decide=None, withdraw=None):
    return decisions.decide(**decide) if decide else candidate.withdraw(**withdraw)


def test_one_confirmation_however_often_it_is_pressed(coordinator):
    candidate.send_new(token=_token(), typed=typed())
    link = make_link(Application.objects.get(), PrivateLink.Purpose.CONFIRM)
    outcomes = race(candidate.confirm, *[{"link": link}] * 3)
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["LinkGone", "LinkGone", "won"]
    assert Move.objects.filter(to_state=State.SUBMITTED).count() == 1


def test_two_applications_from_one_address_confirmed_at_once_are_one(coordinator):
    links = []
    for number in range(2):
        one = Application.objects.create(
            email="cory@example.org", state=State.UNCONFIRMED, since="2026-05-04T12:00Z", press=str(number), **FULL
        )
        links.append(make_link(one, PrivateLink.Purpose.CONFIRM))
    outcomes = race(candidate.confirm, *[{"link": link} for link in links])
    assert [outcome.error for outcome in outcomes].count(None) >= 1
    assert Application.objects.filter(state=State.SUBMITTED).count() == 1


def test_the_same_press_of_the_form_at_once_is_one_application():
    press = {"token": _token(), "typed": typed()}
    outcomes = race(candidate.send_new, *[press] * 4)
    assert {outcome.error for outcome in outcomes} == {None}
    assert (Application.objects.count(), PrivateLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(("apart", "ends"), [(timedelta(0), ["won", "won"]), (timedelta(days=1), ["Refused", "won"])])
def test_two_proposals_at_once_are_one_interview_and_another_one_is_told(coordinator, apart, ends):
    application = sent()
    take_up(application, coordinator)
    begun, first = Entry.objects.filter(action="interview_proposed"), timezone.now()
    proposal = {**last(application), "place": "Room 2", "minutes": 45, "by": coordinator}
    outcomes = race(interviews.propose_times, *[{**proposal, "times": [at]} for at in (first, first + apart)])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ends
    assert (Interview.objects.count(), begun.count()) == (1, 1)


def _token() -> str:
    return form_tokens.fresh("apply")

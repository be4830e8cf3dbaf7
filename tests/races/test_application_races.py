"""Two coordinators decide at once, or a candidate presses twice: one wins, the other is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import candidate, decisions, interviews
from applications.actions.links import make_link
from applications.domain.states import ApplicationState
from applications.models import Application, Interview, LinkPurpose, Move, PrivateLink
from applications.queries import applications
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.program import form_tokens
from peersupport.team.models import Invitation
from tests.applications.conftest import as_seen, begin_review, sent, typed_application
from tests.applications.links import FULL
from tests.cast import make_user
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = "Dear Cory,\n\nthank you."


def test_concurrent_decisions_have_one_winner(coordinator):
    other = make_user("Olaf Other", Role.COORDINATOR)
    application = sent()
    begin_review(application, coordinator)
    PrivateLink.objects.all().delete()
    seen = as_seen(application)
    ways = [
        (ApplicationState.CONDITIONAL, coordinator),
        (ApplicationState.WAITING_LIST, other),
        (ApplicationState.DECLINED, other),
    ]
    outcomes = race(decisions.decide, *[{**seen, "decision": to, "letter": LETTER, "by": by} for to, by in ways])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "Refused", "won"]
    won = next(way for way, outcome in zip(ways, outcomes, strict=True) if outcome.error is None)
    application.refresh_from_db()
    assert (application.state, applications.moves_of(application)[-1].by) == won
    assert all(won[1].name in outcome.said for outcome in outcomes if outcome.error)
    assert PrivateLink.objects.count() == 1, "one letter, with its link"
    assert Invitation.objects.count() == (won[0] == ApplicationState.CONDITIONAL)


def test_concurrent_decision_and_withdrawal_have_one_outcome(coordinator):
    application = sent()
    begin_review(application, coordinator)
    link = make_link(application, LinkPurpose.STATUS)
    seen = {**as_seen(application), "decision": ApplicationState.DECLINED, "letter": LETTER, "by": coordinator}
    outcomes = race(_decide_or_withdraw, {"decide": seen}, {"withdraw": {"link": link}})
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "won"]
    assert Move.objects.filter(application=application, to_state__in=["declined", "withdrawn"]).count() == 1


def _decide_or_withdraw(decide=None, withdraw=None):
    return decisions.decide(**decide) if decide else candidate.withdraw(**withdraw)


def test_concurrent_confirmations_count_once(coordinator):
    candidate.send_new(token=_token(), typed=typed_application())
    link = make_link(Application.objects.get(), LinkPurpose.CONFIRM)
    outcomes = race(candidate.confirm, *[{"link": link}] * 3)
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["InvalidLink", "InvalidLink", "won"]
    assert Move.objects.filter(to_state=ApplicationState.SUBMITTED).count() == 1


def test_concurrent_confirmations_from_address_route_one_application(coordinator):
    links = []
    for number in range(2):
        application = Application.objects.create(
            email="cory@example.org",
            state=ApplicationState.UNCONFIRMED,
            since="2026-05-04T12:00Z",
            form_token_hash=str(number),
            **FULL,
        )
        links.append(make_link(application, LinkPurpose.CONFIRM))
    outcomes = race(candidate.confirm, *[{"link": link} for link in links])
    assert [outcome.error for outcome in outcomes].count(None) >= 1
    assert Application.objects.filter(state=ApplicationState.SUBMITTED).count() == 1


def test_concurrent_sending_of_form_makes_one_application():
    press = {"token": _token(), "typed": typed_application()}
    outcomes = race(candidate.send_new, *[press] * 4)
    assert {outcome.error for outcome in outcomes} == {None}
    assert (Application.objects.count(), PrivateLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(("apart", "ends"), [(timedelta(0), ["won", "won"]), (timedelta(days=1), ["Refused", "won"])])
def test_concurrent_proposals_make_one_interview(coordinator, apart, ends):
    application = sent()
    begin_review(application, coordinator)
    begun, first = Entry.objects.filter(action="interview_proposed"), timezone.now()
    proposal = {**as_seen(application), "place": "Room 2", "minutes": 45, "by": coordinator}
    outcomes = race(interviews.propose_times, *[{**proposal, "times": [at]} for at in (first, first + apart)])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ends
    assert (Interview.objects.count(), begun.count()) == (1, 1)


def _token() -> str:
    return form_tokens.fresh("apply")

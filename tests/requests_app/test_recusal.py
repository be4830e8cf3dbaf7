"""Why a request is offered to a member, and what follows when they may know the officer."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.team.models import Member
from requests_app.actions import officer, peer, request_rows
from requests_app.actions.peer import AcceptOutcome
from requests_app.domain.states import Recusal, Urgency
from requests_app.models import PendingTally
from requests_app.queries import members, officers
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_passing_on import accept, thread_of, write_as_officer

pytestmark = pytest.mark.django_db


def test_recusal_before_accepting_passes_it_on(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    member, other = (ana, ben) if first == ana.pk else (ben, ana)
    peer.recuse(member=member, request_id=submitted.unsealed.id)
    own = officers.own_request(submitted.credentials)
    assert own is not None and own.recusal == Recusal.UNREAD
    assert submitted.unsealed.routing.offered_to == [other.pk]


def test_recusal_after_accepting_passes_it_on(ana: Member, ben: Member) -> None:
    anas_contact = submit_request(wanted=ana.pk)
    accept(anas_contact, ana)
    write_as_officer(anas_contact, "it is about my partner, you know him")
    peer.recuse(member=ana, request_id=anas_contact.unsealed.id)
    assert anas_contact.unsealed.routing.recusal == Recusal.READ
    accept(anas_contact, ben)
    assert thread_of(anas_contact, ben) == []
    assert members.contacts_of(ana) == []
    assert not PendingTally.objects.exists()


def test_member_without_an_offer_cannot_recuse(contact: OpenRequest, ben: Member) -> None:
    before = contact.unsealed.routing
    with pytest.raises(request_rows.RequestUnavailable):
        peer.recuse(member=ben, request_id=contact.unsealed.id)
    assert contact.unsealed.routing == before


def test_desk_gives_the_reasons_and_recuses_with_one_press(ana: Member, ben: Member) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=7)):
        peer.set_matching_preferences(member_id=ana.pk, not_now=[], experiences=["divorce"])
    submitted = submit_request(concern="family", wanted=ana.pk)
    client = sign_in(Client(), ana)
    page = client.get("/desk/").content.decode()
    assert "been through something like it." in page and "I know this person" in page
    answer = client.post(f"/desk/known/{submitted.unsealed.id}/", follow=True).content.decode()
    assert "but not who, unless they asked only for you" in answer
    assert submitted.unsealed.routing.offered_to == [ben.pk]
    assert "or it was closed" in client.post(f"/desk/known/{submitted.unsealed.id}/", follow=True).content.decode()


@pytest.mark.parametrize("has_accepted", [True, False])
def test_recused_member_gets_no_offer_again(ana: Member, ben: Member, has_accepted: bool) -> None:
    submitted = submit_request(wanted=ana.pk)
    if has_accepted:
        accept(submitted, ana)
    peer.recuse(member=ana, request_id=submitted.unsealed.id)
    accept(submitted, ben)
    turn = submitted.unsealed.routing.turn
    assert not officer.change_peer(creds=submitted.credentials, next_may_read=True, turn=turn).is_offered
    assert not officer.offer_again(creds=submitted.credentials).is_offered
    assert (accept(submitted, ana), submitted.unsealed.routing.recipients) == (AcceptOutcome.TAKEN, ())


def test_next_peer_does_not_see_who_recused(ana: Member, ben: Member, ben_key: bytes) -> None:
    submitted = submit_request(wanted=ana.pk)
    peer.recuse(member=ana, request_id=submitted.unsealed.id)
    peer.decline(member=ben, request_id=submitted.unsealed.id)
    officer.offer_again(creds=submitted.credentials)
    (offer,) = members.offers_for(ben, ben_key)
    assert ana.pk not in offer.card.excluded_members


@pytest.mark.parametrize(
    ("gender", "words"), [("woman", "a woman"), ("man", "a man"), ("nonbinary", "someone non-binary")]
)
def test_desk_shows_the_gender_that_the_officer_prefers(ana: Member, gender: str, words: str) -> None:
    Member.objects.update(gender=gender)
    submit_request(gender=gender)
    assert f"rather talk to {words}." in sign_in(Client(), ana).get("/desk/").content.decode()

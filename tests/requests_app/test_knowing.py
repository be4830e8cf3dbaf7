"""Why a member is asked, and what follows when they may know who asks."""

import pytest
from django.test import Client

from peersupport.team.models import Member
from requests_app.actions import officer, peer, transitions
from requests_app.actions.peer import Answer
from requests_app.domain import routing
from requests_app.domain.states import HandedOn, Urgency
from requests_app.models import PendingTally
from requests_app.queries import members, officers
from tests.cast import sign_in
from tests.requests_app.conftest import Asked, ask
from tests.requests_app.test_going_on import accept, thread_of, write_as_officer

pytestmark = pytest.mark.django_db


def test_a_peer_who_knows_them_hands_it_on_before_accepting(ana: Member, ben: Member) -> None:
    asked = ask(Urgency.TODAY)
    (first,) = routing.asked(asked.opened.routing)
    member, other = (ana, ben) if first == ana.pk else (ben, ana)
    peer.know_this_person(member=member, request_id=asked.opened.id)
    own = officers.own_request(asked.credentials)
    assert own is not None and own.handed_on == HandedOn.UNREAD
    assert routing.asked(asked.opened.routing) == [other.pk]


def test_a_peer_who_knows_them_hands_it_on_after_accepting(ana: Member, ben: Member) -> None:
    anas = ask(wanted=ana.pk)
    accept(anas, ana)
    write_as_officer(anas, "it is about my partner, you know him")
    peer.know_this_person(member=ana, request_id=anas.opened.id)
    assert anas.opened.routing.handed_on == HandedOn.READ
    accept(anas, ben)
    assert thread_of(anas, ben) == []
    assert members.contacts_of(ana) == []
    assert not PendingTally.objects.exists()


def test_whoever_was_not_asked_hands_nothing_on(contact: Asked, ben: Member) -> None:
    before = contact.opened.routing
    with pytest.raises(transitions.Gone):
        peer.know_this_person(member=ben, request_id=contact.opened.id)
    assert contact.opened.routing == before


def test_the_desk_says_why_and_hands_on_with_one_press(ana: Member, ben: Member) -> None:
    peer.set_sharing(member_id=ana.pk, not_now=[], experiences=["divorce"])
    asked = ask(concern="family", wanted=ana.pk)
    client = sign_in(Client(), ana)
    page = client.get("/desk/").content.decode()
    assert "You have lived through something like it." in page and "I know this person" in page
    answer = client.post(f"/desk/known/{asked.opened.id}/", follow=True).content.decode()
    assert "a peer handed it on, and not who" in answer
    assert routing.asked(asked.opened.routing) == [ben.pk]
    assert "or it was closed" in client.post(f"/desk/known/{asked.opened.id}/", follow=True).content.decode()


@pytest.mark.parametrize("has_accepted", [True, False])
def test_whoever_knows_them_is_not_asked_again(ana: Member, ben: Member, has_accepted: bool) -> None:
    asked = ask(wanted=ana.pk)
    if has_accepted:
        accept(asked, ana)
    peer.know_this_person(member=ana, request_id=asked.opened.id)
    accept(asked, ben)
    assert officer.change_peer(creds=asked.credentials, next_may_read=True, turn=asked.opened.routing.turn).asked == 0
    assert officer.try_again(creds=asked.credentials).asked == 0
    assert (accept(asked, ana), asked.opened.routing.places) == (Answer.TAKEN, ())


def test_the_next_peer_does_not_read_who_knows_them(ana: Member, ben: Member, ben_key: bytes) -> None:
    asked = ask(wanted=ana.pk)
    peer.know_this_person(member=ana, request_id=asked.opened.id)
    peer.decline(member=ben, request_id=asked.opened.id)
    officer.try_again(creds=asked.credentials)
    (offer,) = members.offers_for(ben, ben_key)
    assert ana.pk not in offer.card["not_these"]


@pytest.mark.parametrize(
    ("gender", "words"), [("woman", "a woman"), ("man", "a man"), ("nonbinary", "somebody non-binary")]
)
def test_the_desk_says_whom_they_would_rather_talk_to(ana: Member, gender: str, words: str) -> None:
    Member.objects.update(gender=gender)
    ask(gender=gender)
    assert f"They would rather talk to {words}, as you are." in sign_in(Client(), ana).get("/desk/").content.decode()

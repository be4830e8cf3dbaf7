"""From an offer to a contact, to the next one, or to nobody."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.incidents.actions import activate, call_out
from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.team.actions.availability import add_hours
from peersupport.team.actions.membership import de_select, take_leave
from peersupport.team.domain.states import EndReason, Purpose
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, sweep
from requests_app.actions.peer import Answer
from requests_app.domain import routing
from requests_app.domain.states import State, Urgency
from requests_app.models import Request
from requests_app.queries import members, unsealing
from tests.cast import make_member, sign_in
from tests.requests_app.conftest import Asked, ask, train
from training.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def both_know(ana: Member, ana_key: bytes, ben: Member, ben_key: bytes) -> dict[int, tuple[Member, bytes]]:
    return {ana.pk: (ana, ana_key), ben.pk: (ben, ben_key)}


def accept(asked: Asked, member: Member, key: bytes) -> Answer:
    return peer.accept(member=member, request_id=asked.opened.id, private_key=key)


def test_the_first_to_accept_has_it(ana: Member, ana_key: bytes, ben: Member, ben_key: bytes) -> None:
    asked = ask(Urgency.NOW)
    assert accept(asked, ben, ben_key) == Answer.ACCEPTED
    assert accept(asked, ana, ana_key) == Answer.TAKEN
    assert asked.opened.routing.holds_contact(ben.pk)


def test_only_who_was_asked_may_accept(both_know: dict[int, tuple[Member, bytes]]) -> None:
    asked = ask(Urgency.TODAY)
    (first,) = routing.asked(asked.opened.routing)
    other = next(pair for number, pair in both_know.items() if number != first)
    assert accept(asked, *other) == Answer.TAKEN
    assert asked.opened.routing.state == State.OFFERED


def test_a_decline_asks_the_next_and_deletes_the_envelope(both_know: dict[int, tuple[Member, bytes]]) -> None:
    asked = ask(Urgency.TODAY)
    (first,) = routing.asked(asked.opened.routing)
    peer.decline(member=both_know[first][0], request_id=asked.opened.id)
    (second,) = routing.asked(asked.opened.routing)
    assert second != first
    assert asked.opened.routing.place_of(first) is None


def test_a_decline_of_somebody_who_was_not_asked_changes_nothing(both_know: dict[int, tuple[Member, bytes]]) -> None:
    asked = ask(Urgency.TODAY)
    before = asked.opened.routing
    (first,) = routing.asked(before)
    other = next(pair[0] for number, pair in both_know.items() if number != first)
    peer.decline(member=other, request_id=asked.opened.id)
    assert asked.opened.routing == before


def test_when_all_decline_nobody_is_left_and_the_coordinator_is_told(
    ana: Member, ben: Member, coordinator: User
) -> None:
    asked = ask(Urgency.NOW)
    Notice.objects.all().delete()
    for member in (ana, ben):
        peer.decline(member=member, request_id=asked.opened.id)
    assert asked.opened.routing.state == State.NOBODY
    assert [notice.recipient for notice in Notice.objects.all()] == [coordinator]


def test_time_out_asks_the_next_one(ana: Member, ben: Member) -> None:
    asked = ask(Urgency.TODAY)
    (first,) = routing.asked(asked.opened.routing)
    sweep.tend_all(now=timezone.now() + timedelta(minutes=29))
    assert routing.asked(asked.opened.routing) == [first]
    sweep.tend_all(now=timezone.now() + timedelta(minutes=61))
    (second,) = routing.asked(asked.opened.routing)
    assert second != first


def test_time_out_of_the_last_one_leaves_nobody(ana: Member, coordinator: User) -> None:
    asked = ask(Urgency.TODAY)
    sweep.tend_all(now=timezone.now() + timedelta(minutes=61))
    assert asked.opened.routing.state == State.NOBODY
    assert Notice.objects.filter(recipient=coordinator).exists()


def test_the_officer_can_send_it_on_with_one_press(ana: Member, ana_key: bytes) -> None:
    asked = ask(Urgency.TODAY)
    peer.decline(member=ana, request_id=asked.opened.id)
    sent = officer_actions.try_again(creds=asked.credentials)
    assert sent.asked == 1
    assert accept(asked, ana, ana_key) == Answer.ACCEPTED


def test_sending_on_while_somebody_has_it_changes_nothing(contact: Asked) -> None:
    before = contact.opened.routing
    officer_actions.try_again(creds=contact.credentials)
    assert contact.opened.routing == before


def test_who_carries_as_many_as_they_can_is_asked_for_one_more_only_where_nobody_else_is_there(
    ana: Member, ana_key: bytes, ben: Member, ben_key: bytes
) -> None:
    for _ in range(ana.cap):
        assert accept(ask(not_these=(ben.pk,)), ana, ana_key) == Answer.ACCEPTED
    assert [place.member_id for place in ask().opened.routing.places] == [ben.pk]
    assert accept(ask(not_these=(ben.pk,)), ana, ana_key) == Answer.ACCEPTED
    assert ask(not_these=(ben.pk,)).opened.routing.state == State.NOBODY


def test_the_cap_holds_when_several_were_offered_before(ana: Member, ana_key: bytes) -> None:
    offered = [ask() for _ in range(ana.cap + 1)]
    answers = [accept(asked, ana, ana_key) for asked in offered]
    assert answers == [Answer.ACCEPTED] * ana.cap + [Answer.NOT_ABLE]
    assert offered[-1].opened.routing.state == State.NOBODY


def test_training_that_lapses_after_the_offer_hands_it_on(ana: Member, ana_key: bytes, ben: Member) -> None:
    train(ana, "suicide_intervention")
    asked = ask(concern="suicidal_thoughts")
    Record.objects.filter(member=ana).delete()
    assert accept(asked, ana, ana_key) == Answer.NOT_ABLE
    assert asked.opened.routing.state == State.NOBODY


@pytest.mark.parametrize("how", ["leave", "de-selected", "term over", "new key"])
def test_a_peer_who_was_asked_and_serves_no_longer_is_passed_over(
    both_know: dict[int, tuple[Member, bytes]], coordinator: User, how: str
) -> None:
    asked = ask(Urgency.TODAY)
    (first,) = routing.asked(asked.opened.routing)
    _lose(both_know[first][0], how, coordinator)
    sweep.tend_all(now=timezone.now())
    (second,) = routing.asked(asked.opened.routing)
    assert second != first


@pytest.mark.parametrize("how", ["leave", "de-selected", "term over", "new key"])
def test_a_lost_peer_leaves_the_decision_to_the_officer(
    officer: Client, contact: Asked, ana: Member, ben: Member, ben_key: bytes, coordinator: User, how: str
) -> None:
    _lose(ana, how, coordinator)
    Notice.objects.all().delete()
    for _ in range(2):
        sweep.tend_all(now=timezone.now())
    assert contact.opened.routing.state == State.PEER_LOST
    (told,) = Notice.objects.all()
    assert (told.recipient, told.is_urgent) == (coordinator, True)
    officer.post("/request/return/", {"receipt": " ".join(contact.words)})
    page = officer.get("/request/thread/").content.decode()
    assert "can&#x27;t continue. This is not about you" in page or "can't continue. This is not about you" in page
    officer.post("/request/send-on/")
    assert accept(contact, ben, ben_key) == Answer.ACCEPTED
    found = members.contact_for(ben, contact.opened.id, ben_key)
    assert found.words["message"] == "I have not slept."
    assert found.thread == []


@pytest.mark.parametrize("has_written", [True, False])
def test_a_peer_who_had_written_and_was_lost_may_count_it(
    contact: Asked, ana: Member, ana_key: bytes, coordinator: User, has_written: bool
) -> None:
    if has_written:
        of_ana = {"member": ana, "request_id": contact.opened.id, "private_key": ana_key}
        peer.write_as_peer(**of_ana, token=form_tokens.fresh("write"), text="I am here.")
    _lose(ana, "new key", coordinator)
    for _ in range(2):
        sweep.tend_all(now=timezone.now())
    assert len(members.owed_by(ana)) == has_written


def test_words_go_on_to_the_next_peer_and_the_thread_does_not(
    contact: Asked, ana: Member, ana_key: bytes, ben: Member, ben_key: bytes, coordinator: User
) -> None:
    officer_actions.write_as_officer(creds=contact.credentials, token=form_tokens.fresh("write"), text="only for ana")
    _lose(ana, "leave", coordinator)
    sweep.tend_all(now=timezone.now())
    officer_actions.try_again(creds=contact.credentials)
    accept(contact, ben, ben_key)
    found = members.contact_for(ben, contact.opened.id, ben_key)
    assert (found.words["contact"], found.thread) == ("555-0100, after six", [])


def test_an_offer_shows_the_card_and_no_word(ana: Member, ana_key: bytes) -> None:
    ask(concern="grief", message="the words", contact="the number")
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card["concern"] == "grief"
    assert "the words" not in str(offer) and "the number" not in str(offer)
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    assert "Grief or loss" in page and "the words" not in page and "the number" not in page


def test_the_desk_accepts_and_opens_the_contact(ana: Member) -> None:
    ask(message="the words")
    client = sign_in(Client(), ana)
    answer = client.post(f"/desk/offers/{Request.objects.get().pk}/accept/", follow=True)
    assert answer.redirect_chain[0][0] == f"/desk/contacts/{Request.objects.get().pk}/"
    assert "the words" in answer.content.decode()


def test_without_the_second_cookie_nothing_opens(ana: Member) -> None:
    ask(concern="grief", message="the words")
    client = sign_in(Client(), ana)
    del client.cookies["peerkey"]
    page = client.get("/desk/").content.decode()
    assert "Your key is locked" in page and "Grief" not in page
    client.post(f"/desk/offers/{Request.objects.get().pk}/accept/")
    assert next(unsealing.open_requests()).routing.state == State.OFFERED


def test_the_desk_asks_the_same_number_of_queries_with_many_offers(ana: Member, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(Client(), ana)
    ask()
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/")
    for _ in range(8):
        ask()
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/")
    assert len(many) == len(few)


def test_every_member_on_call_finds_a_now_on_their_desk(coordinator: User, ana: Member) -> None:
    others = [make_member(f"On{number} Call", confirmed_by=coordinator) for number in range(4)]
    asked = ask(Urgency.NOW)
    assert set(routing.asked(asked.opened.routing)) == {ana.pk, *(member.pk for member in others)}


def _lose(member: Member, how: str, coordinator: User) -> None:
    today = timezone.localdate()
    if how == "leave":
        take_leave(member_id=member.pk, first=today, last=None, by=coordinator)
    elif how == "de-selected":
        de_select(member_id=member.pk, reason=EndReason.OWN_WISH, on=today, by=coordinator)
    elif how == "term over":
        Member.objects.filter(pk=member.pk).update(term_ends_on=today)
    else:
        key = MemberKey.objects.get(member=member, is_retired=False)
        public_key, sealed = key.public_key, (key.sealed_by_password, key.sealed_by_recovery)
        key.is_retired, key.sealed_by_password, key.sealed_by_recovery = True, b"", b""
        key.save()
        key.pk, key.is_retired, key.confirmed_by, key.confirmed_on = None, False, None, None
        key.public_key, (key.sealed_by_password, key.sealed_by_recovery) = public_key, sealed
        key.save()


def test_the_desk_says_what_is_carried_what_is_due_and_takes_a_pause(ana: Member, ana_key: bytes) -> None:
    accept(ask(concern="grief"), ana, ana_key)
    desk = sign_in(Client(), ana)
    page = desk.get("/desk/").content.decode()
    assert "Grief or loss · Asked for an answer within the day" in page
    assert "You carry one of the three you said you can." in page
    assert "They wait for your first answer" in page and "please answer by" in page
    assert "Your next hours on call" in page and "Ask for a call" in page
    desk.post("/my-page/pause/", {"days": 1})
    page = desk.get("/desk/").content.decode()
    assert "You pause, and are back on" in page and "I am here again" in page and "You are not on call" in page
    assert "You are not asked yet" not in page


def test_the_desk_has_one_thing_to_press_first(ana: Member, coordinator: User) -> None:
    for _ in range(2):
        ask()
    activate(by=coordinator)
    call_out(member_ids=[ana.pk], meeting="Room 2", by=coordinator)
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    assert page.count(">Accept<") == 2 and ">I can come<" in page
    assert page.index(">Accept<") < page.index("Can you come?"), "somebody who asked comes first"
    assert page.count('class="button"') == 1


def test_hours_on_call_that_overlap_are_told_once(ana: Member) -> None:
    add_hours(member_id=ana.pk, purpose=Purpose.ON_CALL, by=ana.user, starts=time(18), ends=time(6))
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    hours = page.split("Your next hours on call")[1].split("</div>")[0]
    assert hours.count(" to ") == 1, "always, told once"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"leave_from": "2026-01-01", "leave_until": "2098-03-01"}, "You are on leave up to Saturday, 1 March."),
        ({"term_ends_on": "2026-02-01"}, "Your term ended on 1 February 2026."),
        ({"state": "in_training", "designated_on": None}, "You are not asked yet."),
    ],
)
def test_who_is_asked_nothing_reads_why(ana: Member, fields: dict[str, object], said: str) -> None:
    Member.objects.filter(pk=ana.pk).update(**fields)
    assert said in sign_in(Client(), ana).get("/desk/").content.decode()

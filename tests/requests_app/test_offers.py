"""From an offer to a contact, to the next peer, or to nobody."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from peersupport.incidents.actions import begin_activation, call_out
from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.team.actions.availability import add_hours
from peersupport.team.actions.membership import end_membership, take_leave
from peersupport.team.domain.states import EndReason, HoursPurpose
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, sweep
from requests_app.actions.peer import AcceptOutcome
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Request
from requests_app.queries import members, unsealing
from tests.cast import make_member, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request, train
from training.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def both_members(ana: Member, ana_key: bytes, ben: Member, ben_key: bytes) -> dict[int, tuple[Member, bytes]]:
    return {ana.pk: (ana, ana_key), ben.pk: (ben, ben_key)}


def accept(submitted: OpenRequest, member: Member, key: bytes) -> AcceptOutcome:
    return peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key)


def test_accepting_while_the_key_is_to_be_compared_again_loses_no_place(ana: Member, ana_key: bytes) -> None:
    submitted = submit_request()
    MemberKey.objects.update(confirmation=b"")
    assert accept(submitted, ana, ana_key) == AcceptOutcome.NOT_ELIGIBLE
    assert submitted.unsealed.routing.offered_recipient(ana.pk)


def test_first_to_accept_gets_the_request(ana: Member, ana_key: bytes, ben: Member, ben_key: bytes) -> None:
    submitted = submit_request(Urgency.NOW)
    assert accept(submitted, ben, ben_key) == AcceptOutcome.ACCEPTED
    assert accept(submitted, ana, ana_key) == AcceptOutcome.TAKEN
    assert submitted.unsealed.routing.is_contact_of(ben.pk)


def test_only_an_offered_member_can_accept(both_members: dict[int, tuple[Member, bytes]]) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    other = next(pair for number, pair in both_members.items() if number != first)
    assert accept(submitted, *other) == AcceptOutcome.TAKEN
    assert submitted.unsealed.routing.state == RequestState.OFFERED


def test_decline_offers_it_to_the_next_and_deletes_the_envelope(both_members: dict[int, tuple[Member, bytes]]) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    peer.decline(member=both_members[first][0], request_id=submitted.unsealed.id)
    (second,) = submitted.unsealed.routing.offered_to
    assert second != first
    assert submitted.unsealed.routing.recipient_for(first) is None


def test_decline_says_what_follows(ana: Member) -> None:
    address = f"/desk/offers/{submit_request().unsealed.id}/decline/"
    page = sign_in(Client(), ana).post(address, follow=True).content.decode()
    assert "Declined. There&#x27;s nothing else for you to do." in page


def test_decline_without_an_offer_changes_nothing(both_members: dict[int, tuple[Member, bytes]]) -> None:
    submitted = submit_request(Urgency.TODAY)
    before = submitted.unsealed.routing
    (first,) = before.offered_to
    other = next(pair[0] for number, pair in both_members.items() if number != first)
    peer.decline(member=other, request_id=submitted.unsealed.id)
    assert submitted.unsealed.routing == before


def test_coordinator_is_notified_when_everybody_declines(ana: Member, ben: Member, coordinator: User) -> None:
    submitted = submit_request(Urgency.NOW)
    Notice.objects.all().delete()
    for member in (ana, ben):
        peer.decline(member=member, request_id=submitted.unsealed.id)
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    assert [notice.recipient for notice in Notice.objects.all()] == [coordinator]


def test_timeout_offers_it_to_the_next(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    sweep.run(now=timezone.now() + timedelta(minutes=29))
    assert submitted.unsealed.routing.offered_to == [first]
    sweep.run(now=timezone.now() + timedelta(minutes=61))
    (second,) = submitted.unsealed.routing.offered_to
    assert second != first


def test_timeout_of_the_last_offer_leaves_nobody(ana: Member, coordinator: User) -> None:
    submitted = submit_request(Urgency.TODAY)
    sweep.run(now=timezone.now() + timedelta(minutes=61))
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    assert Notice.objects.filter(recipient=coordinator).exists()


def test_officer_can_have_it_offered_again(ana: Member, ana_key: bytes) -> None:
    submitted = submit_request(Urgency.TODAY)
    peer.decline(member=ana, request_id=submitted.unsealed.id)
    sent = officer_actions.offer_again(creds=submitted.credentials)
    assert sent.is_offered
    assert accept(submitted, ana, ana_key) == AcceptOutcome.ACCEPTED


def test_offering_again_while_a_peer_has_it_changes_nothing(contact: OpenRequest) -> None:
    before = contact.unsealed.routing
    officer_actions.offer_again(creds=contact.credentials)
    assert contact.unsealed.routing == before


def test_member_at_their_cap_gets_one_more_only_where_nobody_else_can(
    ana: Member, ana_key: bytes, ben: Member, ben_key: bytes
) -> None:
    for _ in range(ana.cap):
        assert accept(submit_request(excluded_members=(ben.pk,)), ana, ana_key) == AcceptOutcome.ACCEPTED
    assert [recipient.member_id for recipient in submit_request().unsealed.routing.recipients] == [ben.pk]
    assert accept(submit_request(excluded_members=(ben.pk,)), ana, ana_key) == AcceptOutcome.ACCEPTED
    assert submit_request(excluded_members=(ben.pk,)).unsealed.routing.state == RequestState.NOBODY


def test_cap_applies_to_offers_made_before(ana: Member, ana_key: bytes) -> None:
    offered = [submit_request() for _ in range(ana.cap + 1)]
    answers = [accept(submitted, ana, ana_key) for submitted in offered]
    assert answers == [AcceptOutcome.ACCEPTED] * ana.cap + [AcceptOutcome.NOT_ELIGIBLE]
    assert offered[-1].unsealed.routing.state == RequestState.NOBODY


def test_training_that_lapses_after_the_offer_passes_it_on(ana: Member, ana_key: bytes, ben: Member) -> None:
    train(ana, "suicide_intervention")
    submitted = submit_request(concern="suicidal_thoughts")
    Record.objects.filter(member=ana).delete()
    assert accept(submitted, ana, ana_key) == AcceptOutcome.NOT_ELIGIBLE
    assert submitted.unsealed.routing.state == RequestState.NOBODY


@pytest.mark.parametrize("how", ["leave", "de-selected", "term over", "new key"])
def test_offered_member_who_no_longer_serves_is_passed_over(
    both_members: dict[int, tuple[Member, bytes]], coordinator: User, how: str
) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    _lose(both_members[first][0], how, coordinator)
    sweep.run(now=timezone.now())
    (second,) = submitted.unsealed.routing.offered_to
    assert second != first


@pytest.mark.parametrize("how", ["leave", "de-selected", "term over", "new key"])
def test_lost_peer_leaves_the_decision_to_the_officer(
    officer: Client, contact: OpenRequest, ana: Member, ben: Member, ben_key: bytes, coordinator: User, how: str
) -> None:
    _lose(ana, how, coordinator)
    Notice.objects.all().delete()
    for _ in range(2):
        sweep.run(now=timezone.now())
    assert contact.unsealed.routing.state == RequestState.PEER_LOST
    (notice,) = Notice.objects.all()
    assert (notice.recipient, notice.is_urgent) == (coordinator, True)
    officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words)})
    page = officer.get("/request/thread/").content.decode()
    assert "can&#x27;t continue. This is not about you." in page
    officer.post("/request/send-on/")
    assert accept(contact, ben, ben_key) == AcceptOutcome.ACCEPTED
    found = members.contact_for(ben, contact.unsealed.id, ben_key)
    assert found.words.message == "I have not slept."
    assert found.thread == ()


@pytest.mark.parametrize("has_written", [True, False])
def test_lost_peer_who_has_written_can_tally_it(
    contact: OpenRequest, ana: Member, ana_key: bytes, coordinator: User, has_written: bool
) -> None:
    if has_written:
        of_ana = {"member": ana, "request_id": contact.unsealed.id, "private_key": ana_key}
        peer.write(**of_ana, token=form_tokens.fresh("write"), text="I am here.")
    _lose(ana, "new key", coordinator)
    for _ in range(2):
        sweep.run(now=timezone.now())
    assert len(members.pending_tallies_of(ana)) == has_written


def test_next_peer_reads_the_words_and_not_the_thread(
    contact: OpenRequest, ana: Member, ana_key: bytes, ben: Member, ben_key: bytes, coordinator: User
) -> None:
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="only for ana")
    _lose(ana, "leave", coordinator)
    sweep.run(now=timezone.now())
    officer_actions.offer_again(creds=contact.credentials)
    accept(contact, ben, ben_key)
    found = members.contact_for(ben, contact.unsealed.id, ben_key)
    assert (found.words.contact, found.thread) == ("555-0100, after six", ())


def test_offer_shows_the_card_and_no_words(ana: Member, ana_key: bytes) -> None:
    submit_request(concern="grief", message="the words", contact="the number")
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card.concern == "grief"
    assert "the words" not in str(offer) and "the number" not in str(offer)
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    assert "Grief or loss" in page and "the words" not in page and "the number" not in page


def test_accepting_on_the_desk_opens_the_contact(ana: Member) -> None:
    submit_request(message="the words")
    client = sign_in(Client(), ana)
    answer = client.post(f"/desk/offers/{Request.objects.get().pk}/accept/", follow=True)
    assert answer.redirect_chain[0][0] == f"/desk/contacts/{Request.objects.get().pk}/"
    assert "the words" in answer.content.decode()


def test_nothing_opens_without_the_key_cookie(ana: Member) -> None:
    submit_request(concern="grief", message="the words")
    client = sign_in(Client(), ana)
    del client.cookies["peerkey"]
    page = client.get("/desk/").content.decode()
    assert "Your key is locked" in page and "Grief" not in page
    client.post(f"/desk/offers/{Request.objects.get().pk}/accept/")
    assert next(unsealing.open_requests()).routing.state == RequestState.OFFERED


def test_desk_query_count_does_not_grow_with_offers(ana: Member, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(Client(), ana)
    submit_request()
    client.get("/desk/")  # from then on it is remembered where requests stand, and what follows from the team's records
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/")
    for _ in range(8):
        submit_request()
    client.get("/desk/")
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/")
    assert len(many) == len(few)


def test_now_is_on_the_desk_of_every_member_on_call(coordinator: User, ana: Member) -> None:
    others = [make_member(f"On{number} Call", confirmed_by=coordinator) for number in range(4)]
    submitted = submit_request(Urgency.NOW)
    assert set(submitted.unsealed.routing.offered_to) == {ana.pk, *(member.pk for member in others)}


def _lose(member: Member, how: str, coordinator: User) -> None:
    today = timezone.localdate()
    if how == "leave":
        take_leave(member_id=member.pk, first=today, last=None, by=coordinator)
    elif how == "de-selected":
        end_membership(member_id=member.pk, reason=EndReason.OWN_WISH, on=today, by=coordinator)
    elif how == "term over":
        Member.objects.filter(pk=member.pk).update(term_ends_on=today)
    else:
        key = MemberKey.objects.get(member=member, is_retired=False)
        public_key, sealed = key.public_key, (key.sealed_by_password, key.sealed_by_recovery)
        key.is_retired, key.sealed_by_password, key.sealed_by_recovery, key.confirmation = True, b"", b"", b""
        key.save()
        key.pk, key.is_retired, key.confirmed_by, key.confirmed_on = None, False, None, None
        key.public_key, (key.sealed_by_password, key.sealed_by_recovery) = public_key, sealed
        key.save()


def test_desk_shows_contacts_and_deadlines_and_takes_a_pause(ana: Member, ana_key: bytes) -> None:
    accept(submit_request(concern="grief"), ana, ana_key)
    desk = sign_in(Client(), ana)
    page = desk.get("/desk/").content.decode()
    assert "Grief or loss · Asked for an answer today" in page
    assert "One open contact. You said you can take three." in page
    assert "waiting for your first answer</b>" in page and "Please answer by" in page
    assert "Your next hours on call" in page and "Ask for a call" in page
    desk.post("/my-page/pause/", {"days": 1})
    page = desk.get("/desk/").content.decode()
    assert "paused until" in page and "End pause" in page and "not on call" in page
    assert "get requests yet" not in page
    hours = page.split("Your next hours on call")[1].split("</div>")[0]
    assert date_format(timezone.localdate(), "DAY_FORMAT") not in hours, "nobody is on call while paused"


def test_desk_has_one_primary_button(ana: Member, coordinator: User) -> None:
    for _ in range(2):
        submit_request()
    begin_activation(by=coordinator)
    call_out(member_ids=[ana.pk], meeting="Room 2", by=coordinator)
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    assert page.count(">Accept<") == 2 and ">I can come<" in page
    assert page.index(">Accept<") < page.index("Can you come?"), "somebody who asked comes first"
    assert page.count('class="button"') == 1


def test_overlapping_on_call_hours_are_shown_once(ana: Member) -> None:
    add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, by=ana.user, starts=time(18), ends=time(6))
    page = sign_in(Client(), ana).get("/desk/").content.decode()
    hours = page.split("Your next hours on call")[1].split("</div>")[0]
    assert hours.count(" to ") == 1, "always, told once"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"leave_from": "2026-01-01", "leave_until": "2098-03-01"}, "on leave through Saturday, March 1."),
        ({"term_ends_on": "2026-02-01"}, "Your term ended on February 1, 2026."),
        ({"state": "in_training", "designated_on": None}, "get requests yet."),
    ],
)
def test_desk_says_why_nothing_is_offered(ana: Member, fields: dict[str, object], said: str) -> None:
    Member.objects.filter(pk=ana.pk).update(**fields)
    assert said in sign_in(Client(), ana).get("/desk/").content.decode()

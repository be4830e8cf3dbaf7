"""After the first offer: waves, first answers, passing on, changing the peer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.program.models import ProgramSettings
from peersupport.sealing import envelope
from peersupport.team.actions import availability
from peersupport.team.models import Member, User
from requests_app import vault
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, request_rows, submission, sweep
from requests_app.actions.peer import AcceptOutcome
from requests_app.domain.card import Card
from requests_app.domain.matching import MatchReason, SoftRule, Waiver
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Message, PendingTally, RequestSettings
from requests_app.queries import members, officers, unsealing
from tests.cast import make_member, private_key_of, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request, train

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=ZoneInfo("America/Chicago"))


def accept(submitted: OpenRequest, member: Member) -> AcceptOutcome:
    key = private_key_of(member.user.name)
    return peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key)


def write(submitted: OpenRequest, member: Member, text: str = "I am here.") -> None:
    key, token = private_key_of(member.user.name), form_tokens.fresh("write")
    peer.write(member=member, request_id=submitted.unsealed.id, private_key=key, token=token, text=text)


def write_as_officer(submitted: OpenRequest, text: str) -> None:
    officer_actions.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=text)


def thread_of(submitted: OpenRequest, member: Member) -> list[str]:
    found = members.contact_for(member, submitted.unsealed.id, private_key_of(member.user.name))
    return [message.text for message in found.thread]


@pytest.fixture
def anas_contact(ana: Member, ben: Member) -> OpenRequest:
    """A request that Ana has accepted, and that could go to Ben next."""
    submitted = submit_request(message="I have not slept.", wanted=ana.pk)
    assert accept(submitted, ana) == AcceptOutcome.ACCEPTED
    return submitted


def notified() -> set[User]:
    return {notice.recipient for notice in Notice.objects.all()}


# The waves of "now"


def test_now_notifies_again_then_the_others_then_oversight(
    ana: Member, coordinator: User, director: User, designee: User
) -> None:
    other = make_member("Off Call", confirmed_by=coordinator, on_call=False)
    submitted = submit_request(Urgency.NOW)
    start = timezone.now()
    seen = []
    for minute in (1, 4, 11, 21, 31):
        Notice.objects.all().delete()
        sweep.run(now=start + timedelta(minutes=minute))
        seen.append(notified())
    assert seen == [set(), {ana.user}, {ana.user, other.user}, {coordinator, designee}, {coordinator, designee}]
    own = officers.own_request(submitted.credentials)
    assert own is not None and (own.state, own.is_oversight_notified) == (RequestState.NOBODY, True)


def test_times_set_by_the_program_apply(ana: Member, coordinator: User, time_machine: object) -> None:
    time_machine.move_to(NOON, tick=False)  # type: ignore[attr-defined]
    make_member("Off Call", confirmed_by=coordinator, on_call=False)
    RequestSettings.objects.create(pk=1, now_again_minutes=5, now_available_minutes=6)
    submitted = submit_request(Urgency.NOW)
    for minute, expected in ((4, 1), (5, 1), (7, 2)):
        sweep.run(now=timezone.now() + timedelta(minutes=minute))
        assert len(submitted.unsealed.routing.offered_to) == expected


def test_offer_that_can_wait_is_notified_in_the_morning(ana: Member, time_machine: object) -> None:
    time_machine.move_to(NOON.replace(hour=22), tick=False)  # type: ignore[attr-defined]
    submitted = submit_request(Urgency.WHEN_YOU_CAN)
    assert (submitted.unsealed.routing.offered_to, notified()) == ([ana.pk], set())
    time_machine.move_to(NOON.replace(day=5, hour=7), tick=False)  # type: ignore[attr-defined]
    sweep.run(now=timezone.now())
    assert notified() == {ana.user}


def test_peer_who_becomes_free_gets_the_offer_without_a_press(ana: Member, ben: Member, coordinator: User) -> None:
    submitted = submit_request(Urgency.TODAY, wanted=ana.pk)
    Member.objects.filter(pk=ben.pk).update(cap=1)
    other = submit_request(wanted=ben.pk)
    accept(other, ben)
    peer.decline(member=ana, request_id=submitted.unsealed.id)
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    officer_actions.close(creds=other.credentials)
    sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.offered_to == [ben.pk]


# The first answer


def test_offer_to_a_peer_who_cannot_get_in_goes_on_to_the_next(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.TODAY, wanted=ana.pk)
    other = submit_request(Urgency.TODAY, wanted=ana.pk)
    assert accept(other, ana) == AcceptOutcome.ACCEPTED
    assert submitted.unsealed.routing.offered_to == [ana.pk]
    availability.make_unavailable(member_id=ana.pk, by=None)
    Notice.objects.all().delete()
    for _ in range(2):
        sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.offered_to == [ben.pk]
    assert notified() == {ben.user}
    own = other.unsealed.routing.peer
    assert own is not None and own.member_id == ana.pk, "what they accepted stays with them"
    availability.end_pause(member_id=ana.pk, by=ana.user)
    third = submit_request(Urgency.TODAY, wanted=ana.pk)
    sweep.run(now=timezone.now())
    assert third.unsealed.routing.offered_to == [ana.pk], "they are back"


@pytest.mark.parametrize("urgency", Urgency)
def test_missing_first_answer_reminds_the_peer_and_then_passes_it_on(
    ana: Member, ben: Member, urgency: Urgency
) -> None:
    submitted = submit_request(urgency, message="I have not slept.", excluded_members=(ben.pk,))
    accept(submitted, ana)
    patience = {"now": 16, "today": 4 * 60 + 31, "when_you_can": 24 * 60 + 31}[urgency]
    Notice.objects.all().delete()
    start = timezone.now()
    sweep.run(now=start + timedelta(minutes=patience))
    assert (notified(), submitted.unsealed.routing.state) == ({ana.user}, RequestState.ACCEPTED)
    sweep.run(now=start + timedelta(minutes=2 * patience))
    route = submitted.unsealed.routing
    assert (route.state, route.recipient_for(ana.pk)) == (RequestState.NOBODY, None)
    assert not PendingTally.objects.exists(), "a peer who wrote nothing has nothing to tally"


def test_no_deadline_after_the_first_answer(contact: OpenRequest, ana: Member) -> None:
    write(contact, ana)
    Notice.objects.all().delete()
    sweep.run(now=timezone.now() + timedelta(days=3))
    assert (notified(), contact.unsealed.routing.due) == (set(), None)
    assert contact.unsealed.routing.is_contact_of(ana.pk)


def test_next_peer_reads_the_thread_where_the_officer_shared_it(
    anas_contact: OpenRequest, ana: Member, ben: Member
) -> None:
    write_as_officer(anas_contact, "are you there?")
    for hours in (5, 10):
        sweep.run(now=timezone.now() + timedelta(hours=hours))
    assert anas_contact.unsealed.routing.offered_to == [ben.pk]
    own = officers.own_request(anas_contact.credentials)
    assert own is not None and [message.text for message in own.thread] == ["are you there?"]
    officer_actions.share_thread(creds=anas_contact.credentials, turn=1)
    accept(anas_contact, ben)
    assert thread_of(anas_contact, ben) == ["are you there?"]


# Another peer


@pytest.mark.parametrize("next_may_read", [True, False])
def test_officer_changes_the_peer_and_decides_whether_the_next_may_read(
    contact: OpenRequest, ana: Member, ben: Member, next_may_read: bool
) -> None:
    write_as_officer(contact, "one")
    write(contact, ana, "two")
    sent = officer_actions.change_peer(creds=contact.credentials, next_may_read=next_may_read, turn=1)
    assert sent.is_offered
    assert Message.objects.exists() is next_may_read
    accept(contact, ben)
    assert thread_of(contact, ben) == (["one", "two"] if next_may_read else [])
    write(contact, ben, "three")
    own = officers.own_request(contact.credentials)
    assert own is not None
    assert [message.text for message in own.thread] == (["one", "two", "three"] if next_may_read else ["three"])
    assert [each.member_id for each in members.pending_tallies()] == [ana.pk], (
        "they had written, so it is theirs to tally"
    )


def test_key_of_an_earlier_peer_opens_nothing_of_a_shared_thread(
    contact: OpenRequest, ana: Member, ben: Member
) -> None:
    request, her_key = contact.unsealed, private_key_of("Ana Alvarez")
    content_key = vault.content_key_from_seed(request.key, contact.credentials.seed)
    old_key = vault.open_thread_key(request.key, her_key, request.routing.thread_peer_envelope)
    write(contact, ana, "before")
    officer_actions.change_peer(creds=contact.credentials, next_may_read=True, turn=1)
    accept(contact, ben)
    write(contact, ben, "after")
    with pytest.raises(envelope.CannotOpen):
        unsealing.messages_of(contact.unsealed, unsealing.turn_key(contact.unsealed, content_key, old_key))


def test_damaged_message_does_not_keep_a_peer_from_accepting(contact: OpenRequest, ana: Member, ben: Member) -> None:
    write(contact, ana, "one")
    write(contact, ana, "two")
    officer_actions.change_peer(creds=contact.credentials, next_may_read=True, turn=1)
    row = Message.objects.first()
    assert row is not None
    row.body = bytes(row.body)[::-1]
    row.save()
    assert accept(contact, ben) == AcceptOutcome.ACCEPTED
    own = officers.own_request(contact.credentials)
    assert own is not None and own.is_earlier_thread_lost
    assert thread_of(contact, ben) == [], "a part that is left would hide that something is missing"


def test_replaced_peer_gets_no_offer_again(contact: OpenRequest, ana: Member) -> None:
    assert not officer_actions.change_peer(creds=contact.credentials, next_may_read=False, turn=1).is_offered
    assert contact.unsealed.routing.state == RequestState.NOBODY
    assert not officer_actions.offer_again(creds=contact.credentials).is_offered


def test_peer_cannot_be_changed_before_anybody_accepted(ana: Member) -> None:
    submitted = submit_request()
    with pytest.raises(request_rows.RequestUnavailable):
        officer_actions.change_peer(creds=submitted.credentials, next_may_read=True, turn=0)
    with pytest.raises(request_rows.RequestUnavailable):
        officer_actions.share_thread(creds=submitted.credentials, turn=0)


# Relaxed rules


def test_relaxed_rule_is_shown_to_the_peer_only(ana: Member, ana_key: bytes) -> None:
    submitted = submit_request(kind="retired", concern="grief")
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card.relaxed_rules == (SoftRule.KIND,)
    assert b"kind" not in submitted.unsealed.routing.to_bytes()


@pytest.mark.parametrize(
    ("wish", "waiver"), [({"excluded_unit": "Patrol"}, Waiver.UNIT), ({"other_agency": True}, Waiver.AGENCY)]
)
def test_only_the_officer_can_waive_unit_and_agency(
    ana: Member, ana_key: bytes, wish: dict[str, object], waiver: Waiver
) -> None:
    submitted = submit_request(**wish)
    own = officers.own_request(submitted.credentials)
    assert own is not None and own.state == RequestState.NOBODY and waiver in own.waivers
    assert not officer_actions.offer_again(creds=submitted.credentials).is_offered
    assert officer_actions.offer_again(creds=submitted.credentials, waiver=waiver).is_offered
    (offer,) = members.offers_for(ana, ana_key)
    assert [rule.value for rule in offer.card.relaxed_rules] == [waiver.value]


def test_only_the_officer_can_waive_training(ana: Member, ana_key: bytes) -> None:
    token = form_tokens.fresh("request")
    sent = submission.submit(
        token=token, submission=submission.Submission(Card(urgency=Urgency.NOW, concern="suicidal_thoughts"))
    )
    assert (sent.is_offered, sent.waivers) == (False, (Waiver.TRAINING, Waiver.SUPERVISORS))
    submitted = submit_request(concern="suicidal_thoughts")
    own = officers.own_request(submitted.credentials)
    assert own is not None and (own.state, own.waivers) == (RequestState.NOBODY, sent.waivers)
    assert not officer_actions.offer_again(creds=submitted.credentials).is_offered
    assert officer_actions.offer_again(creds=submitted.credentials, waiver=Waiver.TRAINING).is_offered
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card.relaxed_rules == (SoftRule.TRAINING,)
    ProgramSettings.objects.create(pk=1, clinical_contact="555-0177")
    browser = sign_in(Client(), ana)
    assert accept(submitted, ana) == AcceptOutcome.ACCEPTED
    page = browser.get(f"/desk/contacts/{submitted.unsealed.id}/").content.decode()
    assert (
        'ask directly if they\'re thinking about suicide, and offer to call <a href="tel:988">988</a> together.' in page
    )
    assert "Clinical director or designee: <b>555-0177</b>" in page and 'href="/duty-to-report/"' in page


def test_contact_about_suicidal_thoughts_shows_the_safety_steps(ana: Member) -> None:
    train(ana, "suicide_intervention")
    submitted = submit_request(concern="suicidal_thoughts")
    assert accept(submitted, ana) == AcceptOutcome.ACCEPTED
    page = sign_in(Client(), ana).get(f"/desk/contacts/{submitted.unsealed.id}/").content.decode()
    step = 'offer to call <a href="tel:988">988</a> together.'
    assert page.index(step) < page.index('name="text"') and "may not be current" not in page


def test_waived_training_lets_everybody_be_asked(ana: Member, ben: Member) -> None:
    submitted = submit_request(concern="suicidal_thoughts")
    train(ben, "suicide_intervention")
    officer_actions.offer_again(creds=submitted.credentials, waiver=Waiver.TRAINING)
    assert {recipient.member_id for recipient in submitted.unsealed.routing.recipients} == {ana.pk, ben.pk}


# Reasons


def test_offer_gives_its_reasons_and_stores_none(ana: Member, ana_key: bytes, ben: Member) -> None:
    ana.languages = ["es"]
    ana.save()
    with time_machine.travel(timezone.now() - timedelta(days=7)):
        peer.set_matching_preferences(member_id=ana.pk, not_now=[], experiences=["divorce"])
    submitted = submit_request(concern="family", language="es", wanted=ana.pk)
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.reasons == (MatchReason.WANTED, MatchReason.LANGUAGE, MatchReason.ON_CALL, MatchReason.EXPERIENCE)
    assert b"experience" not in submitted.unsealed.routing.to_bytes()


def test_request_for_one_peer_only_goes_to_nobody_else(ana: Member, ben: Member, officer: Client) -> None:
    submitted = submit_request(Urgency.NOW, wanted=ben.pk, anyone_else=False)
    assert [recipient.member_id for recipient in submitted.unsealed.routing.recipients] == [ben.pk]

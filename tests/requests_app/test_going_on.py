"""What time, a peer and an officer can do after the first offer: waves, first answers, handing on, another peer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.program.models import ProgramSettings
from peersupport.team.models import Member, User
from requests_app import vault
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, submission, sweep, transitions
from requests_app.actions.peer import Answer
from requests_app.domain import routing
from requests_app.domain.matching import Reason, Yielded
from requests_app.domain.states import State, Urgency
from requests_app.models import Message, PendingTally, RequestSettings
from requests_app.queries import members, officers
from tests.cast import make_member, private_key_of, sign_in
from tests.requests_app.conftest import Asked, ask, train

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=ZoneInfo("America/Chicago"))


def accept(asked: Asked, member: Member) -> Answer:
    key = private_key_of(member.user.name)
    return peer.accept(member=member, request_id=asked.opened.id, private_key=key)


def write(asked: Asked, member: Member, text: str = "I am here.") -> None:
    key, token = private_key_of(member.user.name), form_tokens.fresh("write")
    peer.write_as_peer(member=member, request_id=asked.opened.id, private_key=key, token=token, text=text)


def write_as_officer(asked: Asked, text: str) -> None:
    officer_actions.write_as_officer(creds=asked.credentials, token=form_tokens.fresh("write"), text=text)


def thread_of(asked: Asked, member: Member) -> list[str]:
    found = members.contact_for(member, asked.opened.id, private_key_of(member.user.name))
    return [message.text for message in found.thread]


@pytest.fixture
def anas(ana: Member, ben: Member) -> Asked:
    """A request that ana has accepted, and that could go on to ben."""
    asked = ask(message="I have not slept.", wanted=ana.pk)
    assert accept(asked, ana) == Answer.ACCEPTED
    return asked


def told() -> set[User]:
    return {notice.recipient for notice in Notice.objects.all()}


# The waves of "now"


def test_now_tells_again_then_the_others_then_those_who_watch_over_it(
    ana: Member, coordinator: User, director: User, designee: User
) -> None:
    other = make_member("Off Call", confirmed_by=coordinator, on_call=False)
    asked = ask(Urgency.NOW)
    start = timezone.now()
    seen = []
    for minute in (1, 4, 11, 21, 31):
        Notice.objects.all().delete()
        sweep.tend_all(now=start + timedelta(minutes=minute))
        seen.append(told())
    assert seen == [set(), {ana.user}, {ana.user, other.user}, {coordinator, designee}, {coordinator, designee}]
    own = officers.own_request(asked.credentials)
    assert own is not None and (own.state, own.is_oversight_told) == (State.NOBODY, True)


def test_the_programs_own_times_hold(ana: Member, coordinator: User, time_machine: object) -> None:
    time_machine.move_to(NOON, tick=False)  # type: ignore[attr-defined]
    make_member("Off Call", confirmed_by=coordinator, on_call=False)
    RequestSettings.objects.create(pk=1, now_again_minutes=5, now_available_minutes=6)
    asked = ask(Urgency.NOW)
    for minute, expected in ((4, 1), (5, 1), (7, 2)):
        sweep.tend_all(now=timezone.now() + timedelta(minutes=minute))
        assert len(routing.asked(asked.opened.routing)) == expected


def test_what_can_wait_is_told_in_the_morning(ana: Member, time_machine: object) -> None:
    time_machine.move_to(NOON.replace(hour=22), tick=False)  # type: ignore[attr-defined]
    asked = ask(Urgency.WHEN_YOU_CAN)
    assert (routing.asked(asked.opened.routing), told()) == ([ana.pk], set())
    time_machine.move_to(NOON.replace(day=5, hour=7), tick=False)  # type: ignore[attr-defined]
    sweep.tend_all(now=timezone.now())
    assert told() == {ana.user}


def test_whoever_is_free_again_is_asked_without_a_press(ana: Member, ben: Member, coordinator: User) -> None:
    asked = ask(Urgency.TODAY, wanted=ana.pk)
    Member.objects.filter(pk=ben.pk).update(cap=1)
    other = ask(wanted=ben.pk)
    accept(other, ben)
    peer.decline(member=ana, request_id=asked.opened.id)
    assert asked.opened.routing.state == State.NOBODY
    sweep.tend_all(now=timezone.now())
    assert asked.opened.routing.state == State.NOBODY
    officer_actions.close_as_officer(creds=other.credentials)
    sweep.tend_all(now=timezone.now())
    assert routing.asked(asked.opened.routing) == [ben.pk]


# The first answer


@pytest.mark.parametrize("urgency", Urgency)
def test_without_a_first_answer_the_peer_is_reminded_and_then_it_goes_on(
    ana: Member, ben: Member, urgency: Urgency
) -> None:
    asked = ask(urgency, message="I have not slept.", not_these=(ben.pk,))
    accept(asked, ana)
    patience = {"now": 16, "today": 4 * 60 + 31, "when_you_can": 24 * 60 + 31}[urgency]
    Notice.objects.all().delete()
    start = timezone.now()
    sweep.tend_all(now=start + timedelta(minutes=patience))
    assert (told(), asked.opened.routing.state) == ({ana.user}, State.ACCEPTED)
    sweep.tend_all(now=start + timedelta(minutes=2 * patience))
    route = asked.opened.routing
    assert (route.state, route.place_of(ana.pk)) == (State.NOBODY, None)
    assert not PendingTally.objects.exists(), "whoever wrote nothing has nothing to count"


def test_after_the_first_answer_nobody_is_hurried(contact: Asked, ana: Member) -> None:
    write(contact, ana)
    Notice.objects.all().delete()
    sweep.tend_all(now=timezone.now() + timedelta(days=3))
    assert (told(), contact.opened.routing.due) == (set(), None)
    assert contact.opened.routing.holds_contact(ana.pk)


def test_what_went_on_is_read_by_the_next_and_the_thread_only_if_the_officer_says_so(
    anas: Asked, ana: Member, ben: Member
) -> None:
    write_as_officer(anas, "are you there?")
    for hours in (5, 10):
        sweep.tend_all(now=timezone.now() + timedelta(hours=hours))
    assert routing.asked(anas.opened.routing) == [ben.pk]
    own = officers.own_request(anas.credentials)
    assert own is not None and [message.text for message in own.thread] == ["are you there?"]
    officer_actions.let_next_read(creds=anas.credentials, turn=1)
    accept(anas, ben)
    assert thread_of(anas, ben) == ["are you there?"]


# Another peer


@pytest.mark.parametrize("next_may_read", [True, False])
def test_the_officer_changes_the_peer_and_says_whether_the_next_may_read(
    contact: Asked, ana: Member, ben: Member, next_may_read: bool
) -> None:
    write_as_officer(contact, "one")
    write(contact, ana, "two")
    sent = officer_actions.change_peer(creds=contact.credentials, next_may_read=next_may_read, turn=1)
    assert sent.asked == 1
    assert Message.objects.exists() is next_may_read
    accept(contact, ben)
    assert thread_of(contact, ben) == (["one", "two"] if next_may_read else [])
    write(contact, ben, "three")
    own = officers.own_request(contact.credentials)
    assert own is not None
    assert [message.text for message in own.thread] == (["one", "two", "three"] if next_may_read else ["three"])
    assert [owed.member_id for owed in members.owed_tallies()] == [ana.pk], "they had written: theirs to count"


def test_the_key_of_a_thread_handed_over_opens_nothing_that_follows(contact: Asked, ana: Member, ben: Member) -> None:
    request = contact.opened
    old_key = vault.take_key(private_key_of("Ana Alvarez"), request.routing.thread_peer_envelope, request.id, "thread")
    write(contact, ana, "before")
    officer_actions.change_peer(creds=contact.credentials, next_may_read=True, turn=1)
    accept(contact, ben)
    write(contact, ben, "after")
    for row in Message.objects.all():
        with pytest.raises(vault.envelope.CannotOpen):
            vault.open_message(old_key, request.shred_key, request.id, row.id, bytes(row.body))


def test_a_damaged_message_keeps_nobody_from_helping(contact: Asked, ana: Member, ben: Member) -> None:
    write(contact, ana, "one")
    write(contact, ana, "two")
    officer_actions.change_peer(creds=contact.credentials, next_may_read=True, turn=1)
    row = Message.objects.first()
    assert row is not None
    row.body = bytes(row.body)[::-1]
    row.save()
    assert accept(contact, ben) == Answer.ACCEPTED
    assert len(thread_of(contact, ben)) == 1


def test_whoever_was_changed_is_not_asked_again(contact: Asked, ana: Member) -> None:
    assert officer_actions.change_peer(creds=contact.credentials, next_may_read=False, turn=1).asked == 0
    assert contact.opened.routing.state == State.NOBODY
    assert officer_actions.try_again(creds=contact.credentials).asked == 0


def test_without_a_peer_there_is_nobody_to_change(ana: Member) -> None:
    asked = ask()
    with pytest.raises(transitions.Gone):
        officer_actions.change_peer(creds=asked.credentials, next_may_read=True, turn=0)
    with pytest.raises(transitions.Gone):
        officer_actions.let_next_read(creds=asked.credentials, turn=0)


# Rules that give way


def test_a_rule_that_gave_way_is_told_to_both_and_to_nobody_else(ana: Member, ana_key: bytes) -> None:
    asked = ask(not_unit="Patrol", concern="grief")
    own = officers.own_request(asked.credentials)
    assert own is not None and own.yielded == (Yielded.UNIT,)
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card["yielded"] == [Yielded.UNIT]
    assert b"unit" not in asked.opened.routing.to_bytes()


def test_training_gives_way_by_the_officers_press_alone(ana: Member, ana_key: bytes) -> None:
    token = form_tokens.fresh("ask")
    sent = submission.send(token=token, typed=submission.Typed(urgency=Urgency.NOW, concern="suicidal_thoughts"))
    assert (sent.asked, sent.needs_training) == (0, True)
    asked = ask(concern="suicidal_thoughts")
    own = officers.own_request(asked.credentials)
    assert own is not None and (own.state, own.needs_training) == (State.NOBODY, True)
    assert officer_actions.try_again(creds=asked.credentials).asked == 0
    assert officer_actions.try_again(creds=asked.credentials, yield_training=True).asked == 1
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.card["yielded"] == [Yielded.TRAINING]
    ProgramSettings.objects.create(pk=1, clinical_contact="555-0177")
    browser = sign_in(Client(), ana)
    assert accept(asked, ana) == Answer.ACCEPTED
    page = browser.get(f"/desk/contacts/{asked.opened.id}/").content.decode()
    assert 'ask directly whether they think of suicide, and offer to call <a href="tel:988">988</a> together.' in page
    assert "Clinical director or designee: <b>555-0177</b>" in page and 'href="/duty-to-report/"' in page


def test_who_answers_thoughts_of_suicide_has_the_next_step_before_them(ana: Member) -> None:
    train(ana, "suicide_intervention")
    asked = ask(concern="suicidal_thoughts")
    assert accept(asked, ana) == Answer.ACCEPTED
    page = sign_in(Client(), ana).get(f"/desk/contacts/{asked.opened.id}/").content.decode()
    step = 'offer to call <a href="tel:988">988</a> together.'
    assert page.index(step) < page.index('name="text"') and "Nobody who is free is current" not in page


def test_training_does_not_give_way_where_somebody_is_trained(ana: Member, ben: Member) -> None:
    asked = ask(concern="suicidal_thoughts")
    train(ben, "suicide_intervention")
    officer_actions.try_again(creds=asked.credentials, yield_training=True)
    assert [place.member_id for place in asked.opened.routing.places] == [ben.pk]


# Why this member


def test_an_offer_says_why_this_member_and_keeps_it_nowhere(ana: Member, ana_key: bytes, ben: Member) -> None:
    ana.languages = ["es"]
    ana.save()
    peer.set_sharing(member_id=ana.pk, not_now=[], experiences=["divorce"])
    asked = ask(concern="family", language="es", wanted=ana.pk)
    (offer,) = members.offers_for(ana, ana_key)
    assert offer.reasons == (Reason.WANTED, Reason.LANGUAGE, Reason.EXPERIENCE, Reason.AVAILABLE)
    assert b"experience" not in asked.opened.routing.to_bytes()


def test_nobody_else_is_asked_where_the_officer_wants_nobody_else(ana: Member, ben: Member, officer: Client) -> None:
    asked = ask(Urgency.NOW, wanted=ben.pk, anyone_else=False)
    assert [place.member_id for place in asked.opened.routing.places] == [ben.pk]

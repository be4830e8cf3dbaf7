"""Something is damaged, or away: nobody else waits for it, and nothing is taken for what it is not."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.team.actions import keys
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import consultation, peer
from requests_app.actions import officer as officer_actions
from requests_app.actions import sweep as sweep_actions
from requests_app.domain.consultation import HowSoon
from requests_app.domain.states import State
from requests_app.models import ClosingNote, Consultation, MatchingPreferences, Message, PendingTally, PlaneKey, Request
from requests_app.queries import members, officers
from tests.cast import CAST_PASSWORD, sign_in
from tests.requests_app.conftest import Asked, ask
from tests.requests_app.test_threads import come_back

pytestmark = pytest.mark.django_db


def damage(row: Request | Message | MatchingPreferences | PendingTally, field: str) -> None:
    blob = bytearray(getattr(row, field))
    blob[20] ^= 1
    setattr(row, field, bytes(blob))
    row.save()


def test_one_damaged_request_keeps_nobody_else_waiting(officer: Client, ana: Member, ana_key: bytes) -> None:
    broken = ask(concern="grief")
    damage(Request.objects.get(), "routing")
    whole = ask(concern="work")
    assert [offer.card["concern"] for offer in members.offers_for(ana, ana_key)] == ["work"]
    sweep_actions.tend_all(now=timezone.now())
    sweep_actions.renew_plane_key(now=timezone.now())
    assert officers.request_with(whole.credentials) is not None
    assert "Nothing is open under these words" in (
        officer.post("/request/return/", {"receipt": " ".join(broken.words)}).content.decode()
    )
    assert Request.objects.count() == 2


@pytest.mark.parametrize("what", ["words", "message"])
def test_damaged_words_are_said_to_both_and_can_still_be_closed(
    officer: Client, contact: Asked, ana: Member, what: str
) -> None:
    officer_actions.write_as_officer(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    damage(*((Request.objects.get(), "words") if what == "words" else (Message.objects.get(), "body")))
    come_back(officer, contact)
    for page in (
        officer.get("/request/thread/"),
        sign_in(Client(), ana).get(f"/desk/contacts/{contact.opened.id}/"),
    ):
        assert page.status_code == 200
        assert "damaged" in page.content.decode()
    officer.post("/request/close/")
    assert Request.objects.count() == 0


def test_a_tag_moved_to_another_row_leads_nobody_there(officer: Client, ana: Member) -> None:
    first, second = ask(message="mine"), ask(message="another's")
    tag = first.opened.row.tag
    first.opened.row.delete()
    Request.objects.filter(pk=second.opened.id).update(tag=tag)
    assert officers.request_with(first.credentials) is None


def test_a_damaged_boundary_asks_its_member_about_nothing_named(ana: Member, ben: Member) -> None:
    peer.set_sharing(member_id=ana.pk, not_now=["grief"], experiences=[])
    damage(MatchingPreferences.objects.get(), "body")
    assert [place.member_id for place in ask(concern="grief").opened.routing.places] == [ben.pk]


def test_a_damaged_tally_owed_leaves_the_desk_open(contact: Asked, ana: Member) -> None:
    peer.close_as_peer(member=ana, request_id=contact.opened.id)
    damage(PendingTally.objects.get(), "body")
    assert sign_in(Client(), ana).get("/desk/").status_code == 200
    sweep_actions.tend_all(now=timezone.now())
    assert not PendingTally.objects.exists(), "nobody can count it any more"


def sweep(now: datetime) -> None:
    sweep_actions.tend_all(now=now)
    consultation.tend_consultations(now=now)


def leave_all_three(contact: Asked, ana: Member) -> list[PendingTally | ClosingNote | Consultation]:
    """A contact to count, a last word and a wish to be called."""
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    consultation.ask_to_be_called(member=ana, how_soon=HowSoon.NOW, whom=None)
    return [PendingTally.objects.get(), ClosingNote.objects.get(), Consultation.objects.get()]


def test_what_has_lost_its_key_goes(contact: Asked, ana: Member) -> None:
    for row in leave_all_three(contact, ana):
        keyring.destroy(row.key_id)
    sweep(timezone.now())
    assert not (PendingTally.objects.exists() or ClosingNote.objects.exists() or Consultation.objects.exists())


def test_what_nobody_can_make_sense_of_stops_nothing_else(contact: Asked, ana: Member, director: User) -> None:
    """Sealed as it should be, but something else was written into it."""
    rows = leave_all_three(contact, ana)
    first = UUID(int=0)
    for model, what in ((PendingTally, "owed"), (ClosingNote, "last word"), (Consultation, "consultation")):
        key_id = keyring.create()
        body = envelope.seal(keyring.get(key_id), b"{}", size=64, context=envelope.context(first.bytes, what))
        model.objects.create(id=first, key_id=key_id, body=body)
    Notice.objects.all().delete()
    sweep(timezone.now() + timedelta(days=8))
    left = [type(row).objects.filter(pk=row.pk).exists() for row in rows]
    assert (left, Notice.objects.get().recipient) == ([False, False, True], director)


def test_while_the_keys_are_away_nothing_is_called_erased(officer: Client, contact: Asked, own_keyring: Path) -> None:
    officer.raise_request_exception = False
    come_back(officer, contact)
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    page = officer.get("/request/thread/")
    assert page.status_code == 500 and "closed" not in page.content.decode()
    assert not page.cookies
    sweep_actions.tend_all(now=timezone.now())
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    assert officer.get("/request/thread/").status_code == 200


def test_a_lost_week_key_is_made_anew_and_the_open_requests_are_found(contact: Asked, ana: Member) -> None:
    keyring.destroy(PlaneKey.objects.get().key_id)
    ask()
    assert officers.request_with(contact.credentials) is not None


def test_a_lost_week_key_is_made_anew_though_nobody_asks(contact: Asked) -> None:
    keyring.destroy(PlaneKey.objects.get().key_id)
    assert officers.request_with(contact.credentials) is None
    sweep_actions.tend_all(now=timezone.now())
    assert officers.request_with(contact.credentials) is not None


@pytest.mark.parametrize("damaged", [bytes(32), b"short"], ids=["no point", "short"])
def test_a_damaged_key_of_a_member_keeps_nobody_from_asking_or_closing(
    contact: Asked, ana: Member, ben: Member, damaged: bytes
) -> None:
    MemberKey.objects.filter(member=ana).update(public_key=damaged)
    places = ask().opened.routing.places
    assert [place.member_id for place in places] == [ben.pk]
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    assert not ClosingNote.objects.exists() and officers.request_with(contact.credentials) is None


def test_a_new_recovery_code_loses_no_contact(contact: Asked, ana: Member) -> None:
    keys.renew_recovery_code(member_id=ana.pk, password=CAST_PASSWORD, by=ana.user)
    sweep_actions.tend_all(now=timezone.now())
    assert contact.opened.routing.state == State.ACCEPTED


def test_another_text_under_the_same_form_is_another_message(contact: Asked) -> None:
    token = form_tokens.fresh("write")
    for text in ("first", "second", "second"):
        officer_actions.write_as_officer(creds=contact.credentials, token=token, text=text)
    own = officers.own_request(contact.credentials)
    assert own is not None and [message.text for message in own.thread] == ["first", "second"]


def test_what_a_peer_typed_while_it_was_closed_is_given_back(contact: Asked, ana: Member) -> None:
    client, address = sign_in(Client(), ana), f"/desk/contacts/{contact.opened.id}/"
    officer_actions.close_as_officer(creds=contact.credentials)
    page = client.post(address, {"token": form_tokens.fresh("write"), "text": "typed meanwhile"})
    assert page.status_code == 404 and "typed meanwhile" in page.content.decode()


def test_closing_after_the_session_ended_says_that_it_is_not_closed(officer: Client, contact: Asked) -> None:
    page = officer.post("/request/close/").content.decode()
    assert "It is not closed yet" in page
    assert Request.objects.count() == 1

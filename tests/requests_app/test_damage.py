"""Damaged rows and missing keys hold up nobody else, and are never mistaken for erased ones."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.program.vocabulary import CONCERN
from peersupport.sealing import envelope, keyring
from peersupport.sealing.models import KeyToDestroy
from peersupport.team.actions import keys
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import consultation, peer, plane_key
from requests_app.actions import officer as officer_actions
from requests_app.actions import sweep as sweep_actions
from requests_app.actions.request_rows import RequestUnavailable
from requests_app.domain.consultation import ConsultationUrgency
from requests_app.domain.states import RequestState
from requests_app.models import ClosingNote, Consultation, MatchingPreferences, Message, PendingTally, PlaneKey, Request
from requests_app.queries import matching, members, officers, outlines, unsealing
from tests.cast import CAST_PASSWORD, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_submission import post
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db


def damage(row: Request | Message | MatchingPreferences | PendingTally, field: str) -> None:
    """On the disk, so that who has it in memory has to read it again first."""
    blob = bytearray(getattr(row, field))
    blob[20] ^= 1
    setattr(row, field, bytes(blob))
    row.save()
    outlines.forget()


def test_a_damaged_request_holds_up_no_other(officer: Client, ana: Member, ana_key: bytes) -> None:
    broken = submit_request(concern="grief")
    damage(Request.objects.get(), "routing")
    whole = submit_request(concern="work")
    assert [offer.card.concern for offer in members.offers_for(ana, ana_key)] == ["work"]
    sweep_actions.run(now=timezone.now())
    typed = {"receipt": " ".join(broken.receipt_words)}
    assert "keeps this from being opened" in officer.post("/request/return/", typed).content.decode()
    assert officers.request_of(whole.credentials) is not None
    assert Request.objects.count() == 2


@pytest.mark.parametrize("what", ["words", "message"])
def test_both_sides_read_that_words_are_damaged_and_can_still_close(
    officer: Client, contact: OpenRequest, ana: Member, what: str
) -> None:
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    damage(*((Request.objects.get(), "words") if what == "words" else (Message.objects.get(), "body")))
    return_by_receipt(officer, contact)
    for page in (
        officer.get("/request/thread/"),
        sign_in(Client(), ana).get(f"/desk/contacts/{contact.unsealed.id}/"),
    ):
        assert page.status_code == 200
        assert "damaged" in page.content.decode() and 'name="text"' not in page.content.decode()
        assert ("I have not slept." in page.content.decode()) == (what == "message"), "what still opens is shown"
    if what == "message":
        with pytest.raises(RequestUnavailable):
            officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="into nothing")
    officer.post("/request/close/")
    assert Request.objects.count() == 0


def test_a_tag_moved_to_another_row_opens_nothing(officer: Client, ana: Member) -> None:
    first, second = submit_request(message="mine"), submit_request(message="another's")
    tag = first.unsealed.row.tag
    first.unsealed.row.delete()
    Request.objects.filter(pk=second.unsealed.id).update(tag=tag)
    assert officers.request_of(first.credentials) is None


def test_damaged_preferences_count_as_not_now_for_everything(ana: Member) -> None:
    peer.set_matching_preferences(member_id=ana.pk, not_now=["grief"], experiences=["debt"])
    damage(MatchingPreferences.objects.get(), "body")
    (damaged,) = matching.with_preferences(matching.serving_peers(timezone.now()), timezone.now())
    assert (damaged.not_now, damaged.experiences) == (set(CONCERN.codes), set())


def test_a_damaged_pending_tally_leaves_the_desk_open(contact: OpenRequest, ana: Member) -> None:
    peer.close(member=ana, request_id=contact.unsealed.id)
    damage(PendingTally.objects.get(), "body")
    assert sign_in(Client(), ana).get("/desk/").status_code == 200
    sweep_actions.run(now=timezone.now() + timedelta(days=7))
    assert PendingTally.objects.exists()
    sweep_actions.run(now=timezone.now() + timedelta(days=9))
    assert not PendingTally.objects.exists(), "it can't be tallied any more"


def sweep(now: datetime) -> None:
    sweep_actions.run(now=now)
    consultation.sweep(now=now)


def create_leftovers(contact: OpenRequest, ana: Member) -> list[PendingTally | ClosingNote | Consultation]:
    """A pending tally, a closing note and a consultation."""
    officer_actions.close(creds=contact.credentials, note="thank you")
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.NOW, whom=None)
    return [PendingTally.objects.get(), ClosingNote.objects.get(), Consultation.objects.get()]


def test_rows_without_their_key_are_deleted(contact: OpenRequest, ana: Member) -> None:
    for row in create_leftovers(contact, ana):
        keyring.destroy(row.key_id)
    sweep(timezone.now())
    assert not (PendingTally.objects.exists() or ClosingNote.objects.exists() or Consultation.objects.exists())


def test_a_server_with_another_host_secret_takes_no_request_and_keeps_the_text(officer: Client, ana: Member) -> None:
    submit_request()
    with override_settings(HOST_SECRET="another secret of thirty-two characters"):
        page = post(officer, message="typed at night")
    assert b"typed at night" in page and b"Something went wrong on our side" in page
    assert Request.objects.count() == 1


def test_the_plane_key_waits_for_a_request_that_does_not_open(officer: Client, ana: Member) -> None:
    """Else its officer would read that it was closed and erased, while its key is there."""
    submitted = submit_request(message="still here")
    routing, plane = bytes(Request.objects.get().routing), PlaneKey.objects.get().key_id
    damage(Request.objects.get(), "routing")
    plane_key.renew(now=timezone.now())
    assert PlaneKey.objects.get().key_id == plane
    Request.objects.update(routing=routing)
    plane_key.renew(now=timezone.now())
    assert PlaneKey.objects.get().key_id != plane
    assert officers.request_of(submitted.credentials) is not None


def test_a_request_that_does_not_open_ends_after_45_days(ana: Member) -> None:
    key_id = submit_request().unsealed.row.key_id
    damage(Request.objects.get(), "routing")
    sweep_actions.run(now=timezone.now() + timedelta(days=44))
    assert Request.objects.exists()
    sweep_actions.run(now=timezone.now() + timedelta(days=46))
    assert Request.objects.exists(), "none opens, so it may be the keyring that is wrong"
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        other = submit_request()
    sweep_actions.run(now=timezone.now() + timedelta(days=46))
    assert [row.pk for row in Request.objects.all()] == [other.unsealed.id]
    assert KeyToDestroy.objects.filter(key_id=key_id).exists()


def test_preferences_that_cannot_be_read_stop_no_request(ana: Member) -> None:
    """Who has the keyring can seal some, and nobody else's request may fail over it."""
    peer.set_matching_preferences(member_id=ana.pk, not_now=[], experiences=[])
    context = envelope.context("matching preferences", ana.pk)
    for forged in (b"[" * 1900, b'{"not_now": 1, "experiences": []}', b"null"):
        body = envelope.seal(keyring.lasting("matching"), forged, size=2048, context=context)
        MatchingPreferences.objects.update(body=body)
        assert submit_request(concern="grief").unsealed.routing.state == RequestState.OFFERED


def test_a_malformed_plane_key_is_replaced_and_stops_no_sweep(contact: OpenRequest) -> None:
    PlaneKey.objects.update(key_id="zz")
    sweep_actions.run(now=timezone.now())
    assert officers.request_of(contact.credentials) is not None
    submit_request()


def test_requests_that_do_not_open_are_counted(ana: Member) -> None:
    submit_request()
    damage(Request.objects.get(), "routing")
    submit_request()
    keyring.destroy(submit_request().unsealed.row.key_id)
    assert unsealing.unreadable() == 1, "neither the one that opens nor the erased one"


def test_a_wrong_host_secret_deletes_nothing(contact: OpenRequest, ana: Member) -> None:
    """One process still has the one before, while the others seal under a new one."""
    submitted = submit_request(message="still here")
    create_leftovers(contact, ana)
    with override_settings(HOST_SECRET="another secret of thirty-two characters"):
        sweep(timezone.now())
        assert unsealing.unreadable() == 1
    sweep(timezone.now())
    assert (PendingTally.objects.count(), ClosingNote.objects.count(), Consultation.objects.count()) == (1, 1, 1)
    own = officers.own_request(submitted.credentials)
    assert own is not None and own.words is not None and own.words.message == "still here"


def test_a_row_with_senseless_content_holds_up_no_other(contact: OpenRequest, ana: Member, director: User) -> None:
    """Properly sealed, but with something else inside."""
    rows = create_leftovers(contact, ana)
    first = UUID(int=0)
    for model, what in ((PendingTally, "pending tally"), (ClosingNote, "closing note"), (Consultation, "consultation")):
        key_id = keyring.create()
        body = envelope.seal(keyring.get(key_id), b"{}", size=64, context=envelope.context(first.bytes, what))
        model.objects.create(id=first, key_id=key_id, body=body)
    Notice.objects.all().delete()
    sweep(timezone.now() + timedelta(days=8))
    left = [type(row).objects.filter(pk=row.pk).exists() for row in rows]
    assert (left, Notice.objects.get().recipient) == ([False, False, True], director)


def test_nothing_is_called_erased_while_the_keys_are_unmounted(
    officer: Client, contact: OpenRequest, own_keyring: Path
) -> None:
    officer.raise_request_exception = False
    return_by_receipt(officer, contact)
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    page = officer.get("/request/thread/")
    assert page.status_code == 500 and "closed" not in page.content.decode()
    assert not page.cookies
    sweep_actions.run(now=timezone.now())
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    assert officer.get("/request/thread/").status_code == 200


def test_a_lost_plane_key_is_replaced_on_use_and_open_requests_are_found(contact: OpenRequest, ana: Member) -> None:
    keyring.destroy(PlaneKey.objects.get().key_id)
    submit_request()
    assert officers.request_of(contact.credentials) is not None


def test_a_lost_plane_key_is_replaced_by_the_sweep(contact: OpenRequest) -> None:
    keyring.destroy(PlaneKey.objects.get().key_id)
    assert officers.request_of(contact.credentials) is None
    sweep_actions.run(now=timezone.now())
    assert officers.request_of(contact.credentials) is not None


@pytest.mark.parametrize("damaged", [bytes(32), b"short"], ids=["no point", "short"])
def test_a_damaged_member_key_stops_neither_requests_nor_closing(
    contact: OpenRequest, ana: Member, ben: Member, damaged: bytes
) -> None:
    MemberKey.objects.filter(member=ana).update(public_key=damaged)
    recipients = submit_request().unsealed.routing.recipients
    assert [recipient.member_id for recipient in recipients] == [ben.pk]
    officer_actions.close(creds=contact.credentials, note="thank you")
    assert not ClosingNote.objects.exists() and officers.request_of(contact.credentials) is None


def test_a_new_recovery_code_loses_no_contact(contact: OpenRequest, ana: Member) -> None:
    keys.renew_recovery_code(member_id=ana.pk, password=CAST_PASSWORD, by=ana.user)
    sweep_actions.run(now=timezone.now())
    assert contact.unsealed.routing.state == RequestState.ACCEPTED


def test_another_text_in_the_same_form_is_another_message(contact: OpenRequest) -> None:
    token = form_tokens.fresh("write")
    for text in ("first", "second", "second"):
        officer_actions.write(creds=contact.credentials, token=token, text=text)
    own = officers.own_request(contact.credentials)
    assert own is not None and [message.text for message in own.thread] == ["first", "second"]


def test_what_a_peer_typed_while_it_was_closed_is_given_back(contact: OpenRequest, ana: Member) -> None:
    client, address = sign_in(Client(), ana), f"/desk/contacts/{contact.unsealed.id}/"
    officer_actions.close(creds=contact.credentials)
    page = client.post(address, {"token": form_tokens.fresh("write"), "text": "typed meanwhile"})
    assert page.status_code == 404 and "typed meanwhile" in page.content.decode()


def test_closing_after_the_session_ended_says_that_it_is_not_closed(officer: Client, contact: OpenRequest) -> None:
    page = officer.post("/request/close/").content.decode()
    assert "closed yet. You were away for a while" in page
    assert Request.objects.count() == 1


def test_without_the_keyring_the_receipt_is_not_called_wrong(officer: Client, own_keyring: Path) -> None:
    """Nobody can say whether the words open something, so nothing is said of them, and what was typed is given back."""
    submitted = submit_request()
    own_keyring.rename(own_keyring.with_name("unmounted"))
    typed = {"receipt": " ".join(submitted.receipt_words), "text": "Are you there?"}
    answer = officer.post("/request/return/", typed)
    assert answer.status_code == 503
    assert "nothing can be opened right now" in answer.content.decode()
    assert "No open request goes with these words" not in answer.content.decode()
    assert "Are you there?" in answer.content.decode()


def test_a_peer_who_is_not_on_record_anymore_is_a_lost_one(officer: Client, ana: Member, ana_key: bytes) -> None:
    """Until the sweep has been there after a restore: the member who accepted joined after the backup was made."""
    submitted = submit_request()
    peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    for kept in (ana.weekly_hours, ana.keys, ana.agreements):
        kept.all().delete()
    ana.delete()
    page = return_by_receipt(officer, submitted).get("/request/thread/")
    assert page.status_code == 200
    assert "Your peer can" in page.content.decode()  # and it can go on to somebody else

"""A press on a page that was shown a while ago: it meets nobody it was not meant for, and erases nothing unread."""

import re

import pytest
from django.test import Client

from peersupport.program import form_tokens
from peersupport.team.models import Member
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer
from requests_app.domain.states import State
from requests_app.models import ClosingNote, Message, Request
from requests_app.queries import members, officers, unsealing
from tests.cast import private_key_of, sign_in
from tests.requests_app.conftest import Asked, ask
from tests.requests_app.test_threads import come_back

pytestmark = pytest.mark.django_db


def accept(asked: Asked, member: Member) -> None:
    key = private_key_of(member.user.name)
    answer = peer.accept(member=member, request_id=asked.opened.id, private_key=key)
    assert answer == peer.Answer.ACCEPTED


def write_as_officer(asked: Asked, text: str) -> None:
    officer_actions.write_as_officer(creds=asked.credentials, token=form_tokens.fresh("write"), text=text)


def fields_on(page: bytes, address: str) -> dict[str, str]:
    """The hidden fields of the form that is sent there."""
    form = re.search(rf'<form[^>]*action="{address}".*?</form>', page.decode(), re.S)
    assert form, address
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


# The officer's


@pytest.fixture
def from_ana_to_ben(officer: Client, contact: Asked, ana: Member, ben: Member) -> dict[str, bytes]:
    """Pages that the officer had open while Ana had it; by now Ben has."""
    come_back(officer, contact)
    pages = {name: officer.get(f"/request/{name}/").content for name in ("thread", "change-peer")}
    officer_actions.change_peer(creds=contact.credentials, next_may_read=False, turn=1)
    accept(contact, ben)
    return pages


def test_a_second_press_takes_it_away_from_nobody_else(
    officer: Client, contact: Asked, ben: Member, from_ana_to_ben: dict[str, bytes]
) -> None:
    address = "/request/change-peer/"
    for typed in (fields_on(from_ana_to_ben["change-peer"], address), {}, {"turn": "x"}, {"turn": "9" * 5000}):
        page = officer.post(address, typed).content.decode()
        assert contact.opened.routing.holds_contact(ben.pk)
        assert "It had gone on already" in page and "Ben Brandt has it now." in page
    officer.post(address, fields_on(officer.get(address).content, address))
    assert not contact.opened.routing.holds_contact(ben.pk)


def test_what_was_typed_for_one_peer_reaches_no_other_without_another_press(
    officer: Client, from_ana_to_ben: dict[str, bytes]
) -> None:
    address = "/request/thread/"
    typed = {**fields_on(from_ana_to_ben["thread"], address), "text": "As I told you, Ana"}
    page = officer.post(address, typed).content
    assert Message.objects.count() == 0
    assert b"Somebody else has it by now" in page and b"As I told you, Ana</textarea>" in page
    officer.post(address, {**typed, **fields_on(page, address)})
    assert Message.objects.count() == 1


def test_a_last_word_for_one_peer_is_left_to_no_other_without_another_press(
    officer: Client, from_ana_to_ben: dict[str, bytes]
) -> None:
    address = "/request/close/"
    typed = {**fields_on(from_ana_to_ben["thread"], address), "own_words": "Thank you, Ana"}
    page = officer.post(address, typed).content
    assert b"Somebody else has it by now" in page and b'value="Thank you, Ana"' in page
    assert (Request.objects.count(), ClosingNote.objects.count()) == (1, 0)
    officer.post(address, {**typed, **fields_on(page, address)})
    assert (Request.objects.count(), ClosingNote.objects.count()) == (0, 1)


def test_closing_without_a_word_is_one_press_from_any_page(officer: Client, from_ana_to_ben: dict[str, bytes]) -> None:
    officer.post("/request/close/", fields_on(from_ana_to_ben["thread"], "/request/close/"))
    assert Request.objects.count() == 0


@pytest.mark.parametrize("address", ["/request/let-read/", "/request/send-on/"])
def test_who_may_read_one_thread_may_not_read_the_next(officer: Client, ana: Member, ben: Member, address: str) -> None:
    contact = ask(wanted=ana.pk)
    accept(contact, ana)
    write_as_officer(contact, "for Ana")
    peer.know_this_person(member=ana, request_id=contact.opened.id)
    old = come_back(officer, contact).get("/request/thread/").content
    accept(contact, ben)
    write_as_officer(contact, "for Ben")
    peer.know_this_person(member=ben, request_id=contact.opened.id)
    assert contact.opened.routing.state == State.NOBODY
    officer.post(address, {**fields_on(old, "/request/let-read/"), "next_may_read": "yes"})
    assert contact.opened.routing.handover == ""


# The peer's


@pytest.mark.parametrize("what", ["close", "not-real", "suggest"])
def test_what_the_officer_wrote_meanwhile_is_read_first(contact: Asked, ana: Member, what: str) -> None:
    desk, address = sign_in(Client(), ana), f"/desk/contacts/{contact.opened.id}/"
    page = desk.get(address).content
    write_as_officer(contact, "Please stay.")
    answer = desk.post(f"{address}{what}/", fields_on(page, f"{address}{what}/"))
    assert (answer.status_code, Request.objects.count(), contact.opened.routing.suggested) == (200, 1, None)
    shown = answer.content.decode()
    assert "They have written to you since this page was opened" in shown and "Please stay." in shown
    desk.post(f"{address}{what}/", fields_on(answer.content, f"{address}{what}/"))
    route = next((request.routing for request in unsealing.open_requests()), None)
    assert route is None or route.suggested is not None


def test_read_on_one_device_is_not_read_on_the_page_of_another(contact: Asked, ana: Member) -> None:
    desk, address = sign_in(Client(), ana), f"/desk/contacts/{contact.opened.id}/"
    old = desk.get(address).content
    write_as_officer(contact, "Please stay.")
    desk.get(address)
    desk.post(f"{address}close/", fields_on(old, f"{address}close/"))
    assert Request.objects.count() == 1
    desk.post(f"{address}close/")
    assert Request.objects.count() == 0


def test_a_locked_key_closes_nothing_unread(contact: Asked, ana: Member) -> None:
    desk = sign_in(Client(), ana)
    write_as_officer(contact, "Please stay.")
    del desk.cookies["peerkey"]
    assert desk.post(f"/desk/contacts/{contact.opened.id}/close/").status_code == 403
    assert Request.objects.count() == 1


def test_what_comes_while_a_page_is_made_is_still_new(contact: Asked, ana: Member, ana_key: bytes) -> None:
    write_as_officer(contact, "one")
    write_as_officer(contact, "two")
    peer.mark_read_by_peer(member=ana, request_id=contact.opened.id, seen=1)
    assert members.unread_by_peer(contact.opened)
    of_ana = {"member": ana, "request_id": contact.opened.id, "private_key": ana_key}
    peer.write_as_peer(**of_ana, token=form_tokens.fresh("write"), text="three")
    officer_actions.mark_read_by_officer(creds=contact.credentials, seen=2)
    own = officers.own_request(contact.credentials)
    assert own is not None and own.unread == 1

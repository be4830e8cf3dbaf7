"""Pressing a button on a page that is out of date reaches nobody by mistake, and erases nothing unread."""

import re

import pytest
from django.test import Client

from peersupport.program import form_tokens
from peersupport.team.models import Member
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer
from requests_app.domain.states import RequestState
from requests_app.models import ClosingNote, Message, Request
from requests_app.queries import officers, unsealing
from tests.cast import private_key_of, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db


def accept(submitted: OpenRequest, member: Member) -> None:
    key = private_key_of(member.user.name)
    answer = peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key)
    assert answer == peer.AcceptOutcome.ACCEPTED


def write_as_officer(submitted: OpenRequest, text: str) -> None:
    officer_actions.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=text)


def fields_on(page: bytes, address: str) -> dict[str, str]:
    """The hidden fields of the form that posts to this address."""
    form = re.search(rf'<form[^>]*action="{address}".*?</form>', page.decode(), re.S)
    assert form, address
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


# The officer's pages


@pytest.fixture
def stale_pages(officer: Client, contact: OpenRequest, ana: Member, ben: Member) -> dict[str, bytes]:
    """Pages that the officer opened while Ana had the request. By now Ben has it."""
    return_by_receipt(officer, contact)
    pages = {name: officer.get(f"/request/{name}/").content for name in ("thread", "change-peer")}
    officer_actions.change_peer(creds=contact.credentials, next_may_read=False, turn=1)
    accept(contact, ben)
    return pages


def test_stale_change_does_not_take_it_from_the_next_peer(
    officer: Client, contact: OpenRequest, ben: Member, stale_pages: dict[str, bytes]
) -> None:
    address = "/request/change-peer/"
    for typed in (fields_on(stale_pages["change-peer"], address), {}, {"turn": "x"}, {"turn": "9" * 5000}):
        page = officer.post(address, typed).content.decode()
        assert contact.unsealed.routing.is_contact_of(ben.pk)
        assert "had already moved on when you pressed" in page and "Ben Brandt has it now." in page
    officer.post(address, fields_on(officer.get(address).content, address))
    assert not contact.unsealed.routing.is_contact_of(ben.pk)


def test_stale_message_reaches_the_next_peer_only_after_another_press(
    officer: Client, stale_pages: dict[str, bytes]
) -> None:
    address = "/request/thread/"
    typed = {**fields_on(stale_pages["thread"], address), "text": "As I told you, Ana"}
    page = officer.post(address, typed).content
    assert Message.objects.count() == 0
    assert b"Your request has a new peer" in page and b"As I told you, Ana</textarea>" in page
    officer.post(address, {**typed, **fields_on(page, address)})
    assert Message.objects.count() == 1


def test_stale_closing_note_reaches_the_next_peer_only_after_another_press(
    officer: Client, stale_pages: dict[str, bytes]
) -> None:
    address = "/request/close/"
    typed = {**fields_on(stale_pages["thread"], address), "own_words": "Thank you, Ana"}
    page = officer.post(address, typed).content
    assert b"Your request has a new peer" in page and b'value="Thank you, Ana"' in page
    assert (Request.objects.count(), ClosingNote.objects.count()) == (1, 0)
    officer.post(address, {**typed, **fields_on(page, address)})
    assert (Request.objects.count(), ClosingNote.objects.count()) == (0, 1)


def test_closing_without_a_note_works_from_a_stale_page(officer: Client, stale_pages: dict[str, bytes]) -> None:
    officer.post("/request/close/", fields_on(stale_pages["thread"], "/request/close/"))
    assert Request.objects.count() == 0


@pytest.mark.parametrize("turn", ["x", "-1", "", "1" * 11])
def test_a_turn_that_is_no_number_is_another_turn(officer: Client, contact: OpenRequest, turn: str) -> None:
    return_by_receipt(officer, contact)
    for address in ("/request/thread/", "/request/close/"):
        typed = {"token": form_tokens.fresh("write"), "text": "to Ana", "own_words": "to Ana", "turn": turn}
        assert b"Your request has a new peer" in officer.post(address, typed).content
    assert (Request.objects.count(), Message.objects.count()) == (1, 0)


@pytest.mark.parametrize("address", ["/request/let-read/", "/request/send-on/"])
def test_permission_to_read_one_thread_does_not_cover_the_next(
    officer: Client, ana: Member, ben: Member, address: str
) -> None:
    contact = submit_request(wanted=ana.pk)
    accept(contact, ana)
    write_as_officer(contact, "for Ana")
    peer.recuse(member=ana, request_id=contact.unsealed.id)
    old = return_by_receipt(officer, contact).get("/request/thread/").content
    accept(contact, ben)
    write_as_officer(contact, "for Ben")
    peer.recuse(member=ben, request_id=contact.unsealed.id)
    assert contact.unsealed.routing.state == RequestState.NOBODY
    officer.post(address, {**fields_on(old, "/request/let-read/"), "next_may_read": "yes"})
    assert contact.unsealed.routing.thread_key_for_next == ""


# The peer's pages


@pytest.mark.parametrize("what", ["close", "not-real", "suggest"])
def test_peer_must_read_new_messages_before_ending_a_contact(contact: OpenRequest, ana: Member, what: str) -> None:
    desk, address = sign_in(Client(), ana), f"/desk/contacts/{contact.unsealed.id}/"
    page = desk.get(address).content
    write_as_officer(contact, "Please stay.")
    answer = desk.post(f"{address}{what}/", fields_on(page, f"{address}{what}/"))
    assert (answer.status_code, Request.objects.count(), contact.unsealed.routing.closing_suggested) == (200, 1, None)
    shown = answer.content.decode()
    assert "They've written to you since you opened this page" in shown and "Please stay." in shown
    desk.post(f"{address}{what}/", fields_on(answer.content, f"{address}{what}/"))
    route = next((request.routing for request in unsealing.open_requests()), None)
    assert route is None or route.closing_suggested is not None


def test_message_read_on_one_device_is_unread_on_a_stale_page(contact: OpenRequest, ana: Member) -> None:
    desk, address = sign_in(Client(), ana), f"/desk/contacts/{contact.unsealed.id}/"
    old = desk.get(address).content
    write_as_officer(contact, "Please stay.")
    desk.get(address)
    desk.post(f"{address}close/", fields_on(old, f"{address}close/"))
    assert Request.objects.count() == 1
    desk.post(f"{address}close/")
    assert Request.objects.count() == 0


def test_locked_key_closes_nothing_unread(contact: OpenRequest, ana: Member) -> None:
    desk = sign_in(Client(), ana)
    write_as_officer(contact, "Please stay.")
    del desk.cookies["peerkey"]
    assert desk.post(f"/desk/contacts/{contact.unsealed.id}/close/").status_code == 403
    assert Request.objects.count() == 1


def test_message_that_arrives_while_a_page_renders_is_still_new(
    contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    write_as_officer(contact, "one")
    write_as_officer(contact, "two")
    peer.mark_read(member=ana, request_id=contact.unsealed.id, seen=1)
    assert contact.unsealed.routing.is_unread_by_peer
    of_ana = {"member": ana, "request_id": contact.unsealed.id, "private_key": ana_key}
    peer.write(**of_ana, token=form_tokens.fresh("write"), text="three")
    officer_actions.mark_read(creds=contact.credentials, seen=2)
    own = officers.own_request(contact.credentials)
    assert own is not None and own.unread == 1

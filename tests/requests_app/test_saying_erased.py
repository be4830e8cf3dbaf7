"""“Erased” is said when the key is gone from the disk, and not before. The disk refuses here: nothing is faked."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from peersupport.team.models import Member, User
from requests_app.actions import consultation, peer
from requests_app.actions import officer as officer_actions
from requests_app.domain.consultation import HowSoon
from requests_app.models import ClosingNote, Consultation, Request
from tests.cast import sign_in
from tests.requests_app.conftest import Asked
from tests.requests_app.test_threads import come_back

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "being destroyed; that is done within minutes"


def refuse_to_destroy(key_id: str) -> Path:
    """Where the key would be moved on its way out stands a folder."""
    in_the_way = Path(settings.KEYRING) / "shred" / f"{key_id}{keyring.DYING}"
    in_the_way.mkdir()
    return in_the_way


def of_officer(contact: Asked, desk: Client, **_: object) -> tuple[Client, str]:
    return come_back(Client(), contact), "/request/close/"


def of_peer(contact: Asked, desk: Client, **_: object) -> tuple[Client, str]:
    return desk, f"/desk/contacts/{contact.opened.id}/close/"


def of_a_joke(contact: Asked, desk: Client, **_: object) -> tuple[Client, str]:
    return desk, f"/desk/contacts/{contact.opened.id}/not-real/"


def of_a_last_word(contact: Asked, desk: Client, **_: object) -> tuple[Client, str]:
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    return desk, f"/desk/last-word/{ClosingNote.objects.get().pk}/"


def of_a_call(contact: Asked, desk: Client, *, ana: Member, director: User) -> tuple[Client, str]:
    consultation.ask_to_be_called(member=ana, how_soon=HowSoon.TODAY, whom=None)
    return sign_in(Client(), director), f"/consultations/{Consultation.objects.get().pk}/"


SAID = ("Closed and erased", "It is erased.", "It is erased already")
ENDS = [of_officer, of_peer, of_a_joke, of_a_last_word, of_a_call]


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize("end", ENDS)
def test_an_end_says_erased_when_the_key_is_gone(
    contact: Asked, ana: Member, director: User, end: object, refuses: bool
) -> None:
    browser, address = end(contact, sign_in(Client(), ana), ana=ana, director=director)
    if refuses:
        for key_id in keyring.shred_ids():
            refuse_to_destroy(key_id)
    page = browser.post(address, follow=True).content.decode()
    assert (LATER in page) is refuses
    assert any(said in page for said in SAID) is not refuses


def test_the_other_side_reads_erased_only_then_too(contact: Asked, ana: Member) -> None:
    soon, later = (come_back(Client(), contact) for _ in range(2))
    in_the_way = refuse_to_destroy(contact.opened.row.key_id)
    peer.close_as_peer(member=ana, request_id=contact.opened.id)
    page = soon.get("/request/thread/").content.decode()
    assert LATER in page and "erased" not in page
    in_the_way.rmdir()
    assert destroy_condemned() == 1
    assert "what was written is erased" in later.get("/request/thread/").content.decode()


def test_what_is_damaged_is_not_called_erased(contact: Asked) -> None:
    officer = come_back(Client(), contact)
    Request.objects.update(routing=b"damaged")
    page = officer.get("/request/thread/").content.decode()
    assert "is damaged on our side" in page and "erased" not in page

"""A page says “erased” only once the key is gone from the disk. Here the disk itself refuses; nothing is mocked."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from peersupport.team.models import Member, User
from requests_app.actions import consultation, peer
from requests_app.actions import officer as officer_actions
from requests_app.domain.consultation import ConsultationUrgency
from requests_app.models import ClosingNote, Consultation, Request
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db(transaction=True)
NOT_ERASED_YET = "being destroyed"


def refuse_to_destroy(key_id: str) -> Path:
    """Put a folder where the key file would be moved before it is destroyed."""
    obstacle = Path(settings.KEYRING) / "shred" / f"{key_id}{keyring.DYING}"
    obstacle.mkdir()
    return obstacle


def officer_closes(contact: OpenRequest, desk: Client, **_: object) -> tuple[Client, str]:
    return return_by_receipt(Client(), contact), "/request/close/"


def peer_closes(contact: OpenRequest, desk: Client, **_: object) -> tuple[Client, str]:
    return desk, f"/desk/contacts/{contact.unsealed.id}/close/"


def peer_discards(contact: OpenRequest, desk: Client, **_: object) -> tuple[Client, str]:
    return desk, f"/desk/contacts/{contact.unsealed.id}/not-real/"


def peer_reads_closing_note(contact: OpenRequest, desk: Client, **_: object) -> tuple[Client, str]:
    officer_actions.close(creds=contact.credentials, note="thank you")
    return desk, f"/desk/last-word/{ClosingNote.objects.get().pk}/"


def consultation_is_answered(contact: OpenRequest, desk: Client, *, ana: Member, director: User) -> tuple[Client, str]:
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.TODAY, whom=None)
    return sign_in(Client(), director), f"/consultations/{Consultation.objects.get().pk}/"


ERASED = ("Closed and erased", "The request is erased.", "erased already")
ENDS = [officer_closes, peer_closes, peer_discards, peer_reads_closing_note, consultation_is_answered]


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize("end", ENDS)
def test_page_says_erased_only_once_the_key_is_gone(
    contact: OpenRequest, ana: Member, director: User, end: object, refuses: bool
) -> None:
    browser, address = end(contact, sign_in(Client(), ana), ana=ana, director=director)
    if refuses:
        for key_id in keyring.shred_ids():
            refuse_to_destroy(key_id)
    page = browser.post(address, follow=True).content.decode()
    assert (NOT_ERASED_YET in page) is refuses
    assert any(sentence in page for sentence in ERASED) is not refuses


def test_other_side_reads_erased_only_once_the_key_is_gone(contact: OpenRequest, ana: Member) -> None:
    soon, later = (return_by_receipt(Client(), contact) for _ in range(2))
    obstacle = refuse_to_destroy(contact.unsealed.row.key_id)
    peer.close(member=ana, request_id=contact.unsealed.id)
    page = soon.get("/request/thread/").content.decode()
    assert NOT_ERASED_YET in page and "erased" not in page
    obstacle.rmdir()
    assert destroy_condemned() == 1
    assert "what was written is erased" in later.get("/request/thread/").content.decode()


def test_damaged_request_is_not_called_erased(contact: OpenRequest) -> None:
    officer = return_by_receipt(Client(), contact)
    Request.objects.update(routing=b"damaged")
    page = officer.get("/request/thread/").content.decode()
    assert "keeps this from being opened" in page and "erased" not in page

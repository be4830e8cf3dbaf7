"""What an officer leaves when they close: a note that opens once, and feedback that counts."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.sealing import keyring
from peersupport.team.actions import keys
from peersupport.team.models import Member
from requests_app import leftovers_vault, vault
from requests_app.actions import closing_note, peer, sweep
from requests_app.actions import officer as officer_actions
from requests_app.models import ClosingNote, Request
from requests_app.queries import members
from stats import vault as stats_vault
from stats.domain.ledger import CounterId
from stats.models import StatsYear
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db
HELPED = {"feedback": "helped_again"}


def helped_count() -> int:
    return stats_vault.unseal(StatsYear.objects.get()).by_counter()[CounterId("feedback", "helped_again")]


def test_closing_note_is_read_once_by_the_peer_only(
    officer: Client, contact: OpenRequest, ana: Member, ben: Member, own_keyring: object
) -> None:
    return_by_receipt(officer, contact).post(
        "/request/close/", {"last_word": "okay", "own_words": "You <b>listened</b>."}
    )
    assert not Request.objects.exists()
    row = ClosingNote.objects.get()
    assert b"listened" not in bytes(row.body)
    peer, other = sign_in(Client(), ana), sign_in(Client(), ben)
    assert "left you a note" in peer.get("/desk/").content.decode()
    assert "left you a note" not in other.get("/desk/").content.decode()
    address = f"/desk/last-word/{row.pk}/"
    assert "listened" not in other.post(address, follow=True).content.decode()
    page = peer.post(address).content.decode()
    assert "I&#x27;m okay" in page and "You &lt;b&gt;listened&lt;/b&gt;." in page
    assert not ClosingNote.objects.exists()
    assert "no longer here" in peer.post(address, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_key_of_a_closing_note_is_destroyed_when_it_is_read(contact: OpenRequest, ana: Member, ana_key: bytes) -> None:
    officer_actions.close(creds=contact.credentials, note="thank you")
    row = ClosingNote.objects.get()
    sweep.run(now=timezone.now() + timedelta(days=6))
    assert closing_note.read(member=ana, note_id=row.pk, private_key=ana_key)[0] == "thank you"
    assert keyring.is_destroyed(row.key_id)


def test_unread_closing_note_is_deleted_after_a_week(contact: OpenRequest, ana: Member) -> None:
    officer_actions.close(creds=contact.credentials, note="thank you")
    sweep.run(now=timezone.now() + timedelta(days=7))
    assert members.closing_notes_for(ana)
    sweep.run(now=timezone.now() + timedelta(days=8))
    assert not ClosingNote.objects.exists()


def test_other_key_opens_no_closing_note(contact: OpenRequest, ana: Member, ben_key: bytes) -> None:
    officer_actions.close(creds=contact.credentials, note="thank you")
    with pytest.raises(closing_note.NoteUnavailable):
        closing_note.read(member=ana, note_id=ClosingNote.objects.get().pk, private_key=ben_key)
    assert ClosingNote.objects.exists()


def test_closing_note_for_a_replaced_key_is_deleted(contact: OpenRequest, ana: Member) -> None:
    officer_actions.close(creds=contact.credentials, note="thank you")
    assert members.closing_notes_for(ana)
    keys.retire_key(ana)
    assert members.closing_notes_for(ana) == []
    sweep.run(now=timezone.now())
    assert not ClosingNote.objects.exists()


def test_short_and_long_closing_notes_have_one_size(contact: OpenRequest, ana: Member) -> None:
    left = leftovers_vault.ClosingNoteHeader(1, 1, date(2026, 1, 1))
    sizes = {
        len(
            leftovers_vault.seal_closing_note(
                vault.RowKey(row_id, b"k" * 32, (b"host",)), bytes(ana.current_key.public_key), left, text
            )
        )
        for row_id, text in ((contact.unsealed.id, ""), (contact.unsealed.id, "🫂" * 530))
    }
    assert len(sizes) == 1


def test_feedback_counts_at_once_and_only_once(officer: Client, contact: OpenRequest, open_year: None) -> None:
    before = helped_count()
    return_by_receipt(officer, contact)
    cookie = officer.cookies["visit"].value
    assert "Closed" in officer.post("/request/close/", HELPED).content.decode()
    officer.cookies["visit"] = cookie
    officer.post("/request/close/", HELPED)
    assert helped_count() == before + 1


def test_feedback_opens_no_year(officer: Client, contact: OpenRequest) -> None:
    """Opening a year is recorded with its time, which would tell when somebody closed. The calendar opens it."""
    before = Entry.objects.count()
    return_by_receipt(officer, contact).post("/request/close/", HELPED)
    assert (StatsYear.objects.count(), Entry.objects.count()) == (0, before)


def test_closing_works_while_the_year_takes_no_counts(officer: Client, contact: OpenRequest, open_year: None) -> None:
    keyring.destroy(StatsYear.objects.get().key_id)
    return_by_receipt(officer, contact).post("/request/close/", HELPED)
    assert not Request.objects.exists()


def test_without_a_peer_no_note_is_left_and_no_feedback_counted(officer: Client, ana: Member, open_year: None) -> None:
    before = helped_count()
    officer_actions.close(creds=submit_request().credentials, note="hello", feedback="helped_again")
    assert not ClosingNote.objects.exists() and helped_count() == before


def test_overlong_closing_note_is_kept_and_nothing_closes(officer: Client, contact: OpenRequest) -> None:
    page = return_by_receipt(officer, contact).post("/request/close/", {"own_words": "y" * 501}).content.decode()
    assert "501 characters" in page and "y" * 501 in page
    assert Request.objects.count() == 1


def test_failed_closing_keeps_the_text_and_succeeds_on_retry(officer: Client, contact: OpenRequest) -> None:
    def busy_database(go_on: Callable[..., object], sql: str, *more: object) -> object:
        if sql.startswith("INSERT") and ClosingNote._meta.db_table in sql:
            raise OperationalError
        return go_on(sql, *more)

    return_by_receipt(officer, contact)
    with connection.execute_wrapper(busy_database):
        answer = officer.post("/request/close/", {"own_words": "thank you"})
    page = answer.content.decode()
    assert answer.status_code == 503 and "Please press “Close and erase” again" in page
    assert 'value="thank you"' in page and Request.objects.count() == 1
    officer.post("/request/close/", {"own_words": "thank you"})
    assert (Request.objects.count(), ClosingNote.objects.count()) == (0, 1)


def test_closing_note_text_outlives_the_session(officer: Client, contact: OpenRequest) -> None:
    page = officer.post("/request/close/", {"own_words": "thank you"}).content.decode()
    assert "closed yet. You were away for a while" in page
    back = officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words), "own_words": "thank you"})
    assert 'value="thank you"' in back.content.decode()


GIVEN_BACK = '<p class="note" dir="auto">thank you</p>'


@pytest.mark.parametrize("address", ["/request/close/", "/request/return/"])
def test_closing_note_is_given_back_when_the_request_has_ended(
    officer: Client, contact: OpenRequest, address: str
) -> None:
    """Closed in another tab, or by the peer; before or after the session ended."""
    return_by_receipt(officer, contact)
    officer_actions.close(creds=contact.credentials)
    typed = {"own_words": "thank you", "receipt": " ".join(contact.receipt_words)}
    assert GIVEN_BACK in officer.post(address, typed).content.decode()


def test_closing_note_is_given_back_when_no_peer_has_the_request(
    officer: Client, contact: OpenRequest, ana: Member
) -> None:
    peer.recuse(member=ana, request_id=contact.unsealed.id)
    return_by_receipt(officer, contact)
    for typed, ending in ({"last_word": "x"}, False), ({}, True):
        page = officer.post("/request/close/", {"own_words": "thank you", **typed}).content.decode()
        assert GIVEN_BACK in page and "Your note is waiting" not in page
        assert ("Take care of yourself" in page, Request.objects.exists()) == (ending, not ending)

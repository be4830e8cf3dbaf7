"""What an officer leaves when they close: a word that opens once, and a number."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.sealing import keyring
from peersupport.team.models import Member, MemberKey
from requests_app import vault
from requests_app.actions import closing_note, sweep, transitions
from requests_app.actions import officer as officer_actions
from requests_app.models import ClosingNote, Request
from requests_app.queries import members
from stats import vault as stats_vault
from stats.domain.ledger import Counter
from stats.models import StatsYear
from tests.cast import sign_in
from tests.requests_app.conftest import Asked, ask
from tests.requests_app.test_threads import come_back

pytestmark = pytest.mark.django_db
HELPED = {"feedback": "helped_again"}


def helped() -> int:
    return stats_vault.unseal(StatsYear.objects.get()).by_counter()[Counter("feedback", "helped_again")]


def test_a_last_word_is_read_once_by_the_peer_alone_and_then_gone(
    officer: Client, contact: Asked, ana: Member, ben: Member, own_keyring: object
) -> None:
    come_back(officer, contact).post("/request/close/", {"last_word": "okay", "own_words": "You <b>listened</b>."})
    assert not Request.objects.exists()
    row = ClosingNote.objects.get()
    assert b"listened" not in bytes(row.body)
    peer, other = sign_in(Client(), ana), sign_in(Client(), ben)
    assert "left you a word" in peer.get("/desk/").content.decode()
    assert "left you a word" not in other.get("/desk/").content.decode()
    address = f"/desk/last-word/{row.pk}/"
    assert "listened" not in other.post(address, follow=True).content.decode()
    page = peer.post(address).content.decode()
    assert "I&#x27;m okay" in page and "You &lt;b&gt;listened&lt;/b&gt;." in page
    assert not ClosingNote.objects.exists()
    assert "no longer here" in peer.post(address, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_its_key_is_destroyed_when_it_is_read_or_after_a_week(contact: Asked, ana: Member, ana_key: bytes) -> None:
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    row = ClosingNote.objects.get()
    sweep.tend_all(now=timezone.now() + timedelta(days=6))
    assert closing_note.read_last_word(member=ana, word_id=row.pk, private_key=ana_key)[0] == "thank you"
    assert keyring.is_destroyed(row.key_id)


def test_a_last_word_nobody_reads_is_dropped_after_a_week(contact: Asked, ana: Member) -> None:
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    sweep.tend_all(now=timezone.now() + timedelta(days=7))
    assert members.last_words_for(ana)
    sweep.tend_all(now=timezone.now() + timedelta(days=8))
    assert not ClosingNote.objects.exists()


def test_another_key_of_the_same_member_opens_no_word(contact: Asked, ana: Member, ben_key: bytes) -> None:
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    with pytest.raises(transitions.Gone):
        closing_note.read_last_word(member=ana, word_id=ClosingNote.objects.get().pk, private_key=ben_key)
    assert ClosingNote.objects.exists()


def test_a_word_for_a_key_that_was_replaced_is_shown_to_nobody_and_goes(contact: Asked, ana: Member) -> None:
    officer_actions.close_as_officer(creds=contact.credentials, last_word="thank you")
    assert members.last_words_for(ana)
    MemberKey.objects.filter(member=ana).update(is_retired=True, sealed_by_password=b"", sealed_by_recovery=b"")
    assert members.last_words_for(ana) == []
    sweep.tend_all(now=timezone.now())
    assert not ClosingNote.objects.exists()


def test_a_short_and_a_long_word_look_alike(contact: Asked, ana: Member) -> None:
    left = vault.Left(1, 1, date(2026, 1, 1))
    sizes = {
        len(vault.seal_last_word(bytes(ana.current_key.public_key), b"k" * 32, row_id, left, text))
        for row_id, text in ((contact.opened.id, ""), (contact.opened.id, "🫂" * 530))
    }
    assert len(sizes) == 1


def test_feedback_is_counted_at_once_and_once(officer: Client, contact: Asked, open_year: None) -> None:
    before = helped()
    come_back(officer, contact)
    cookie = officer.cookies["visit"].value
    assert "Closed" in officer.post("/request/close/", HELPED).content.decode()
    officer.cookies["visit"] = cookie
    officer.post("/request/close/", HELPED)
    assert helped() == before + 1


def test_feedback_opens_no_year(officer: Client, contact: Asked) -> None:
    """That is recorded with its time: it would say when somebody closed. The calendar opens it, on the hour."""
    before = Entry.objects.count()
    come_back(officer, contact).post("/request/close/", HELPED)
    assert (StatsYear.objects.count(), Entry.objects.count()) == (0, before)


def test_a_year_that_takes_no_counts_keeps_nobody_from_closing(
    officer: Client, contact: Asked, open_year: None
) -> None:
    keyring.destroy(StatsYear.objects.get().key_id)
    come_back(officer, contact).post("/request/close/", HELPED)
    assert not Request.objects.exists()


def test_nothing_is_left_for_nobody(officer: Client, ana: Member, open_year: None) -> None:
    before = helped()
    officer_actions.close_as_officer(creds=ask().credentials, last_word="hello", feedback="helped_again")
    assert not ClosingNote.objects.exists() and helped() == before


def test_too_long_a_word_is_kept_and_nothing_closes(officer: Client, contact: Asked) -> None:
    page = come_back(officer, contact).post("/request/close/", {"own_words": "y" * 501}).content.decode()
    assert "501 characters" in page and "y" * 501 in page
    assert Request.objects.count() == 1


def test_a_closing_that_fails_keeps_the_words_and_is_pressed_once_more(officer: Client, contact: Asked) -> None:
    def too_busy(go_on: Callable[..., object], sql: str, *more: object) -> object:
        if sql.startswith("INSERT") and ClosingNote._meta.db_table in sql:
            raise OperationalError
        return go_on(sql, *more)

    come_back(officer, contact)
    with connection.execute_wrapper(too_busy):
        answer = officer.post("/request/close/", {"own_words": "thank you"})
    page = answer.content.decode()
    assert answer.status_code == 503 and "Please press “Close and erase” once more" in page
    assert 'value="thank you"' in page and Request.objects.count() == 1
    officer.post("/request/close/", {"own_words": "thank you"})
    assert (Request.objects.count(), ClosingNote.objects.count()) == (0, 1)


def test_own_words_outlive_the_session(officer: Client, contact: Asked) -> None:
    page = officer.post("/request/close/", {"own_words": "thank you"}).content.decode()
    assert "It is not closed yet" in page
    back = officer.post("/request/return/", {"receipt": " ".join(contact.words), "own_words": "thank you"})
    assert 'value="thank you"' in back.content.decode()

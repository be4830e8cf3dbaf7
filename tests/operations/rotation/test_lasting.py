"""Each lasting secret is renewed while requests are open, and nobody notices."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from applications.actions import mail_limit
from operations.rotation import lasting
from operations.rotation.rules import NEVER, RULES, Ending
from peersupport.audit import queries as audit
from peersupport.audit.models import Entry
from peersupport.celery import ROUNDS
from peersupport.notices import alert_services
from peersupport.notices.models import PhoneAlert
from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring, receipt
from peersupport.team.actions import mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import Member, QueuedMail
from requests_app import officer_session
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, submission, tallies
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.domain.tally import TallyAnswers
from requests_app.models import MatchingPreferences, Request
from requests_app.queries import matching, members, officers
from requests_app.queries.officers import own_request
from tests.requests_app.conftest import OpenRequest, contact, open_year, submit_request

__all__ = ["contact", "open_year"]

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
NOON = datetime.fromisoformat("2026-05-04T12:10:00-05:00")


def rotate(*names: str) -> list[str]:
    said = StringIO()
    for name in names:
        call_command("rotate", name, stdout=said)
    return said.getvalue().splitlines()


def old_ones(name: str) -> int:
    return len(keyring.earlier(name))


@pytest.fixture
def at(time_machine: object) -> Callable[[timedelta], None]:
    """Go to a time after noon."""

    def go(after: timedelta) -> None:
        time_machine.move_to(NOON + after, tick=False)  # type: ignore[attr-defined]

    go(timedelta())
    return go


def end_overlaps() -> None:
    assert lasting.end_overlaps(now=timezone.now())


# The table


def test_each_lasting_secret_in_the_code_has_a_rule() -> None:
    named = set()
    for room in ("peersupport", "applications", "training", "stats", "requests_app", "dashboard", "operations"):
        for path in (ROOT / room).rglob("*.py"):
            source = path.read_text()
            named |= set(re.findall(r"keyring\.(?:lasting|known)\(\s*\"([^\"]+)\"", source))
            constants = re.findall(r"(?<!def )\b(?:lasting|known)\(\s*(?:keyring\.)?([A-Z][A-Z0-9_]+)", source)
            named |= {value for name in constants for value in re.findall(rf"^{name} = \"([^\"]+)\"", source, re.M)}
    assert {"host-secret-check", "format-1-is-over"} <= named
    assert named - NEVER == set(RULES)
    assert not NEVER & set(RULES)


def test_overlaps_last_as_long_as_what_needs_them() -> None:
    assert RULES["forms"].overlap >= timedelta(hours=form_tokens.LIFETIME_HOURS)
    assert RULES["officer-session"].overlap >= officer_session.OWN_PHONE
    assert RULES["spent"].overlap >= 2 * timedelta(hours=form_tokens.LIFETIME_HOURS)


def test_the_round_is_there() -> None:
    assert "operations.tasks.end_overlaps" in ROUNDS


@pytest.mark.parametrize("name", RULES)
def test_an_old_secret_goes_when_its_overlap_is_over_and_not_before(name: str, at: Callable) -> None:
    keyring.lasting(name)
    (said,) = rotate(name)
    rule = RULES[name]
    assert old_ones(name) == (1 if rule.overlap or rule.ending is Ending.KEPT else 0)
    assert said.startswith(f"{name}: ")
    if rule.overlap:
        at(rule.overlap)
        end_overlaps()
        assert old_ones(name) == 1
        at(rule.overlap + timedelta(minutes=30))
        end_overlaps()
        assert old_ones(name) == 0
    assert Entry.objects.filter(about=f"secret:{name}", action="secret_rotated").count() == 1


def test_a_secret_that_was_never_used_is_not_made() -> None:
    assert rotate("draw") == ["draw: not used yet, so there is nothing to replace."]
    assert not keyring.has_lasting("draw")


def test_an_unmounted_keyring_is_said_in_one_line(own_keyring: Path) -> None:
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    said = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rotate", "draw", stdout=said, stderr=said)
    assert (stopped.value.code, len(said.getvalue().splitlines())) == (2, 1)
    assert not lasting.end_overlaps(now=timezone.now())


# Requests


def test_a_receipt_opens_its_request_as_long_as_it_is_open(at: Callable, contact: OpenRequest, ana: Member) -> None:
    rotate("credentials")
    at(timedelta(days=3))
    end_overlaps()
    assert old_ones("credentials") == 1
    creds = officers.credentials_of(contact.receipt_words)
    assert creds == contact.credentials
    own = own_request(creds)
    assert own is not None and own.words is not None and own.words.message == "I have not slept."
    officer_actions.close(creds=creds)
    end_overlaps()
    assert old_ones("credentials") == 0


def test_a_request_of_after_holds_no_old_secret(ana: Member, at: Callable) -> None:
    submit_request()
    rotate("credentials")
    at(timedelta(hours=2))
    later = submit_request()
    assert officers.credentials_of(later.receipt_words) == later.credentials
    end_overlaps()
    assert old_ones("credentials") == 1
    Request.objects.exclude(pk=later.unsealed.id).delete()
    end_overlaps()
    assert old_ones("credentials") == 0
    assert officers.request_of(officers.credentials_of(later.receipt_words)) is not None


def test_copied_key_files_of_a_later_date_take_no_receipt_away(ana: Member, at: Callable, own_keyring: Path) -> None:
    early = submit_request()
    rotate("credentials")
    at(timedelta(days=1))
    for file in (own_keyring / "shred").iterdir():
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)  # a copy without its time
    end_overlaps()
    assert officers.request_of(officers.credentials_of(early.receipt_words)) is not None


def test_a_request_that_cannot_be_opened_now_keeps_its_secret_too(ana: Member, at: Callable) -> None:
    submit_request()
    Request.objects.update(routing=b"no routing")
    rotate("credentials")
    at(timedelta(days=1))
    end_overlaps()
    assert old_ones("credentials") == 1


def test_a_receipt_of_version_1_opens_under_the_old_secret(ana: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    of_version_2 = receipt.credentials
    monkeypatch.setattr(submission, "credentials", lambda secret, words: of_version_2(secret, words, version=1))
    token = form_tokens.fresh("request")
    sent = submission.submit(token=token, submission=submission.Submission(Card(urgency=Urgency.TODAY)))
    rotate("credentials")
    assert officers.credentials_of(sent.receipt_words).version == 1
    assert officers.request_of(officers.credentials_of(sent.receipt_words)) is not None


TYPED = submission.Submission(Card(urgency=Urgency.TODAY), Words("I have not slept.", ""))


@pytest.mark.parametrize("names", [["credentials"], ["receipt"], ["spent"], ["forms"], list(RULES)])
def test_the_same_press_before_and_after_is_one_request(ana: Member, names: list[str]) -> None:
    token = form_tokens.fresh("request")
    before = submission.submit(token=token, submission=TYPED)
    rotate(*names)
    after = submission.submit(token=token, submission=TYPED)
    assert after.receipt_words == before.receipt_words
    assert Request.objects.count() == 1


def test_a_press_after_of_a_form_from_before_is_sent(ana: Member, at: Callable) -> None:
    token = form_tokens.fresh("request")
    rotate(*RULES)
    at(timedelta(hours=11, minutes=50))
    end_overlaps()
    sent = submission.submit(token=token, submission=TYPED)
    assert officers.request_of(officers.credentials_of(sent.receipt_words)) is not None


def test_a_replay_after_closing_makes_nothing_though_the_secrets_were_renewed(ana: Member, at: Callable) -> None:
    token = form_tokens.fresh("request")
    sent = submission.submit(token=token, submission=TYPED)
    officer_actions.close(creds=officers.credentials_of(sent.receipt_words))
    rotate(*RULES)
    at(timedelta(hours=11, minutes=50))
    end_overlaps()
    with pytest.raises(submission.AlreadySubmitted):
        submission.submit(token=token, submission=TYPED)
    assert not Request.objects.exists()


def test_a_tally_confirmed_before_does_not_count_again(ana: Member, open_year: None) -> None:
    token = form_tokens.fresh("tally")
    tallies.tally_others(token=token, how_many=1, answers=TallyAnswers(first_this_year=True))
    rotate("spent", "forms")
    with pytest.raises(tallies.AlreadyTallied):
        tallies.tally_others(token=token, how_many=1, answers=TallyAnswers(first_this_year=True))


def test_both_sides_go_on_in_their_thread(contact: OpenRequest, ana: Member, ana_key: bytes) -> None:
    rotate(*RULES)
    request_id: UUID = contact.unsealed.id
    creds = officers.credentials_of(contact.receipt_words)
    officer_actions.write(creds=creds, token=form_tokens.fresh("write"), text="Are you there?")
    opened = members.contact_for(ana, request_id, ana_key)
    assert opened is not None and [each.text for each in opened.thread] == ["Are you there?"]
    peer.write(
        member=ana, request_id=request_id, private_key=ana_key, token=form_tokens.fresh("write"), text="I am here."
    )
    own = own_request(creds)
    assert own is not None and [each.text for each in own.thread] == ["Are you there?", "I am here."]


def test_the_officers_session_goes_on_and_is_sealed_anew_at_the_next_page(
    at: Callable, contact: OpenRequest, officer: Client
) -> None:
    officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words), "own_phone": "on"})
    rotate("officer-session", "credentials")
    at(timedelta(days=6))
    assert "I have not slept." in officer.get("/request/thread/").content.decode()
    sealed = bytes.fromhex(officer.cookies[officer_session.cookie_name()].value)
    current = keyring.lasting("officer-session")
    assert envelope.open_sealed(current, sealed, context=officer_session.CONTEXT)


@pytest.fixture
def officer() -> Client:
    return Client()


# What is sealed anew


def test_preferences_are_sealed_anew(ana: Member, at: Callable) -> None:
    peer.set_matching_preferences(member_id=ana.pk, not_now=["grief"], experiences=[])
    before = matching.preferences_of(ana.pk)
    rotate("matching")
    at(timedelta(hours=2))
    end_overlaps()
    assert old_ones("matching") == 0
    assert matching.preferences_of(ana.pk) == before != matching.MemberPreferences()


def test_what_a_process_seals_a_moment_after_the_renewal_is_not_lost(ana: Member, at: Callable) -> None:
    peer.set_matching_preferences(member_id=ana.pk, not_now=["grief"], experiences=[])
    under_the_old = bytes(MatchingPreferences.objects.get().body)
    before = matching.preferences_of(ana.pk)
    rotate("matching")
    MatchingPreferences.objects.update(body=under_the_old)  # committed after all was sealed anew
    assert matching.preferences_of(ana.pk) == before
    at(timedelta(hours=2))
    end_overlaps()
    assert old_ones("matching") == 0
    assert matching.preferences_of(ana.pk) == before


def test_what_opens_under_no_secret_stays_as_it_is_and_holds_up_nothing(ana: Member, ben: Member, at: Callable) -> None:
    for member in (ana, ben):
        peer.set_matching_preferences(member_id=member.pk, not_now=["grief"], experiences=[])
    MatchingPreferences.objects.filter(pk=ana.pk).update(body=b"damaged")
    rotate("matching")
    at(timedelta(hours=2))
    end_overlaps()
    assert bytes(MatchingPreferences.objects.get(pk=ana.pk).body) == b"damaged"
    assert matching.preferences_of(ben.pk) != matching.DAMAGED
    assert matching.preferences_of(ana.pk) == matching.DAMAGED


def test_phone_alerts_are_sealed_anew(ana: Member, at: Callable, settings: object) -> None:
    PhoneAlert.objects.create(user=ana.user, sealed_address=alert_services.seal(ana.user_id, "ntfy://ntfy.sh/ana"))
    rotate("phone-alerts")
    at(timedelta(hours=2))
    end_overlaps()
    assert old_ones("phone-alerts") == 0
    assert alert_services.opened(PhoneAlert.objects.get(), keyring.known("phone-alerts")) == b"ntfy://ntfy.sh/ana"


def test_a_queued_mail_leaves(at: Callable, mailoutbox: list) -> None:
    mails.queue_link(kind=MailKind.INVITATION, email="nora@example.org", link="http://testserver/invitation/secret/")
    sealed = QueuedMail.objects.get().sealed
    rotate("mails")
    assert len(QueuedMail.objects.get().sealed) == len(sealed)
    at(timedelta(hours=2))
    end_overlaps()
    assert (old_ones("mails"), mails.send_mails()) == (0, 1)
    assert "http://testserver/invitation/secret/" in mailoutbox[0].body


# At once, and never


def test_the_draw_and_the_count_of_mails_begin_anew_at_once(ana: Member) -> None:
    for _ in range(5):
        mail_limit.count_mail("nora@example.org")
    assert not mail_limit.count_mail("nora@example.org")
    keyring.lasting("draw")
    rotate("draw", "mail-limit")
    assert (old_ones("draw"), old_ones("mail-limit")) == (0, 0)
    assert mail_limit.count_mail("nora@example.org")


def test_the_audit_is_verified_with_every_secret_that_it_had(at: Callable) -> None:
    keyring.lasting("draw")
    for days in (1, 400, 800):
        rotate("draw", "audit-chain")
        at(timedelta(days=days))
        end_overlaps()
    assert old_ones("audit-chain") == 3
    assert audit.verify() == []


@pytest.mark.parametrize("name", ["installation", "host-secret-check", "format-1-is-over", "receipts"])
def test_what_is_never_replaced_has_no_name_here(name: str) -> None:
    with pytest.raises(Exception, match="invalid choice"):
        call_command("rotate", name)

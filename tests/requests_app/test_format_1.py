"""What was sealed before seals had versions is read until it has ended, and nothing is sealed like that any more."""

import json
import secrets
from dataclasses import asdict
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import Client, override_settings
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import credentials
from peersupport.team.models import Member
from requests_app import leftovers_vault, vault
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer as peer_actions
from requests_app.actions import sweep
from requests_app.domain import stored_json
from requests_app.domain.card import Card, Words
from requests_app.domain.consultation import ConsultationRequest, ConsultationUrgency
from requests_app.domain.half_hours import half_hour_of
from requests_app.domain.states import Urgency
from requests_app.domain.tally import UncountedContact
from requests_app.models import ClosingNote, Consultation, Message, PendingTally, PlaneKey, Request
from requests_app.queries import consultations, members, officers
from tests.requests_app.conftest import OpenRequest

pytestmark = pytest.mark.django_db
migration = import_module("requests_app.migrations.0002_host_secret")
CONTENT, THREAD, NOTE = (bytes([number]) * 32 for number in (1, 2, 3))
CARD = Card(urgency=Urgency.TODAY, concern="grief")


def seal(key: bytes, data: bytes, size: int, context: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, len(data).to_bytes(4, "big") + data.ljust(size, b"\0"), context)


def seal_to(public_key: bytes, key: bytes, row_id: UUID, part: str) -> str:
    public, info = X25519PublicKey.from_public_bytes(public_key), envelope.context(row_id.bytes, part)
    return envelope._SUITE.encrypt(key, public, info).hex()


def seal_inner(row: vault.RowKey, key: bytes, part: str, data: bytes, size: int, context: bytes = b"") -> bytes:
    bound = envelope.context(row.id.bytes, part)
    return seal(envelope.derive(key, salt=row.shred_key, info=bound), data, size, context or bound)


def seal_outer(row: vault.RowKey, part: str, data: bytes, message: bytes = b"") -> bytes:
    return seal(row.shred_key, data, vault.OUTER_SIZES[part], envelope.context(row.id.bytes, part) + message)


def seal_text(row: vault.RowKey, author: str, number: int, text: str, thread_key: bytes = THREAD) -> bytes:
    """A message's text, as it was."""
    context = envelope.context(row.id.bytes, "thread", author, number)
    return seal_inner(row, thread_key, "thread", text.encode(), vault.WORDS_SIZE, context)


def add_message(row: vault.RowKey, author: str, number: int, text: str) -> Message:
    id_, header = uuid4(), json.dumps([author, number, 980_000], separators=(",", ":")).encode().ljust(64)
    body = seal_outer(row, vault.MESSAGE, header + seal_text(row, author, number, text), id_.bytes)
    return Message.objects.create(id=id_, request_id=row.id, body=body)


@pytest.fixture
def before(contact: OpenRequest, ana: Member) -> OpenRequest:
    """A contact with two messages, as an installation of before has it in its database."""
    request, creds = contact.unsealed, credentials(keyring.lasting("credentials"), contact.receipt_words, version=1)
    key, route = request.key, request.routing
    officer_key = envelope.public_key_of(envelope.private_key_from(creds.seed))
    peer_key = bytes(ana.keys.get().public_key)
    fields = json.loads(route.to_bytes())
    fields |= {"locator": creds.locator.hex(), "officer_key": officer_key.hex()}
    for name in ("link", "card_hash", "is_earlier_thread_lost"):
        del fields[name]
    fields["officer_envelope"] = seal_to(officer_key, CONTENT, key.id, "content")
    fields["recipients"][0]["envelope"] = seal_to(peer_key, CONTENT, key.id, "content")
    fields["thread_officer_envelope"] = seal_to(officer_key, THREAD, key.id, "thread")
    fields["thread_peer_envelope"] = seal_to(peer_key, THREAD, key.id, "thread")
    fields |= {"messages": 2, "seen_by_peer": 2, "seen_by_officer": 2}
    add_message(key, "peer", 2, "two")
    add_message(key, "officer", 1, "one")
    words = Words("I have not slept.", "555-0100")
    plane_key = keyring.get(PlaneKey.objects.get().key_id)
    Request.objects.update(
        tag=vault.lookup_tag(plane_key, creds.locator),
        stamp=b"",
        routing=seal_outer(key, vault.ROUTING, stored_json.to_bytes(fields)),
        card=seal_inner(key, CONTENT, "card", CARD.to_bytes(), vault.CARD_SIZE),
        words=seal_inner(key, CONTENT, "words", words.to_bytes(), vault.WORDS_SIZE),
    )
    return OpenRequest(contact.receipt_words, creds)


def texts(submitted: OpenRequest) -> list[str]:
    own = officers.own_request(submitted.credentials)
    assert own is not None and not own.is_damaged
    assert own.words == Words("I have not slept.", "555-0100") and own.card is not None and own.card.concern == "grief"
    return [message.text for message in own.thread]


def write(submitted: OpenRequest, text: str) -> None:
    officer_actions.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=text)


def test_it_opens_only_after_the_migration_and_goes_on(before: OpenRequest, ana: Member, ana_key: bytes) -> None:
    assert officers.request_of(before.credentials) is None, "the program opens no routing that has no host secret in it"
    migration.seal_again(apps, DEFAULT_DB_ALIAS)
    assert texts(before) == ["one", "two"]
    write(before, "three")
    opened = members.contact_for(ana, before.unsealed.id, ana_key)
    assert opened is not None and opened.card == CARD and opened.words is not None
    assert [message.text for message in opened.thread] == ["one", "two", "three"]


def test_its_seven_words_still_lead_to_it(before: OpenRequest) -> None:
    migration.seal_again(apps, DEFAULT_DB_ALIAS)
    assert officers.credentials_of(before.receipt_words) == before.credentials
    page = Client().post("/request/return/", {"receipt": " ".join(before.receipt_words)}, follow=True)
    assert "I have not slept." in page.content.decode()


def test_the_migration_seals_nothing_once_it_has_run(before: OpenRequest, own_keyring: Path) -> None:
    """Whoever writes to the database could make it run again."""
    migration.note_that_it_is_over()
    with pytest.raises(RuntimeError, match="requests that don't open"):
        migration.seal_once(apps, connection.schema_editor())
    assert officers.request_of(before.credentials) is None


def test_where_the_migration_had_nothing_to_seal_the_sweep_notes_that_it_is_over(own_keyring: Path) -> None:
    (own_keyring / "lasting" / keyring.FORMAT_1_IS_OVER).unlink(missing_ok=True)
    migration.seal_once(apps, connection.schema_editor())
    sweep.run(now=timezone.now())
    assert keyring.has_lasting(keyring.FORMAT_1_IS_OVER)


def test_a_new_keyring_never_accepts_format_1(tmp_path: Path) -> None:
    for folder, is_over in ((tmp_path / "new", True), (tmp_path / "old", False)):
        (folder / "lasting").mkdir(parents=True)  # a volume may be mounted there
        if not is_over:
            (folder / "lasting" / keyring.FOLDER_MARKER).touch()
        with override_settings(KEYRING=folder):
            keyring.prepare()
            assert keyring.has_lasting(keyring.FORMAT_1_IS_OVER) == is_over


def test_its_messages_are_chained_from_the_migration_on(before: OpenRequest) -> None:
    migration.seal_again(apps, DEFAULT_DB_ALIAS)
    Message.objects.order_by("pk").first().delete()  # type: ignore[union-attr]
    own = officers.own_request(before.credentials)
    assert own is not None and own.is_damaged


@pytest.mark.parametrize("next_may_read", [True, False])
def test_it_can_be_handed_on(
    before: OpenRequest, ana: Member, ben: Member, ben_key: bytes, next_may_read: bool
) -> None:
    migration.seal_again(apps, DEFAULT_DB_ALIAS)
    officer_actions.change_peer(creds=before.credentials, next_may_read=next_may_read, turn=1)
    accepted = peer_actions.accept(member=ben, request_id=before.unsealed.id, private_key=ben_key)
    assert accepted == peer_actions.AcceptOutcome.ACCEPTED
    write(before, "new")
    assert texts(before) == (["one", "two", "new"] if next_may_read else ["new"])


def test_a_damaged_row_and_one_without_its_key_stay_as_they_are(before: OpenRequest, ana: Member) -> None:
    row = Request.objects.get()
    for routing in (bytes(row.routing)[::-1], bytes(row.routing)):
        Request.objects.update(routing=routing)
        if routing == bytes(row.routing):
            keyring.destroy(row.key_id)
        migration.seal_again(apps, DEFAULT_DB_ALIAS)
        assert bytes(Request.objects.get().routing) == routing


def test_leftovers_open_after_the_migration(ana: Member, ana_key: bytes) -> None:
    today, ids = timezone.localdate(), [uuid4() for _ in range(3)]
    keys = [vault.row_key(id_, keyring.create()) for id_ in ids]
    by_key = {keyring.get(key_id): key_id for key_id in keyring.shred_ids()}
    tally, consultation, note = ({"id": key.id, "key_id": by_key[key.shred_key]} for key in keys)
    contact = UncountedContact(ids[0], ana.pk, today.year, "within_1_h", today + timedelta(days=1))
    PendingTally.objects.create(**tally, body=seal_outer(keys[0], vault.PENDING_TALLY, contact.to_bytes()))
    call = ConsultationRequest(ids[1], ana.pk, None, ConsultationUrgency.TODAY, half_hour_of(timezone.now()))
    Consultation.objects.create(**consultation, body=seal_outer(keys[1], vault.CONSULTATION, call.to_bytes()))
    member_key = ana.keys.get()
    sealed_key = seal_to(bytes(member_key.public_key), NOTE, ids[2], "closing note")
    header = stored_json.to_bytes([ana.pk, member_key.pk, today.isoformat(), sealed_key]).ljust(256)
    text = seal_inner(keys[2], NOTE, "closing note", b"thank you", vault.CLOSING_NOTE_SIZE)
    ClosingNote.objects.create(**note, body=seal_outer(keys[2], vault.CLOSING_NOTE, header + text))

    migration.seal_again(apps, DEFAULT_DB_ALIAS)
    assert members.pending_tallies_of(ana) == [contact]
    assert consultations.consultation_of(ana) == call
    assert members.closing_notes_for(ana) == [ids[2]]
    body = bytes(ClosingNote.objects.get().body)
    assert leftovers_vault.open_closing_note(keys[2], ana_key, body) == "thank you"


def test_nothing_new_is_sealed_in_format_1(contact: OpenRequest) -> None:
    write(contact, "hello")
    route, row = contact.unsealed.routing, Request.objects.get()
    envelopes = [route.thread_officer_envelope, route.thread_peer_envelope, *(r.envelope for r in route.recipients)]
    blobs = [bytes(row.routing), bytes(row.card), bytes(row.words), bytes(Message.objects.get().body)]
    assert {each[:1] for each in [*blobs, *map(bytes.fromhex, envelopes)]} == {envelope.VERSION}
    assert asdict(route)["officer_envelope"] == ""

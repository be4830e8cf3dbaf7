"""Sealed parts fail closed: in another row or part, with another key, cut, moved, altered, or with other fields."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing import envelope
from requests_app import vault
from requests_app.domain import stored_json
from requests_app.domain.card import Card, Words
from requests_app.domain.consultation import ConsultationRequest, ConsultationUrgency
from requests_app.domain.matching import SoftRule
from requests_app.domain.preferences import MemberPreferences
from requests_app.domain.states import Author, Urgency
from requests_app.domain.tally import UncountedContact
from requests_app.vault import ContentKey, RowKey, ThreadKey

ID, OTHER = uuid4(), uuid4()
CONTENT, SHRED, THREAD = (bytes([n]) * 32 for n in (1, 2, 3))
ROW = RowKey(ID, SHRED)
CONTENT_KEY, THREAD_KEY = ContentKey(ROW, CONTENT), ThreadKey(ROW, THREAD)
MESSAGE = uuid4()
THREAD_MESSAGE = vault.ThreadMessage(author=Author.PEER, number=2, half_hour=987654, text="hello")
CARD = Card(
    urgency=Urgency.NOW,
    concern="grief",
    wanted=4,
    anyone_else=False,
    excluded_members=frozenset({7, 3}),
    excluded_unit="Patrol",
    kind="sworn",
    relaxed_rules=(SoftRule.TRAINING, SoftRule.UNIT),
)
TALLY = UncountedContact(ID, member_id=3, year=2026, response="within_1_h", keep_until=date(2026, 3, 8))
CONSULTATION = ConsultationRequest(ID, 3, None, ConsultationUrgency.TODAY, since=987654)
PREFERENCES = MemberPreferences(frozenset({"grief", "work"}), frozenset({"divorce"}))


@given(st.text(max_size=300))
def test_words_round_trip(text: str) -> None:
    words = Words(text.encode("utf-8", "ignore").decode(), contact="555-0100")
    assert vault.open_words(CONTENT_KEY, vault.seal_words(CONTENT_KEY, words)) == words


def test_card_tally_consultation_and_preferences_round_trip() -> None:
    assert vault.open_card(CONTENT_KEY, vault.seal_card(CONTENT_KEY, CARD)) == CARD
    assert vault.open_pending_tally(ROW, vault.seal_pending_tally(ROW, TALLY)) == TALLY
    assert vault.open_consultation(ROW, vault.seal_consultation(ROW, CONSULTATION)) == CONSULTATION
    assert vault.open_preferences(SHRED, 1, vault.seal_preferences(SHRED, 1, PREFERENCES)) == PREFERENCES


def test_what_is_sealed_stays_as_it_was_written_before() -> None:
    """A change here makes every sealed row that lies in a database damaged."""
    assert CARD.to_bytes() == (
        b'{"anyone_else":false,"concern":"grief","excluded_members":[3,7],"excluded_unit":"Patrol","gender":"",'
        b'"kind":"sworn","language":"","other_agency":false,"relaxed_rules":["training","unit"],'
        b'"supervisor_ok":false,"urgency":"now","wanted":4}'
    )
    assert Words("naïve", "").to_bytes() == '{"contact":"","message":"naïve"}'.encode()
    assert TALLY.to_bytes() == b'{"keep_until":"2026-03-08","member":3,"response":"within_1_h","year":2026}'
    assert CONSULTATION.to_bytes() == (
        b'{"how_soon":"today","id":null,"is_reminded":false,"member_id":3,"since":987654,"user_id":null}'
    )
    assert PREFERENCES.to_bytes() == (
        b'{"earlier_experiences":[],"earlier_not_now":[],"experiences":["divorce"],"not_now":["grief","work"],'
        b'"saved_in":0}'
    )
    assert MemberPreferences.from_bytes(b'{"experiences":["divorce"],"not_now":["grief","work"]}') == PREFERENCES


@pytest.mark.parametrize(
    "other",
    [
        b"{}",
        CARD.to_bytes().replace(b'"urgency":"now",', b""),
        CARD.to_bytes().replace(b'"kind"', b'"sort"'),
        CARD.to_bytes().replace(b'"now"', b'"soon"'),
        CARD.to_bytes().replace(b"[3,7]", b"3"),
        CARD.to_bytes()[:-1],
        b"[]",
        b"\xff",
    ],
    ids=["empty", "a field is missing", "a field is unknown", "no urgency", "no list", "cut", "no object", "no text"],
)
def test_a_properly_sealed_part_with_other_fields_counts_as_damaged(other: bytes) -> None:
    bound = vault._context(ID, "card")
    sealed = envelope.seal(ROW.derive(CONTENT, "card"), other, size=vault.CARD_SIZE, context=bound)
    with pytest.raises(envelope.CannotOpen) as raised:
        vault.open_card(CONTENT_KEY, sealed)
    assert raised.value.__suppress_context__, "a trace would quote what was sealed"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (CARD, Card.from_bytes),
        (Words("x"), Words.from_bytes),
        (PREFERENCES, MemberPreferences.from_bytes),
        (TALLY, lambda data: UncountedContact.from_bytes(data, ID)),
        (CONSULTATION, lambda data: ConsultationRequest.from_bytes(data, ID)),
    ],
    ids=["card", "words", "preferences", "tally", "consultation"],
)
def test_every_kind_has_exactly_its_fields(stored: object, read: Callable[[bytes], object]) -> None:
    written = json.loads(stored.to_bytes())  # type: ignore[attr-defined]
    assert read(stored_json.to_bytes(written)) == stored
    with pytest.raises(stored_json.Malformed, match="unknown fields: 1"):
        read(stored_json.to_bytes({**written, "canary": "canary"}))
    for name in written:
        with pytest.raises(stored_json.Malformed, match=f"missing: {name}"):
            read(stored_json.to_bytes({key: value for key, value in written.items() if key != name}))


@pytest.mark.parametrize("key", [ROW, CONTENT_KEY, THREAD_KEY])
def test_a_key_is_never_printed(key: object) -> None:
    shown = f"{key} {key!r}"
    assert str(ID) in shown
    for secret in (SHRED, CONTENT, THREAD):
        assert secret.hex() not in shown and repr(secret) not in shown


@pytest.mark.parametrize(
    "opening",
    [
        lambda sealed: vault.open_words(ContentKey(RowKey(OTHER, SHRED), CONTENT), sealed),
        lambda sealed: vault.open_card(CONTENT_KEY, sealed),
        lambda sealed: vault.open_words(ContentKey(ROW, THREAD), sealed),
        lambda sealed: vault.open_words(ContentKey(RowKey(ID, THREAD), CONTENT), sealed),
        lambda sealed: vault.open_words(CONTENT_KEY, sealed[:-1]),
        lambda sealed: vault.open_words(CONTENT_KEY, sealed[1:] + sealed[:1]),
        lambda sealed: vault.open_words(CONTENT_KEY, b""),
    ],
    ids=["another request", "another part", "another content key", "another shred key", "cut", "moved", "empty"],
)
def test_words_open_only_with_their_keys_request_and_part(opening: Callable[[bytes], Words]) -> None:
    sealed = vault.seal_words(CONTENT_KEY, Words("x"))
    with pytest.raises(envelope.CannotOpen):
        opening(sealed)


def test_an_envelope_that_is_no_hexadecimal_does_not_open() -> None:
    with pytest.raises(envelope.CannotOpen):
        vault.open_thread_key_for_next(CONTENT_KEY, "an envelope")
    with pytest.raises(envelope.CannotOpen):
        vault.open_content_key(ROW, b"k" * 32, "an envelope")


@given(st.integers(0, 86_059), st.integers(1, 255))
def test_a_message_with_one_altered_byte_does_not_open(at: int, change: int) -> None:
    sealed = bytearray(vault.seal_message(THREAD_KEY, MESSAGE, THREAD_MESSAGE))
    sealed[at] ^= change
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(THREAD_KEY, MESSAGE, bytes(sealed))


def test_message_round_trip() -> None:
    sealed = vault.seal_message(THREAD_KEY, MESSAGE, THREAD_MESSAGE)
    assert vault.open_message(THREAD_KEY, MESSAGE, sealed) == THREAD_MESSAGE


@pytest.mark.parametrize(
    ("key", "message_id"),
    [
        (ThreadKey(ROW, CONTENT), MESSAGE),
        (ThreadKey(RowKey(ID, CONTENT), THREAD), MESSAGE),
        (ThreadKey(RowKey(OTHER, SHRED), THREAD), MESSAGE),
        (THREAD_KEY, ID),
    ],
)
def test_a_message_opens_only_in_its_thread_and_under_its_id(key: ThreadKey, message_id: UUID) -> None:
    sealed = vault.seal_message(THREAD_KEY, MESSAGE, THREAD_MESSAGE)
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(key, message_id, sealed)


def test_a_message_with_a_forged_author_or_number_does_not_open() -> None:
    """Someone with the shred key can rewrite a message's header, but its text doesn't open under that."""
    bound = vault._context(ID, "message") + MESSAGE.bytes
    outer = envelope.open_sealed(SHRED, vault.seal_message(THREAD_KEY, MESSAGE, THREAD_MESSAGE), context=bound)
    for header in (["officer", 2, 987654], ["peer", 3, 987654], ["nobody", 2, 987654]):
        forged = stored_json.to_bytes(header).ljust(64) + outer[64:]
        sealed = envelope.seal(SHRED, forged, size=vault.WORDS_SIZE + 1024, context=bound)
        with pytest.raises(envelope.CannotOpen):
            vault.open_message(THREAD_KEY, MESSAGE, sealed)


def test_a_sealed_key_opens_only_for_its_reader_request_and_part() -> None:
    reader, stranger = envelope.new_private_key(), envelope.new_private_key()
    sealed = vault.seal_content_key_to(envelope.public_key_of(reader), CONTENT_KEY)
    assert vault.open_content_key(ROW, reader, sealed) == CONTENT_KEY
    for key, row, opening in (
        (stranger, ROW, vault.open_content_key),
        (reader, replace(ROW, id=OTHER), vault.open_content_key),
        (reader, ROW, vault.open_thread_key),
    ):
        with pytest.raises(envelope.CannotOpen):
            opening(row, key, sealed)


def test_long_and_short_words_have_the_same_size() -> None:
    longest = Words("🫂" * vault.TEXT_LIMIT, "🫂" * 200)
    assert len(vault.seal_words(CONTENT_KEY, Words())) == len(vault.seal_words(CONTENT_KEY, longest))


def test_preferences_have_one_size_and_open_only_for_their_member() -> None:
    few, many = (
        vault.seal_preferences(SHRED, 1, MemberPreferences(frozenset(map(str, range(number))))) for number in (0, 12)
    )
    assert len(few) == len(many)
    with pytest.raises(envelope.CannotOpen):
        vault.open_preferences(SHRED, 2, few)

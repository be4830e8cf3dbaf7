"""Sealed parts fail closed: in another row or part, with another key, cut, moved, altered, or with other fields."""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing import envelope
from requests_app import leftovers_vault, vault
from requests_app.domain import stored_json
from requests_app.domain.card import Card, Words
from requests_app.domain.consultation import ConsultationRequest, ConsultationUrgency
from requests_app.domain.matching import SoftRule
from requests_app.domain.preferences import MemberPreferences
from requests_app.domain.states import Urgency
from requests_app.domain.tally import UncountedContact
from requests_app.vault import ContentKey, RowKey, ThreadKey

ID, OTHER = uuid4(), uuid4()
CONTENT, SHRED, THREAD = (bytes([n]) * 32 for n in (1, 2, 3))
HOST, BEFORE = b"the host secret", b"the one before"
ROW = RowKey(ID, SHRED, (HOST,))
CONTENT_KEY, THREAD_KEY = ContentKey(ROW, CONTENT), ThreadKey(ROW, THREAD)
OFFICER_KEY = bytes(range(32))
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
    assert vault.open_card(CONTENT_KEY, vault.seal_card(CONTENT_KEY, CARD, OFFICER_KEY)) == CARD
    assert leftovers_vault.open_pending_tally(ROW, leftovers_vault.seal_pending_tally(ROW, TALLY)) == TALLY
    assert leftovers_vault.open_consultation(ROW, leftovers_vault.seal_consultation(ROW, CONSULTATION)) == CONSULTATION
    assert vault.open_preferences([SHRED], 1, vault.seal_preferences(SHRED, 1, PREFERENCES)) == PREFERENCES


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
    key, bound = ROW.derive(CONTENT, "card"), envelope.context(ID.bytes, "card")
    sealed = envelope.seal(key, OFFICER_KEY + other, size=vault.CARD_SIZE, context=bound)
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
    for secret in (SHRED, CONTENT, THREAD, HOST):
        assert secret.hex() not in shown and repr(secret) not in shown


@pytest.mark.parametrize(
    "opening",
    [
        lambda sealed: vault.open_words(ContentKey(RowKey(OTHER, SHRED, (HOST,)), CONTENT), sealed),
        lambda sealed: vault.open_card(CONTENT_KEY, sealed),
        lambda sealed: vault.open_words(ContentKey(ROW, THREAD), sealed),
        lambda sealed: vault.open_words(ContentKey(RowKey(ID, THREAD, (HOST,)), CONTENT), sealed),
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
        vault.open_preferences([SHRED], 2, few)


def test_the_officers_key_stands_in_the_card() -> None:
    sealed = vault.seal_card(CONTENT_KEY, CARD, OFFICER_KEY)
    assert vault.officer_key_in_card(CONTENT_KEY, sealed) == OFFICER_KEY


# Known answers: a change here would lose what is sealed in a running installation.

KNOWN = RowKey(UUID(int=1), bytes(range(32)), (HOST, BEFORE))
KNOWN_CONTENT = bytes.fromhex("7d591ce5b820dfe30e2a51f7ccf694f155b90dd02a8175a61797243098cb59a8")


def test_content_key_known_answer() -> None:
    seed = bytes(range(32, 64))
    assert vault.content_key_from_seed(KNOWN, seed) == ContentKey(KNOWN, KNOWN_CONTENT)
    extracted = hmac.digest(KNOWN.id.bytes, seed, "sha256")
    assert hmac.digest(extracted, b"content\1", "sha256") == KNOWN_CONTENT, "HKDF of RFC 5869, written out"


@pytest.mark.parametrize(
    ("part", "key", "key_before"),
    [
        (
            "routing",
            "464c97ec6c2a4f2baa2ceae324ba011cfe01b29c6712767ee469ee94340ccc56",
            "b769cbc7d9520be16f6f4f368874eede8cd2ec06adbd9524b8a6af793136e318",
        ),
        (
            "message",
            "fa8d0ff4ae9f0bd970025b49753a03d72a81e42dd79bfef1832ebe549c5ffaba",
            "a9e606495d84e4d5424f9951c7d0a8ce327fadfe975f6e4cda90d172d93b2c73",
        ),
        (
            "pending tally",
            "716846614ae6fb661c4fed4e593e10a8e0f2774a09e9b7b5b6bf079184b945e1",
            "809e1ddc29cd6c8b3be050dd6627c3ffd15c603820096d586f685b6150cd2f1d",
        ),
        (
            "consultation",
            "60fab13cc9764ab9a651a6b5849945de0427e4be7a9d2b35752639282f88aa64",
            "73effc991b381a19ca4625132bee6c9ee7a94c47e1204f43a6c2c2f219f0d568",
        ),
        (
            "closing note",
            "3f9a003458fa667caa344913188a1986af500f4d428a5e161a1f2208838d537e",
            "e76a2d61ab0bedba498ed4d042d4fc2eabe802cef183f8a8fba95b6390e3b9cc",
        ),
    ],
)
def test_outer_keys_known_answers(part: str, key: str, key_before: str) -> None:
    assert [each.hex() for each in KNOWN.outer_keys(part)] == [key, key_before]


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("card", "f3b40dc9d90a3cba22ac6580cb4793f9826a2dd78608432ad3ec4062a474c5cf"),
        ("words", "da358de8eae82aee2c6a63ef3b246425778a31789a78d2bd4ccd5c7a989e260e"),
        ("thread_key_for_next", "c4f1f7f4aaec9be8e54cae0ad101671060894c828ff6f5b0c72b64173a99c2d0"),
        ("closing note text", "5256ba9798b7e753468d1c4a479327c818e05c3d250138e8af7f3caa50985e12"),
    ],
)
def test_derived_keys_known_answers(part: str, key: str) -> None:
    assert KNOWN.derive(KNOWN_CONTENT, part).hex() == key


def test_keyed_hashes_known_answers() -> None:
    key = bytes(range(32))
    assert vault.lookup_tag(key, key).hex() == "5a9d80932eead04b23ec9010a24cb04281e171107d1a66eccda49c17a34faed7"
    mark = vault.submitted_form_mark(key, b"n" * 32, b"typed")
    assert mark.hex() == "9a9bc3b04c22182cb72a500bd9cb0493773bdad397a664be444d588d775ae679"


def test_no_two_purposes_share_a_key() -> None:
    outer = [key for part in vault.OUTER_SIZES for key in KNOWN.outer_keys(part)]
    inner = [KNOWN.inner_key(part) for part in ("message id", "message text", "card", "words", "thread_key_for_next")]
    derived = [KNOWN.derive(KNOWN_CONTENT, part) for part in ("card", "words", "thread_key_for_next", "message text")]
    keys = [KNOWN.shred_key, KNOWN_CONTENT, *outer, *inner, *derived]
    assert len(keys) == len(set(keys))


# The host secret


@pytest.mark.parametrize("part", list(vault.OUTER_SIZES))
def test_an_outer_part_opens_under_known_host_secrets_and_is_sealed_under_the_current_one(part: str) -> None:
    sealed = vault.seal_outer(replace(ROW, host_secrets=(BEFORE,)), part, b"data")
    both = replace(ROW, host_secrets=(HOST, BEFORE))
    assert vault.open_outer(both, part, sealed) == b"data"
    assert vault.open_outer(ROW, part, vault.seal_outer(both, part, b"data")) == b"data"
    for stranger in (ROW, replace(ROW, host_secrets=()), replace(ROW, host_secrets=(b"",))):
        with pytest.raises(envelope.CannotOpen):
            vault.open_outer(stranger, part, sealed)


@pytest.mark.parametrize("part", list(vault.OUTER_SIZES))
def test_an_outer_part_as_it_was_sealed_before_does_not_open(part: str) -> None:
    """Whoever has rows and keyring could make one."""
    sealed = envelope.seal(SHRED, b"data", size=vault.OUTER_SIZES[part], context=envelope.context(ID.bytes, part))
    for forged in (sealed, sealed[1:]):
        with pytest.raises(envelope.CannotOpen):
            vault.open_outer(ROW, part, forged)

"""Sealed parts fail closed: in another row or part, with another key, cut, moved or altered."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing import envelope
from requests_app import vault
from requests_app.domain.states import Author

ID, OTHER = uuid4(), uuid4()
CONTENT, SHRED, THREAD = (bytes([n]) * 32 for n in (1, 2, 3))
MESSAGE = uuid4()
THREAD_MESSAGE = vault.ThreadMessage(author=Author.PEER, number=2, half_hour=987654, text="hello")


@given(st.text(max_size=300))
def test_words_round_trip(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    sealed = vault.seal_words(CONTENT, SHRED, ID, {"message": text})
    assert vault.open_words(CONTENT, SHRED, ID, sealed) == {"message": text}


@pytest.mark.parametrize(
    "opening",
    [
        lambda sealed: vault.open_words(CONTENT, SHRED, OTHER, sealed),
        lambda sealed: vault.open_card(CONTENT, SHRED, ID, sealed),
        lambda sealed: vault.open_words(THREAD, SHRED, ID, sealed),
        lambda sealed: vault.open_words(CONTENT, THREAD, ID, sealed),
        lambda sealed: vault.open_words(CONTENT, SHRED, ID, sealed[:-1]),
        lambda sealed: vault.open_words(CONTENT, SHRED, ID, sealed[1:] + sealed[:1]),
        lambda sealed: vault.open_words(CONTENT, SHRED, ID, b""),
    ],
    ids=["another request", "another part", "another content key", "another shred key", "cut", "moved", "empty"],
)
def test_words_open_only_with_their_keys_request_and_part(opening: object) -> None:
    sealed = vault.seal_words(CONTENT, SHRED, ID, {"message": "x"})
    with pytest.raises(envelope.CannotOpen):
        opening(sealed)  # type: ignore[operator]


@given(st.integers(0, 86_059), st.integers(1, 255))
def test_a_message_with_one_altered_byte_does_not_open(at: int, change: int) -> None:
    sealed = bytearray(vault.seal_message(THREAD, SHRED, ID, MESSAGE, THREAD_MESSAGE))
    sealed[at] ^= change
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(THREAD, SHRED, ID, MESSAGE, bytes(sealed))


def test_message_round_trip() -> None:
    sealed = vault.seal_message(THREAD, SHRED, ID, MESSAGE, THREAD_MESSAGE)
    assert vault.open_message(THREAD, SHRED, ID, MESSAGE, sealed) == THREAD_MESSAGE


@pytest.mark.parametrize(
    ("thread_key", "shred_key", "request_id", "message_id"),
    [(CONTENT, SHRED, ID, MESSAGE), (THREAD, CONTENT, ID, MESSAGE), (THREAD, SHRED, OTHER, MESSAGE),
     (THREAD, SHRED, ID, OTHER)],
)  # fmt: skip
def test_a_message_opens_only_in_its_thread_and_under_its_id(
    thread_key: bytes, shred_key: bytes, request_id: object, message_id: object
) -> None:
    sealed = vault.seal_message(THREAD, SHRED, ID, MESSAGE, THREAD_MESSAGE)
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(thread_key, shred_key, request_id, message_id, sealed)  # type: ignore[arg-type]


def test_a_message_with_a_forged_author_or_number_does_not_open() -> None:
    """Someone with the shred key can rewrite a message's header, but its text doesn't open under that."""
    bound = vault._context(ID, "message") + MESSAGE.bytes
    outer = envelope.open_sealed(SHRED, vault.seal_message(THREAD, SHRED, ID, MESSAGE, THREAD_MESSAGE), context=bound)
    for header in (["officer", 2, 987654], ["peer", 3, 987654]):
        forged = vault.json_bytes(header).ljust(64) + outer[64:]
        sealed = envelope.seal(SHRED, forged, size=vault.WORDS_SIZE + 1024, context=bound)
        with pytest.raises(envelope.CannotOpen):
            vault.open_message(THREAD, SHRED, ID, MESSAGE, sealed)


def test_a_sealed_key_opens_only_for_its_reader_request_and_part() -> None:
    reader, stranger = envelope.new_private_key(), envelope.new_private_key()
    sealed = vault.seal_key_to(envelope.public_key_of(reader), CONTENT, ID, "content")
    assert vault.open_key(reader, sealed, ID, "content") == CONTENT
    for key, request_id, part in ((stranger, ID, "content"), (reader, OTHER, "content"), (reader, ID, "thread")):
        with pytest.raises(envelope.CannotOpen):
            vault.open_key(key, sealed, request_id, part)


def test_long_and_short_words_have_the_same_size() -> None:
    assert len(vault.seal_words(CONTENT, SHRED, ID, {"message": ""})) == len(
        vault.seal_words(CONTENT, SHRED, ID, {"message": "🫂" * vault.TEXT_LIMIT, "contact": "🫂" * 200})
    )


def test_preferences_have_one_size_and_open_only_for_their_member() -> None:
    few, many = (vault.seal_preferences(SHRED, 1, {"not_now": ["grief"] * number}) for number in (0, 12))
    assert len(few) == len(many)
    with pytest.raises(envelope.CannotOpen):
        vault.open_preferences(SHRED, 2, few)

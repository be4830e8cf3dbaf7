"""Sealed parts fail closed: in another place, with another key, cut, moved or altered."""

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
WRITTEN = vault.Written(author=Author.PEER, number=2, slot=987654, text="hello")


@given(st.text(max_size=300))
def test_words_come_back_as_they_were(text: str) -> None:
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
def test_words_open_only_where_they_belong(opening: object) -> None:
    sealed = vault.seal_words(CONTENT, SHRED, ID, {"message": "x"})
    with pytest.raises(envelope.CannotOpen):
        opening(sealed)  # type: ignore[operator]


@given(st.integers(0, 86_059), st.integers(1, 255))
def test_one_altered_byte_closes_a_message(at: int, change: int) -> None:
    sealed = bytearray(vault.seal_message(THREAD, SHRED, ID, MESSAGE, WRITTEN))
    sealed[at] ^= change
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(THREAD, SHRED, ID, MESSAGE, bytes(sealed))


def test_a_message_comes_back_with_author_number_and_half_hour() -> None:
    sealed = vault.seal_message(THREAD, SHRED, ID, MESSAGE, WRITTEN)
    assert vault.open_message(THREAD, SHRED, ID, MESSAGE, sealed) == WRITTEN


@pytest.mark.parametrize(
    ("thread_key", "shred_key", "request_id", "message_id"),
    [(CONTENT, SHRED, ID, MESSAGE), (THREAD, CONTENT, ID, MESSAGE), (THREAD, SHRED, OTHER, MESSAGE),
     (THREAD, SHRED, ID, OTHER)],
)  # fmt: skip
def test_a_message_opens_only_in_its_thread_and_at_its_place(
    thread_key: bytes, shred_key: bytes, request_id: object, message_id: object
) -> None:
    sealed = vault.seal_message(THREAD, SHRED, ID, MESSAGE, WRITTEN)
    with pytest.raises(envelope.CannotOpen):
        vault.open_message(thread_key, shred_key, request_id, message_id, sealed)  # type: ignore[arg-type]


def test_a_relabelled_author_or_place_does_not_open() -> None:
    """Whoever holds the shred key can rewrite a message's header, but not make its words open under it."""
    bound = vault._context(ID, "message") + MESSAGE.bytes
    outer = envelope.open_sealed(SHRED, vault.seal_message(THREAD, SHRED, ID, MESSAGE, WRITTEN), context=bound)
    for header in (["officer", 2, 987654], ["peer", 3, 987654]):
        forged = vault.as_bytes(header).ljust(64) + outer[64:]
        sealed = envelope.seal(SHRED, forged, size=vault.WORDS_SIZE + 1024, context=bound)
        with pytest.raises(envelope.CannotOpen):
            vault.open_message(THREAD, SHRED, ID, MESSAGE, sealed)


def test_a_handed_key_opens_for_its_reader_its_request_and_its_part() -> None:
    reader, stranger = envelope.new_private_key(), envelope.new_private_key()
    handed = vault.hand_key(envelope.public_key_of(reader), CONTENT, ID, "content")
    assert vault.take_key(reader, handed, ID, "content") == CONTENT
    for key, request_id, part in ((stranger, ID, "content"), (reader, OTHER, "content"), (reader, ID, "thread")):
        with pytest.raises(envelope.CannotOpen):
            vault.take_key(key, handed, request_id, part)


def test_a_long_and_a_short_text_have_the_same_size() -> None:
    assert len(vault.seal_words(CONTENT, SHRED, ID, {"message": ""})) == len(
        vault.seal_words(CONTENT, SHRED, ID, {"message": "🫂" * vault.TEXT_LIMIT, "contact": "🫂" * 200})
    )


def test_how_much_a_member_shares_does_not_show() -> None:
    few, many = (vault.seal_sharing(SHRED, 1, {"not_now": ["grief"] * number}) for number in (0, 12))
    assert len(few) == len(many)
    with pytest.raises(envelope.CannotOpen):
        vault.open_sharing(SHRED, 2, few)

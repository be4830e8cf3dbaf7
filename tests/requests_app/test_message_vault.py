"""A thread opens whole or not at all: with its keys, in its turn, and with every message unaltered and in order."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing import envelope
from requests_app import message_vault, vault
from requests_app.domain import stored_json
from requests_app.domain.states import Author
from requests_app.message_vault import ThreadMessage, TurnKey, turn_key
from requests_app.vault import ContentKey, RowKey, ThreadKey

ID, OTHER = uuid4(), uuid4()
CONTENT, SHRED, THREAD = (bytes([n]) * 32 for n in (1, 2, 3))
ROW = RowKey(ID, SHRED, (b"the host secret",))
CONTENT_KEY, THREAD_KEY = ContentKey(ROW, CONTENT), ThreadKey(ROW, THREAD)
KEY = turn_key(CONTENT_KEY, THREAD_KEY, 1)
MESSAGES = [
    ThreadMessage(author, number, 987654 + number, f"message {number}")
    for number, author in enumerate((Author.OFFICER, Author.PEER, Author.OFFICER), start=1)
]
Bodies = list[tuple[UUID, bytes]]


def sealed_thread(key: TurnKey = KEY, messages: list[ThreadMessage] = MESSAGES) -> tuple[Bodies, str]:
    bodies, link = [], ""
    for message in messages:
        id_ = uuid4()
        body, link = message_vault.seal_message(key, id_, message, link)
        bodies.append((id_, body))
    return bodies, link


BODIES, LINK = sealed_thread()


def opened(bodies: Bodies = BODIES, *, key: TurnKey = KEY, messages: int = 3, link: str = LINK) -> list[ThreadMessage]:
    return list(message_vault.open_thread(key, bodies, messages=messages, link=link).values())


def test_a_thread_opens_in_its_order_whatever_the_order_of_its_rows() -> None:
    assert opened(BODIES[::-1]) == MESSAGES
    assert opened([], messages=0, link="") == []


@given(st.integers(0, 86_000), st.integers(1, 255))
def test_with_one_altered_byte_it_does_not_open(at: int, change: int) -> None:
    (id_, body), *others = BODIES
    altered = bytearray(body)
    altered[at] ^= change
    with pytest.raises(envelope.CannotOpen):
        opened([(id_, bytes(altered)), *others])


@pytest.mark.parametrize(
    "key",
    [
        turn_key(CONTENT_KEY, ThreadKey(ROW, CONTENT), 1),
        turn_key(ContentKey(ROW, THREAD), THREAD_KEY, 1),
        turn_key(CONTENT_KEY, THREAD_KEY, 2),
        turn_key(CONTENT_KEY, ThreadKey(replace(ROW, shred_key=THREAD), THREAD), 1),
        turn_key(CONTENT_KEY, ThreadKey(replace(ROW, host_secrets=(b"another",)), THREAD), 1),
        turn_key(CONTENT_KEY, ThreadKey(replace(ROW, id=OTHER), THREAD), 1),
    ],
    ids=["thread key", "content key", "turn", "shred key", "host secret", "request"],
)
def test_it_opens_only_with_all_its_keys_in_its_turn_and_its_request(key: TurnKey) -> None:
    with pytest.raises(envelope.CannotOpen):
        opened(key=key)


def text_of(body: bytes, id_: UUID) -> bytes:
    return message_vault.text_of(vault.open_outer(ROW, vault.MESSAGE, body, id_.bytes))


def with_header(id_: UUID, body: bytes, *header: object, sealed_as: UUID | None = None) -> tuple[UUID, bytes]:
    """The same text under another header or id, as somebody with the shred key and the host secret could write it."""
    data = stored_json.to_bytes(list(header)).ljust(message_vault.HEADER_SIZE) + text_of(body, sealed_as or id_)
    return id_, vault.seal_outer(ROW, vault.MESSAGE, data, id_.bytes)


def swapped() -> Bodies:
    (first, one), (second, two), third = BODIES
    return [with_header(first, one, "officer", 2, 987655), with_header(second, two, "peer", 1, 987656), third]


ATTACKS: dict[str, Callable[[], Bodies]] = {
    "the last one cut off": lambda: BODIES[:2],
    "the first one left out": lambda: BODIES[1:],
    "one in the middle left out": lambda: [BODIES[0], BODIES[2]],
    "one twice": lambda: [*BODIES, with_header(OTHER, BODIES[2][1], "officer", 3, 987657, sealed_as=BODIES[2][0])],
    "one under another's id": lambda: [(BODIES[1][0], BODIES[0][1]), *BODIES[1:]],
    "two in another order": swapped,
    "another author": lambda: [with_header(*BODIES[0], "peer", 1, 987655), *BODIES[1:]],
    "another half hour": lambda: [with_header(*BODIES[0], "officer", 1, 987600), *BODIES[1:]],
    "no author": lambda: [with_header(*BODIES[0], "nobody", 1, 987655), *BODIES[1:]],
    "one of another thread with the same keys": lambda: [*BODIES[:2], sealed_thread()[0][2]],
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_was_cut_off_left_out_moved_or_added_is_noticed(attack: Callable[[], Bodies]) -> None:
    bodies = attack()
    for number, link in ((3, LINK), (len(bodies), LINK)):
        with pytest.raises(envelope.CannotOpen):
            opened(bodies, messages=number, link=link)


def test_a_message_of_an_earlier_state_of_the_thread_is_noticed() -> None:
    """The third one was written again, after another text."""
    changed = [*MESSAGES[:2], replace(MESSAGES[2], text="another text")]
    bodies, _ = sealed_thread(messages=changed)
    with pytest.raises(envelope.CannotOpen):
        opened([*BODIES[:2], bodies[2]])


def test_every_message_has_one_size() -> None:
    sizes = {len(sealed_thread(messages=[replace(MESSAGES[0], text=text)])[0][0][1]) for text in ("", "🫂" * 20_000)}
    assert len(sizes) == 1


# Known answers: a change here would lose what is sealed in a running installation.


def test_known_answers() -> None:
    row = RowKey(UUID(int=1), bytes(range(32)), ())
    content_key = ContentKey(row, bytes.fromhex("7d591ce5b820dfe30e2a51f7ccf694f155b90dd02a8175a61797243098cb59a8"))
    thread_key = ThreadKey(row, bytes(range(64, 96)))
    assert [turn_key(content_key, thread_key, turn).text_key.hex() for turn in (1, 2)] == [
        "2093128488c2765dcd59b994a38ff7fecc436ad789de74408ac7cd6ed5ea4ea2",
        "1b4e52507d1176afdf4e12bb0c93744541188b53ea59a4a02f94ac1964eaf4a7",
    ]
    assert row.inner_key("message id").hex() == "329a44dbd1c590f2bc16bd08d4616903594ce9eea8dd30d694efcd8fe6cbe9f7"
    id_ = message_vault.message_id(row, b"n" * 32, Author.OFFICER, "hello")
    assert str(id_) == "2ab22340-246d-9420-1062-38949b5a0cdb"
    link_key = turn_key(content_key, thread_key, 1).link_key
    assert link_key.hex() == "f9ffadd449351b6532a7abd9294c198bf7f479b2a4b2e6102f84daf6c6cdc0b7"
    link = message_vault.next_link(link_key, "", UUID(int=2), b"sealed")
    assert link == "b8c12531824e3977473fc15804faa8c237f89e0a41a7af1d3ded7a96cd3f1f24"


def test_another_text_or_press_is_another_message() -> None:
    ids = {
        message_vault.message_id(row, nonce, author, text)
        for row in (ROW, replace(ROW, id=OTHER), replace(ROW, shred_key=THREAD))
        for nonce in (b"one", b"two")
        for author in Author
        for text in ("", "a")
    }
    assert len(ids) == 24

"""The sealed messages of a thread: each chained to the one before it, under a key bound to the turn.

A message has two layers. The outer one (author, number, half hour) lies under the shred key and the host secret: the
program itself can open it. The text inside it lies under a key derived from the thread key, the content key and the
shred key, for one turn of the request. It is bound to its author, number and half hour and to the link of the message
before it. The number of messages and the last link stand in the routing: where a message was altered, moved, added,
left out or cut off at the end, nothing of the thread opens.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from peersupport.sealing import envelope
from peersupport.sealing.envelope import CannotOpen

from . import format_1
from .domain import stored_json
from .domain.states import Author
from .vault import MESSAGE, WORDS_SIZE, ContentKey, RowKey, ThreadKey, open_outer, parse, seal_outer

HEADER_SIZE = 64


@dataclass(frozen=True)
class ThreadMessage:
    """One message as its readers see it.

    number: from 1, in the order of the thread. half_hour: when it was sent (half_hours.half_hour_of). is_earlier: by an
    earlier peer.
    """

    author: Author
    number: int
    half_hour: int
    text: str = field(repr=False)
    is_earlier: bool = False


@dataclass(frozen=True)
class TurnKey:
    """What opens the messages of one turn, for those who hold both the content key and the thread key.

    may_be_format_1: whether the request was sent in format 1, whose messages open with the thread key alone. Their
    link_key is empty: the migration that chained them had none.
    """

    thread: ThreadKey
    text_key: bytes = field(repr=False)
    link_key: bytes = field(repr=False)
    may_be_format_1: bool = False

    @property
    def row(self) -> RowKey:
        return self.thread.row


def turn_key(content: ContentKey, thread: ThreadKey, turn: int, *, may_be_format_1: bool = False) -> TurnKey:
    """turn: how many times the request had been accepted when these messages were sealed."""
    both = thread.key + content.key
    link_key = b"" if may_be_format_1 else thread.row.derive(both, "message link", turn)
    return TurnKey(thread, thread.row.derive(both, "message text", turn), link_key, may_be_format_1)


def message_id(row: RowKey, nonce: bytes, author: Author, text: str) -> UUID:
    """The same press of Send gives the same id, so the message is written once; another text is another message."""
    digest = hmac.digest(row.inner_key("message id"), envelope.context(author, nonce, text), "sha256")
    return UUID(bytes=digest[:16])


def seal_message(key: TurnKey, id_: UUID, message: ThreadMessage, link: str) -> tuple[bytes, str]:
    """The sealed message and its own link. link: that of the message before it; empty for the first one."""
    context = _text_context(key.row.id, message.author, message.number, message.half_hour, link)
    text = envelope.seal(key.text_key, message.text.encode(), size=WORDS_SIZE, context=context)
    header = stored_json.to_bytes([message.author, message.number, message.half_hour]).ljust(HEADER_SIZE)
    return seal_outer(key.row, MESSAGE, header + text, id_.bytes), next_link(key.link_key, link, id_, text)


def open_thread(
    key: TurnKey, bodies: Iterable[tuple[UUID, bytes]], *, messages: int, link: str
) -> dict[UUID, ThreadMessage]:
    """The messages by id, in order. messages, link: the number of the last one, and its link.

    Raises CannotOpen unless all of them are there, unaltered and in order.
    """
    layers = {id_: open_outer(key.row, MESSAGE, body, id_.bytes) for id_, body in bodies}
    opened, at = {}, ""
    for id_, data in sorted(layers.items(), key=lambda layer: number_of(layer[1])):
        opened[id_] = _open_text(key, data, at)
        at = next_link(key.link_key, at, id_, text_of(data))
    if [message.number for message in opened.values()] != list(range(1, messages + 1)) or at != link:
        raise CannotOpen
    return opened


def number_of(data: bytes) -> int:
    """The number of a message whose outer layer is open."""
    return _header(data)[0]


def text_of(data: bytes) -> bytes:
    """The sealed text of a message whose outer layer is open."""
    return data[HEADER_SIZE:]


def next_link(key: bytes, link: str, id_: UUID, text: bytes) -> str:
    """The link of a message, in hexadecimal: a keyed hash of its sealed text, its id and the link before it.

    key: TurnKey.link_key.
    """
    return hmac.digest(key, envelope.context("link", link, id_.bytes, text), "sha256").hex()


def _open_text(key: TurnKey, data: bytes, link: str) -> ThreadMessage:
    (number, author, half_hour), text = _header(data), text_of(data)
    try:
        context = _text_context(key.row.id, author, number, half_hour, link)
        opened = envelope.open_sealed(key.text_key, text, context=context)
    except CannotOpen:
        if not key.may_be_format_1:
            raise
        row = key.row
        opened = format_1.open_text(row.id, row.shred_key, key.thread.key, author, number, text)
    return ThreadMessage(author, number, half_hour, opened.decode())


def _text_context(row_id: UUID, author: Author, number: int, half_hour: int, link: str) -> bytes:
    return envelope.context(row_id.bytes, "message text", author, number, half_hour, link)


def _header(data: bytes) -> tuple[int, Author, int]:
    return parse(_read_header, data[:HEADER_SIZE])


def _read_header(data: bytes) -> tuple[int, Author, int]:
    author, number, half_hour = json.loads(data)
    return int(number), Author(author), int(half_hour)

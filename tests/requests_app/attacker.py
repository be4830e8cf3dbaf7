"""An attacker with an old copy of the database, who tries every secret they have on every sealed part of it.

They know the program's code and the host secret too.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from django.apps import apps

from peersupport.sealing import envelope, host_secret
from requests_app import message_vault, vault
from requests_app.domain.routing import Routing
from requests_app.message_vault import TurnKey
from requests_app.models import ClosingNote, Message, PendingTally, Request
from requests_app.vault import ContentKey, RowKey, ThreadKey

TURNS = (1, 2)
TEXTS = "texts of a thread"
SEALED = {
    Request: {"routing": "routing", "card": "card", "words": "words"},
    Message: {"body": "message"},
    ClosingNote: {"body": "closing note"},
    PendingTally: {"body": "pending tally"},
}
KEY_IN_HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{%d}(?![0-9a-f])" % (2 * envelope.KEY_BYTES))


@dataclass(frozen=True)
class Locked:
    """A sealed part of a row.

    of: the id of its request or row. bound: the context that the seal is bound to. message: the message's own id.
    row: the row's key where it is known, because a layer around this part has opened.
    """

    part: str
    of: UUID
    blob: bytes
    bound: bytes
    message: UUID | None = None
    row: RowKey | None = None


@dataclass(frozen=True)
class SealedKey:
    """A key that is sealed to somebody's public key."""

    blob: bytes
    info: bytes


@dataclass(frozen=True)
class Copy:
    """Every row of every table."""

    rows: dict[str, list[dict[str, Any]]]

    @property
    def tags(self) -> list[bytes]:
        return [bytes(row["tag"]) for row in self.rows["requests_app.Request"]]

    def values(self) -> Iterator[bytes]:
        for value in (value for rows in self.rows.values() for row in rows for value in row.values()):
            if isinstance(value, bytes | memoryview):
                yield bytes(value)
            elif isinstance(value, str | list | dict):
                yield str(value).encode()

    def sealed(self) -> Iterator[Locked]:
        for model, parts in SEALED.items():
            for row in self.rows[model._meta.label]:
                of, message = (row["request_id"], row["id"]) if model is Message else (row["id"], None)
                suffix = [message.bytes] if message else []
                for column, part in parts.items():
                    stamp = vault.bound_by(bytes(row["stamp"])) if part == "routing" else ()
                    bound = envelope.context(of.bytes, part, *suffix, *stamp)
                    yield Locked(part, of, bytes(row[column]), bound, message)


@dataclass
class Loot:
    """The keys found so far and what is still sealed. Whatever opens may contain more of both."""

    keys: set[bytes]
    locked: list[Locked]
    sealed_keys: list[SealedKey] = field(default_factory=list)
    opened: list[bytes] = field(default_factory=list)
    tried: dict[Locked | SealedKey, set[bytes]] = field(default_factory=dict)
    seeds: set[bytes] = field(default_factory=set)
    messages: dict[UUID, dict[int, tuple[UUID, bytes]]] = field(default_factory=dict)

    def untried(self, lock: Locked | SealedKey, keys: set[bytes]) -> set[bytes]:
        before = self.tried.get(lock, set())
        self.tried[lock] = before | keys
        return keys - before

    def new_seeds(self) -> set[bytes]:
        """What could be the seed of a content key, each once."""
        seeds = self.keys - self.seeds
        self.seeds |= self.keys
        return seeds

    def add(self, plain: bytes) -> None:
        self.opened.append(plain)
        self.keys |= keys_in(plain)

    def look_into(self, found: bytes, lock: Locked, row: RowKey) -> None:
        """Add the parts that are sealed once more inside it."""
        of = lock.of
        if lock.part == "routing":
            route = Routing.from_bytes(found)
            in_hex = [route.officer_envelope, route.thread_officer_envelope, route.thread_peer_envelope]
            in_hex += [recipient.envelope for recipient in route.recipients]
            infos = [envelope.context(of.bytes, part) for part in ("content", "thread")]
            self.sealed_keys += [SealedKey(bytes.fromhex(each), info) for each, info in product(in_hex, infos) if each]
            if route.thread_key_for_next:
                self.lock_inside("thread_key_for_next", bytes.fromhex(route.thread_key_for_next), row)
        elif lock.part == "message" and lock.message:
            self.messages.setdefault(of, {})[message_vault.number_of(found)] = lock.message, found
            self.locked = [other for other in self.locked if (other.part, other.of) != (TEXTS, of)]
            self.locked.append(
                Locked(TEXTS, of, b"".join(text for _, text in self.messages[of].values()), b"", row=row)
            )
        elif lock.part == "closing note":
            *_, sealed_key = json.loads(found[:256])
            self.sealed_keys.append(SealedKey(bytes.fromhex(sealed_key), envelope.context(of.bytes, lock.part)))
            self.lock_inside("closing note text", found[256:], row)

    def lock_inside(self, part: str, blob: bytes, row: RowKey) -> None:
        self.locked.append(Locked(part, row.id, blob, envelope.context(row.id.bytes, part), row=row))


def take_copy() -> Copy:
    return Copy({model._meta.label: list(model.objects.values()) for model in apps.get_models()})


def keys_in(found: bytes) -> set[bytes]:
    """What could be a key: 32 bytes as they are, or in hexadecimal anywhere within."""
    whole = {found} if len(found) == envelope.KEY_BYTES else set()
    return whole | {bytes.fromhex(each.decode()) for each in KEY_IN_HEX.findall(found)}


def all_that_opens(copy: Copy, secrets: Iterable[bytes], keyring: Iterable[bytes]) -> list[bytes]:
    """Everything that opens with a secret, or with anything in the copy, or in what opened, that could be a key.

    Each key is tried as it is, derived the way the program does with a key from the keyring, as a private key, and as
    the seed of one.
    """
    shred_keys = {key for key in keyring if len(key) == envelope.KEY_BYTES}
    loot, before = Loot(shred_keys.union(secrets, *map(keys_in, copy.values())), list(copy.sealed())), -1
    while len(loot.opened) > before:
        before = len(loot.opened)
        rows = [RowKey(row_id, b"", ()) for row_id in {lock.of for lock in loot.locked}]
        loot.keys |= {vault.content_key_from_seed(row, seed).key for row, seed in product(rows, loot.new_seeds())}
        for lock in loot.locked[:]:
            found = unlocked(lock, loot, shred_keys) if lock in loot.locked else None
            if found is not None:
                loot.locked.remove(lock)
                loot.add(found[0])
                loot.look_into(found[0], lock, found[1])
        private = loot.keys | {envelope.private_key_from(key) for key in loot.keys}
        for sealed_key in loot.sealed_keys:
            for key in loot.untried(sealed_key, private):
                with suppress(envelope.CannotOpen):
                    loot.add(envelope.open_with(key, sealed_key.blob, info=sealed_key.info))
    return loot.opened


def unlocked(lock: Locked, loot: Loot, shred_keys: set[bytes]) -> tuple[bytes, RowKey] | None:
    """What is in it, and the row's key that it took."""
    new = loot.untried(lock, loot.keys)
    if not new:
        return None
    if lock.part == TEXTS and lock.row:
        return texts_unlocked(lock.row, loot, new)
    for row in [lock.row] if lock.row else [RowKey(lock.of, key, host_secret.known()) for key in shred_keys]:
        for key in (*new, *row.outer_keys(lock.part), *(row.derive(key, lock.part) for key in new)):
            if may_open(key, lock.blob):
                with suppress(envelope.CannotOpen):
                    return envelope.open_sealed(key, lock.blob, context=lock.bound), row
    return None


def texts_unlocked(row: RowKey, loot: Loot, new: set[bytes]) -> tuple[bytes, RowKey] | None:
    """The texts of a thread, which take two keys: as many as open one after the other, each with the link before it.

    Tries every pair of keys, but opens a text only under those that its first bytes don't rule out.
    """
    messages = loot.messages[row.id]
    first, salt = message_vault.text_of(messages[min(messages)][1]), row.inner_key("message text")
    for turn in TURNS:
        info = row._info("message text", turn)
        for one, other in product(loot.keys, loot.keys):
            if (one in new or other in new) and may_open(envelope.derive(one + other, salt=salt, info=info), first):
                key = message_vault.turn_key(ContentKey(row, other), ThreadKey(row, one), turn)
                if texts := list(texts_of(key, messages)):
                    return b"\n".join(texts), row
    return None


def may_open(key: bytes, sealed: bytes) -> bool:
    """Whether the length that stands first in the sealed bytes makes sense under this key: 4 bytes instead of 84 KB.

    As the cipher of envelope.seal() has it (RFC 8439, section 2.8): the text begins with the block after the first.
    """
    if len(key) != envelope.KEY_BYTES:
        return False
    for _, rest in envelope._versions(sealed):
        nonce, body = rest[: envelope.NONCE_BYTES], rest[envelope.NONCE_BYTES :]
        stream = Cipher(ChaCha20(key, (1).to_bytes(4, "little") + nonce), mode=None).decryptor()
        if int.from_bytes(stream.update(body[: envelope.LENGTH_BYTES]), "big") <= len(body):
            return True
    return False


def texts_of(key: TurnKey, messages: dict[int, tuple[UUID, bytes]]) -> Iterator[bytes]:
    link = ""
    with suppress(envelope.CannotOpen):
        for _, (id_, found) in sorted(messages.items()):
            yield message_vault._open_text(key, found, link).text.encode()
            link = message_vault.next_link(key.link_key, link, id_, message_vault.text_of(found))


def is_confirmed(copy: Copy, locator: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether any of the secrets shows that a receipt which was found belongs to a row of the copy."""
    return any(vault.lookup_tag(secret, locator) in copy.tags for secret in secrets)

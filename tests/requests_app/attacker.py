"""An attacker with an old copy of the database, who tries every secret they have on every sealed part of it."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from django.apps import apps

from peersupport.sealing import envelope
from requests_app import vault
from requests_app.domain.routing import Routing
from requests_app.domain.states import Author
from requests_app.models import ClosingNote, Message, PendingTally, Request

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

    of: the row's id. info: what its key is derived for. bound: the context that the seal is bound to.
    """

    part: str
    of: UUID
    blob: bytes
    info: bytes
    bound: bytes


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
                of, suffix = (row["request_id"], row["id"].bytes) if model is Message else (row["id"], b"")
                for column, part in parts.items():
                    info = vault._context(of, part)
                    yield Locked(part, of, bytes(row[column]), info, info + suffix)


@dataclass
class Loot:
    """The keys found so far and what is still sealed. Whatever opens may contain more of both."""

    keys: set[bytes]
    locked: list[Locked]
    sealed_keys: list[SealedKey] = field(default_factory=list)
    opened: list[bytes] = field(default_factory=list)
    tried: dict[Locked | SealedKey, set[bytes]] = field(default_factory=dict)

    def untried(self, lock: Locked | SealedKey, keys: set[bytes]) -> set[bytes]:
        before = self.tried.get(lock, set())
        self.tried[lock] = before | keys
        return keys - before

    def add(self, plain: bytes) -> None:
        self.opened.append(plain)
        self.keys |= keys_in(plain)

    def look_into(self, found: bytes, lock: Locked) -> None:
        """Add the parts that are sealed once more inside it."""
        of = lock.of
        if lock.part == "routing":
            route = Routing.from_bytes(found)
            in_hex = [route.officer_envelope, route.thread_officer_envelope, route.thread_peer_envelope]
            in_hex += [recipient.envelope for recipient in route.recipients]
            infos = [vault._context(of, part) for part in ("content", "thread")]
            self.sealed_keys += [SealedKey(bytes.fromhex(each), info) for each, info in product(in_hex, infos) if each]
            if route.thread_key_for_next:
                info = vault._context(of, "thread_key_for_next")
                self.locked.append(
                    Locked("thread_key_for_next", of, bytes.fromhex(route.thread_key_for_next), info, info)
                )
        elif lock.part == "message":
            author, number, _ = json.loads(found[:64])
            bound = vault._message_context(of, Author(author), number)
            self.locked.append(Locked("text of a message", of, found[64:], vault._context(of, "thread"), bound))
        elif lock.part == "closing note":
            *_, sealed_key = json.loads(found[:256])
            self.sealed_keys.append(SealedKey(bytes.fromhex(sealed_key), lock.info))
            self.locked.append(Locked("text of a closing note", of, found[256:], lock.info, lock.info))


def take_copy() -> Copy:
    return Copy({model._meta.label: list(model.objects.values()) for model in apps.get_models()})


def keys_in(found: bytes) -> set[bytes]:
    """What could be a key: 32 bytes as they are, or in hexadecimal anywhere within."""
    whole = {found} if len(found) == envelope.KEY_BYTES else set()
    return whole | {bytes.fromhex(each.decode()) for each in KEY_IN_HEX.findall(found)}


def all_that_opens(copy: Copy, secrets: Iterable[bytes], keyring: Iterable[bytes]) -> list[bytes]:
    """Everything that opens with a secret, or with anything in the copy, or in what opened, that could be a key.

    Each key is tried as it is, derived the way the program does with a salt from the keyring, as a private key, and as
    the seed of one.
    """
    salts = {key for key in keyring if len(key) == envelope.KEY_BYTES}
    loot, before = Loot(salts.union(secrets, *map(keys_in, copy.values())), list(copy.sealed())), -1
    while len(loot.opened) > before:
        before = len(loot.opened)
        for lock in loot.locked[:]:
            found = unlocked(lock, loot.untried(lock, loot.keys), salts)
            if found is not None:
                loot.locked.remove(lock)
                loot.add(found)
                loot.look_into(found, lock)
        private = loot.keys | {envelope.private_key_from(key) for key in loot.keys}
        for sealed_key in loot.sealed_keys:
            for key in loot.untried(sealed_key, private):
                with suppress(envelope.CannotOpen):
                    loot.add(envelope.open_with(key, sealed_key.blob, info=sealed_key.info))
    return loot.opened


def unlocked(lock: Locked, keys: set[bytes], salts: set[bytes]) -> bytes | None:
    derived = (envelope.derive(key, salt=salt, info=lock.info) for key, salt in product(keys, salts))
    for key in (*keys, *derived):
        with suppress(envelope.CannotOpen):
            return envelope.open_sealed(key, lock.blob, context=lock.bound)
    return None


def is_confirmed(copy: Copy, locator: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether any of the secrets shows that a receipt which was found belongs to a row of the copy."""
    return any(vault.lookup_tag(secret, locator) in copy.tags for secret in secrets)

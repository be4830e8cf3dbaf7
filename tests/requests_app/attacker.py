"""Somebody with a copy of the database from before, who tries every secret they have on every part of it."""

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
    ClosingNote: {"body": "last word"},
    PendingTally: {"body": "owed"},
}
KEY_IN_HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{%d}(?![0-9a-f])" % (2 * envelope.KEY_BYTES))


@dataclass(frozen=True)
class Locked:
    """A sealed part of the row with this id, what its key is made for, and the place that it is bound to."""

    part: str
    of: UUID
    blob: bytes
    info: bytes
    bound: bytes


@dataclass(frozen=True)
class Handed:
    """A key that is sealed to somebody."""

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
                of, place = (row["request_id"], row["id"].bytes) if model is Message else (row["id"], b"")
                for column, part in parts.items():
                    info = vault._context(of, part)
                    yield Locked(part, of, bytes(row[column]), info, info + place)


@dataclass
class Loot:
    """What is known and what is still locked. Whatever opens may hold more of both."""

    keys: set[bytes]
    locked: list[Locked]
    handed: list[Handed] = field(default_factory=list)
    opened: list[bytes] = field(default_factory=list)
    tried: dict[Locked | Handed, set[bytes]] = field(default_factory=dict)

    def untried(self, lock: Locked | Handed, keys: set[bytes]) -> set[bytes]:
        before = self.tried.get(lock, set())
        self.tried[lock] = before | keys
        return keys - before

    def take(self, found: bytes) -> None:
        self.opened.append(found)
        self.keys |= keys_in(found)

    def look_into(self, found: bytes, lock: Locked) -> None:
        """For what is locked once more inside."""
        of = lock.of
        if lock.part == "routing":
            route = Routing.from_bytes(found)
            in_hex = [route.officer_envelope, route.thread_officer_envelope, route.thread_peer_envelope]
            in_hex += [place.envelope for place in route.places]
            infos = [vault._context(of, part) for part in ("content", "thread")]
            self.handed += [Handed(bytes.fromhex(each), info) for each, info in product(in_hex, infos) if each]
            if route.handover:
                info = vault._context(of, "handover")
                self.locked.append(Locked("handover", of, bytes.fromhex(route.handover), info, info))
        elif lock.part == "message":
            author, number, _ = json.loads(found[:64])
            bound = vault._place_in_thread(of, Author(author), number)
            self.locked.append(Locked("of a thread", of, found[64:], vault._context(of, "thread"), bound))
        elif lock.part == "last word":
            *_, handed = json.loads(found[:256])
            self.handed.append(Handed(bytes.fromhex(handed), lock.info))
            self.locked.append(Locked("of a last word", of, found[256:], lock.info, lock.info))


def take_copy() -> Copy:
    return Copy({model._meta.label: list(model.objects.values()) for model in apps.get_models()})


def keys_in(found: bytes) -> set[bytes]:
    """What may be a key: 32 bytes as they are, and wherever they stand in hexadecimal."""
    whole = {found} if len(found) == envelope.KEY_BYTES else set()
    return whole | {bytes.fromhex(each.decode()) for each in KEY_IN_HEX.findall(found)}


def all_that_opens(copy: Copy, secrets: Iterable[bytes], keyring: Iterable[bytes]) -> list[bytes]:
    """What any of the secrets opens, and whatever in the copy, or in what has opened, could be a key.

    Each is tried as it is, as the program derives keys from it with a salt of the keyring, as a private key, and as
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
                loot.take(found)
                loot.look_into(found, lock)
        private = loot.keys | {envelope.private_key_from(key) for key in loot.keys}
        for handed in loot.handed:
            for key in loot.untried(handed, private):
                with suppress(envelope.CannotOpen):
                    loot.take(envelope.open_with(key, handed.blob, info=handed.info))
    return loot.opened


def unlocked(lock: Locked, keys: set[bytes], salts: set[bytes]) -> bytes | None:
    derived = (envelope.derive(key, salt=salt, info=lock.info) for key, salt in product(keys, salts))
    for key in (*keys, *derived):
        with suppress(envelope.CannotOpen):
            return envelope.open_sealed(key, lock.blob, context=lock.bound)
    return None


def is_confirmed(copy: Copy, locator: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether any of the secrets shows that a receipt which was found belongs to a row of the copy."""
    return any(vault.tag(secret, locator) in copy.tags for secret in secrets)

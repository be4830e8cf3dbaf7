"""An attacker has a copy of the database, the whole keyring and SECRET_KEY. No private key opens for them."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.test import Client

from peersupport.sealing import envelope, keyring
from peersupport.team import key_pair
from peersupport.team.actions import mails
from peersupport.team.models import Member, MemberKey
from peersupport.team.session_keys import SIZE
from tests.cast import CAST_PASSWORD, recovery_code_of, sign_in


def everything_in_the_database() -> Iterator[bytes]:
    """Every value of every table as bytes; text also decoded, where it is encoded bytes."""
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                yield from _readings(value)


def _readings(value: Any) -> Iterator[bytes]:
    if isinstance(value, (bytes, memoryview)):
        yield bytes(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _readings(inner)
    elif isinstance(value, str):
        yield value.encode()
        with suppress(ValueError):
            yield b64decode(value, validate=True)
        with suppress(signing.BadSignature):
            yield from _readings(signing.loads(value, salt=SessionStore().key_salt))


def every_available_key(folder: Path) -> set[bytes]:
    """All 32-byte keys to be had from files, SECRET_KEY and the database, directly or derived."""
    found = {file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    found |= {value for value in everything_in_the_database() if len(value) == 32}
    secret = settings.SECRET_KEY.encode()
    found |= {envelope.derive(secret, salt=b"", info=b""), secret[:32].ljust(32, b"\0")}
    salts = {bytes(key.password_salt) for key in MemberKey.objects.all()} | {
        bytes(key.recovery_salt) for key in MemberKey.objects.all()
    }
    found |= {envelope.password_key(word, salt) for word in ("", settings.SECRET_KEY) for salt in salts}
    return {key for key in found if len(key) == 32}


def opens(keys: set[bytes], sealed: set[bytes], contexts: list[bytes]) -> bool:
    for key, data, context in product(keys, sealed, contexts):
        try:
            envelope.open_sealed(key, data, context=context)
        except envelope.CannotOpen:
            continue
        return True
    return False


def test_old_copy_opens_no_private_key(client: Client, ana: Member, ana_key: bytes, own_keyring: Path) -> None:
    keyring.lasting("mails")
    keyring.create()
    sign_in(client, ana)
    mails.queue_link(kind="invitation", email="nora@example.org", link="http://testserver/x/")
    public_key = ana.current_key.pair.public_key

    values = set(everything_in_the_database())
    assert ana_key not in values and public_key in values
    sealed = {value for value in values if len(value) == key_pair.SIZE + envelope.SEALED_OVERHEAD}
    assert len(sealed) >= 3, "by password, by recovery code, and in the session"
    contexts = [envelope.context("member key", kind, public_key) for kind in ("password", "recovery code")]
    contexts.append(envelope.context("member key", "session", ana.user_id))
    at_hand = every_available_key(own_keyring)
    assert not opens(at_hand, sealed, contexts)

    # The same search finds it as soon as one of the things that only a person has is added.
    browser_key = b64decode(client.cookies["peerkey"].value)
    pair = ana.current_key.pair
    by_password = envelope.password_key(CAST_PASSWORD, pair.password_salt)
    by_code = envelope.password_key(recovery_code_of(ana).replace(" ", ""), pair.recovery_salt)
    for missing in (browser_key, by_password, by_code):
        assert opens(at_hand | {missing}, sealed, contexts)
    assert SIZE == key_pair.SIZE

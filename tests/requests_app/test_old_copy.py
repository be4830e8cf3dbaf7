"""The promise: an old copy of the database, with everything that survives, opens no word."""

import json
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey
from requests_app import actions, vault
from requests_app.states import Author
from tests.cast import CAST_PASSWORD, recovery_code_of, sign_in

from .conftest import Asked, ask

CANARY = "wakes at four and sees the bridge"
REPLY = "the bridge is where I was too"


@dataclass
class Copy:
    """What somebody took: every row of every table, and every file of the keyring."""

    rows: dict[str, list[dict[str, Any]]]
    keys: dict[str, bytes]

    def request(self) -> dict[str, Any]:
        return self.rows["requests_app.Request"][0]


def take_copy() -> Copy:
    rows = {model._meta.label: list(model.objects.values()) for model in apps.get_models()}
    return Copy(rows, surviving_keys())


def surviving_keys() -> dict[str, bytes]:
    root = Path(settings.KEYRING)
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def every_blob(copy: Copy) -> list[bytes]:
    return [bytes(v) for rows in copy.rows.values() for row in rows for v in row.values() if isinstance(v, bytes)]


def all_that_opens(copy: Copy, secrets: list[bytes]) -> bytes:
    """Everything that opens by any of the secrets, taken as they are and as the program derives keys from them."""
    request = copy.request()
    request_id, messages = request["id"], copy.rows["requests_app.Message"]
    bound = {part: vault._context(request_id, part) for part in ("routing", "card", "words", "thread")}
    of_thread = [vault._place_in_thread(request_id, author, number) for author in Author for number in range(1, 4)]
    sealed = [(bytes(request[part]), [bound[part]]) for part in ("routing", "card", "words")]
    sealed += [(bytes(row["body"]), [vault._context(request_id, "message") + row["id"].bytes]) for row in messages]
    whole = [secret for secret in secrets if len(secret) == 32]
    derived = {
        envelope.derive(secret, salt=salt, info=info) for secret in secrets for salt in whole for info in bound.values()
    }
    opened = b""
    for _ in range(2):  # once more for what lay inside what has just opened
        fresh = [found for key in {*whole, *derived} for blob, at in sealed for found in opens(key, blob, at)]
        sealed = [(found[64:], of_thread) for found in fresh]
        opened += b"\n".join([b"", *fresh])
    for private_key in whole:
        for handed in handed_keys(opened):
            for part in ("content", "thread"):
                with suppress(envelope.CannotOpen):
                    opened += b"KEY" + vault.take_key(private_key, handed, request_id, part)
    return opened


def opens(key: bytes, blob: bytes, contexts: list[bytes]) -> list[bytes]:
    found = []
    for context in contexts:
        with suppress(envelope.CannotOpen):
            found.append(envelope.open_sealed(key, blob, context=context))
    return found


def handed_keys(opened: bytes) -> list[str]:
    for line in opened.split(b"\n"):
        if line.startswith(b'{"state"'):
            routing = json.loads(line)
            places = [place["envelope"] for place in routing["places"]]
            return [e for e in (*places, routing["officer_envelope"], routing["thread_peer_envelope"]) if e]
    return []


def readable(opened: bytes) -> bool:
    return any(word.encode() in opened for word in (CANARY, REPLY, "KEY", "grief"))


@pytest.fixture
def talked(ana: Member, ana_key: bytes, officer: Client) -> Asked:
    asked = ask(message=CANARY, concern="grief")
    actions.accept(member=ana, request_id=asked.opened.id, private_key=ana_key)
    actions.write_as_peer(
        member=ana, request_id=asked.opened.id, private_key=ana_key, token=form_tokens.fresh("write"), text=REPLY
    )
    return asked


@pytest.mark.django_db
def test_while_open_a_copy_and_the_whole_keyring_open_no_word(talked: Asked) -> None:
    copy = take_copy()
    secrets = [*copy.keys.values(), settings.SECRET_KEY.encode()]
    opened = all_that_opens(copy, secrets)
    assert b'"state"' in opened, "the attacker of this test must at least open the routing, or it attacks nothing"
    assert not readable(opened)


@pytest.mark.django_db
def test_the_attacker_has_teeth(talked: Asked, ana_key: bytes) -> None:
    """With the receipt, or with the member's password, the same attacker reads it while it is open."""
    copy = take_copy()
    private_key = envelope.private_key_from(talked.credentials.seed)
    for key in (private_key, ana_key):
        assert b"KEY" in all_that_opens(copy, [*copy.keys.values(), key])


@pytest.mark.django_db(transaction=True)
def test_after_close_no_key_receipt_password_cookie_or_session_opens_a_word(
    talked: Asked, ana: Member, ana_key: bytes, officer: Client
) -> None:
    officer.post("/request/return/", {"receipt": " ".join(talked.words)})
    peer = sign_in(Client(), ana)
    peer.get(f"/desk/contacts/{talked.opened.id}/")
    request = talked.opened
    content_key = vault.take_key(ana_key, request.routing.peer.envelope, request.id, "content")  # type: ignore[union-attr]
    thread_key = vault.take_key(ana_key, request.routing.thread_peer_envelope, request.id, "thread")
    copy = take_copy()

    actions.close_as_peer(member=ana, request_id=request.id)

    cookies = [cookie.value.encode() for client in (officer, peer) for cookie in client.cookies.values()]
    passwords = [envelope.password_key(CAST_PASSWORD, bytes(key.password_salt)) for key in MemberKey.objects.all()] + [
        recovery_code_of(ana).encode()
    ]
    secrets = [
        *surviving_keys().values(),
        *cookies,
        *passwords,
        settings.SECRET_KEY.encode(),
        " ".join(talked.words).encode(),
        talked.credentials.seed,
        envelope.private_key_from(talked.credentials.seed),
        ana_key,
        content_key,
        thread_key,
    ]
    assert not all_that_opens(copy, secrets).strip()
    assert keyring.is_destroyed(request.row.key_id)
    # and the teeth: with the key that was destroyed it would have opened
    destroyed = next(value for name, value in copy.keys.items() if request.row.key_id in name)
    assert readable(all_that_opens(copy, [*secrets, destroyed]))


@pytest.mark.django_db
def test_the_same_words_look_different_in_two_rows(ana: Member) -> None:
    ask(message=CANARY)
    ask(message=CANARY)
    blobs = every_blob(take_copy())
    assert len(blobs) == len(set(blobs))


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_no_table_of_the_database_holds_a_readable_word(talked: Asked, tmp_path: Path) -> None:
    """The whole database as bytes: neither what was written, nor the receipt, nor the concern."""
    from django.db import connection

    target = sqlite3.connect(tmp_path / "copy.sqlite3")
    connection.connection.backup(target)
    target.close()
    data = (tmp_path / "copy.sqlite3").read_bytes()
    assert b"requests_app_request" in data
    for word in (CANARY, REPLY, " ".join(talked.words), talked.words[0] + talked.words[1]):
        assert word.encode() not in data
    shutil.rmtree(tmp_path, ignore_errors=True)

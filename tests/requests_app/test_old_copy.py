"""The promise: an old copy of the database, with everything that survives, opens no word."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey
from requests_app import vault
from requests_app.actions import peer as peer_actions
from requests_app.models import Request, SubmittedForm
from tests.cast import CAST_PASSWORD, recovery_code_of, sign_in
from tests.requests_app.attacker import all_that_opens, take_copy
from tests.requests_app.conftest import Asked, ask

CANARY = "wakes at four and sees the bridge"
REPLY = "the bridge is where I was too"


def surviving_keys() -> dict[str, bytes]:
    root = Path(settings.KEYRING)
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def what_is_said(opened: list[bytes]) -> list[str]:
    """Of what was written: whatever an attacker reads."""
    return [word for word in (CANARY, REPLY, "grief") if word.encode() in b"\n".join(opened)]


@pytest.fixture
def talked(ana: Member, ana_key: bytes, officer: Client) -> Asked:
    asked = ask(message=CANARY, concern="grief")
    peer_actions.accept(member=ana, request_id=asked.opened.id, private_key=ana_key)
    peer_actions.write_as_peer(
        member=ana, request_id=asked.opened.id, private_key=ana_key, token=form_tokens.fresh("write"), text=REPLY
    )
    return asked


@pytest.mark.django_db
def test_while_open_a_copy_and_the_whole_keyring_open_no_word(talked: Asked) -> None:
    opened = all_that_opens(take_copy(), [settings.SECRET_KEY.encode()], surviving_keys().values())
    assert b'"state"' in b"".join(opened), "the attacker must at least open the routing, or it attacks nothing"
    assert what_is_said(opened) == []


@pytest.mark.django_db
def test_the_attacker_has_teeth(talked: Asked, ana_key: bytes) -> None:
    """With the receipt, or with the member's password, the same attacker reads it while it is open."""
    copy, keys = take_copy(), surviving_keys().values()
    for key in (talked.credentials.seed, envelope.private_key_from(talked.credentials.seed), ana_key):
        assert what_is_said(all_that_opens(copy, [key], keys)) == [CANARY, REPLY, "grief"]


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["seed", "content key"])
def test_the_attacker_finds_a_key_wherever_it_is_kept(talked: Asked, ana_key: bytes, kept: str) -> None:
    """In clear in any table, or in hexadecimal inside what it has opened."""
    request = talked.opened
    content_key = vault.take_key(ana_key, request.routing.peer.envelope, request.id, "content")  # type: ignore[union-attr]
    key = {"seed": talked.credentials.seed, "content key": content_key}[kept]
    SubmittedForm.objects.update(mark=key)
    assert CANARY in what_is_said(all_that_opens(take_copy(), [], surviving_keys().values()))
    SubmittedForm.objects.all().delete()
    in_clear = replace(request.routing, locator=key.hex())
    Request.objects.update(routing=vault.seal_routing(request.shred_key, request.id, in_clear))
    assert CANARY in what_is_said(all_that_opens(take_copy(), [], surviving_keys().values()))


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
    copy, keys = take_copy(), surviving_keys()

    peer_actions.close_as_peer(member=ana, request_id=request.id)

    cookies = [cookie.value.encode() for client in (officer, peer) for cookie in client.cookies.values()]
    passwords = [envelope.password_key(CAST_PASSWORD, bytes(key.password_salt)) for key in MemberKey.objects.all()] + [
        recovery_code_of(ana).encode()
    ]
    secrets = [
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
    assert all_that_opens(copy, secrets, surviving_keys().values()) == []
    assert keyring.is_destroyed(request.row.key_id)
    # and the teeth: with the key that was destroyed it would have opened
    destroyed = next(value for name, value in keys.items() if request.row.key_id in name)
    assert what_is_said(all_that_opens(copy, secrets, [destroyed]))


@pytest.mark.django_db
def test_the_same_words_look_different_in_two_rows(ana: Member) -> None:
    ask(message=CANARY)
    ask(message=CANARY)
    rows = [row for table in take_copy().rows.values() for row in table]
    blobs = [bytes(value) for row in rows for value in row.values() if isinstance(value, bytes | memoryview)]
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

"""The promise: after closing, an old copy of the database with every surviving secret opens no word."""

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
from tests.requests_app.conftest import OpenRequest, submit_request

CANARY = "wakes at four and sees the bridge"
REPLY = "the bridge is where I was too"


def surviving_keys() -> dict[str, bytes]:
    root = Path(settings.KEYRING)
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def words_in(opened: list[bytes]) -> list[str]:
    """The words that were written, as far as they are in what the attacker opened."""
    return [word for word in (CANARY, REPLY, "grief") if word.encode() in b"\n".join(opened)]


@pytest.fixture
def talked(ana: Member, ana_key: bytes, officer: Client) -> OpenRequest:
    submitted = submit_request(message=CANARY, concern="grief")
    peer_actions.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    peer_actions.write(
        member=ana, request_id=submitted.unsealed.id, private_key=ana_key, token=form_tokens.fresh("write"), text=REPLY
    )
    return submitted


@pytest.mark.django_db
def test_a_copy_of_an_open_contact_and_the_whole_keyring_open_no_word(talked: OpenRequest) -> None:
    opened = all_that_opens(take_copy(), [settings.SECRET_KEY.encode()], surviving_keys().values())
    assert b'"state"' in b"".join(opened), "the attacker must at least open the routing, or it attacks nothing"
    assert words_in(opened) == []


@pytest.mark.django_db
def test_the_attacker_has_teeth(talked: OpenRequest, ana_key: bytes) -> None:
    """With the receipt, or with the member's key, the same attacker reads it while it is open."""
    copy, keys = take_copy(), surviving_keys().values()
    for key in (talked.credentials.seed, ana_key):
        assert words_in(all_that_opens(copy, [key], keys)) == [CANARY, REPLY, "grief"]
    # The officer's private key opens the thread key; the content key follows from the seed alone.
    assert words_in(all_that_opens(copy, [envelope.private_key_from(talked.credentials.seed)], keys)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["seed", "content key"])
def test_the_attacker_finds_a_leaked_key(talked: OpenRequest, ana_key: bytes, kept: str) -> None:
    """Whether it lies in clear in a table or in hexadecimal inside something that opens."""
    request = talked.unsealed
    content_key = vault.open_content_key(request.key, ana_key, request.routing.peer.envelope).key  # type: ignore[union-attr]
    key = {"seed": talked.credentials.seed, "content key": content_key}[kept]
    SubmittedForm.objects.create(mark=key, half_day=0)
    assert CANARY in words_in(all_that_opens(take_copy(), [], surviving_keys().values()))
    SubmittedForm.objects.all().delete()
    in_clear = replace(request.routing, locator=key.hex())
    Request.objects.update(routing=vault.seal_routing(request.key, in_clear, bytes(request.row.stamp)))
    assert CANARY in words_in(all_that_opens(take_copy(), [], surviving_keys().values()))


@pytest.mark.django_db(transaction=True)
def test_after_close_no_key_receipt_password_cookie_or_session_opens_a_word(
    talked: OpenRequest, ana: Member, ana_key: bytes, officer: Client
) -> None:
    officer.post("/request/return/", {"receipt": " ".join(talked.receipt_words)})
    peer = sign_in(Client(), ana)
    peer.get(f"/desk/contacts/{talked.unsealed.id}/")
    request = talked.unsealed
    content_key = vault.open_content_key(request.key, ana_key, request.routing.peer.envelope).key  # type: ignore[union-attr]
    thread_key = vault.open_thread_key(request.key, ana_key, request.routing.thread_peer_envelope).key
    copy, keys = take_copy(), surviving_keys()

    peer_actions.close(member=ana, request_id=request.id)

    cookies = [cookie.value.encode() for client in (officer, peer) for cookie in client.cookies.values()]
    passwords = [envelope.password_key(CAST_PASSWORD, bytes(key.password_salt)) for key in MemberKey.objects.all()] + [
        recovery_code_of(ana).encode()
    ]
    secrets = [
        *cookies,
        *passwords,
        settings.SECRET_KEY.encode(),
        " ".join(talked.receipt_words).encode(),
        talked.credentials.seed,
        envelope.private_key_from(talked.credentials.seed),
        ana_key,
        content_key,
        thread_key,
    ]
    assert all_that_opens(copy, secrets, surviving_keys().values()) == []
    assert keyring.is_destroyed(request.row.key_id)
    # the attacker has teeth: with the destroyed key it would have opened
    destroyed = next(value for name, value in keys.items() if request.row.key_id in name)
    assert words_in(all_that_opens(copy, secrets, [destroyed]))


@pytest.mark.django_db
def test_the_same_words_are_sealed_differently_in_each_row(ana: Member) -> None:
    submit_request(message=CANARY)
    submit_request(message=CANARY)
    rows = [row for table in take_copy().rows.values() for row in table]
    blobs = [bytes(value) for row in rows for value in row.values() if isinstance(value, bytes | memoryview)]
    assert len(blobs) == len(set(blobs))


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_readable_word(talked: OpenRequest, tmp_path: Path) -> None:
    """Neither what was written nor the receipt is in the bytes of the database."""
    from django.db import connection

    target = sqlite3.connect(tmp_path / "copy.sqlite3")
    connection.connection.backup(target)
    target.close()
    data = (tmp_path / "copy.sqlite3").read_bytes()
    assert b"requests_app_request" in data
    for word in (CANARY, REPLY, " ".join(talked.receipt_words), talked.receipt_words[0] + talked.receipt_words[1]):
        assert word.encode() not in data
    shutil.rmtree(tmp_path, ignore_errors=True)

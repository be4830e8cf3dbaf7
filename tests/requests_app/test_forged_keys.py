"""Somebody who writes into the database, has the whole keyring and SECRET_KEY, and lacks only the host secret.

They put their own public key where Ana's confirmed one was. Nothing may be sealed to it.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from peersupport.sealing import envelope, keyring
from peersupport.team import key_confirmation
from peersupport.team.models import Member, MemberKey
from requests_app import vault
from requests_app.actions import officer as officer_actions
from requests_app.models import ClosingNote
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db
PRIVATE = envelope.private_key_from(bytes(range(32)))
PUBLIC = envelope.public_key_of(PRIVATE)


def write_over(ana: Member) -> None:
    MemberKey.objects.filter(member=ana).update(public_key=PUBLIC)


def insert(ana: Member, **fields: object) -> MemberKey:
    """A new key that says it is confirmed."""
    key = MemberKey.objects.get(member=ana)
    confirmed = {"confirmed_by": key.confirmed_by, "confirmed_on": key.confirmed_on, "recovery_checked": True}
    MemberKey.objects.filter(pk=key.pk).delete()
    return MemberKey.objects.create(member=ana, public_key=PUBLIC, **confirmed, **fields)


def insert_in_its_place(ana: Member) -> None:
    """With the same id, and with its confirmation."""
    key = MemberKey.objects.get(member=ana)
    insert(ana, pk=key.pk, confirmation=key.confirmation)


def insert_with_confirmation_of_another(ana: Member) -> None:
    insert(ana, confirmation=MemberKey.objects.get(member__user__name="Ben Brandt").confirmation)


def sign_with_secret_key(ana: Member) -> None:
    with override_settings(HOST_SECRET=settings.SECRET_KEY):
        sign(ana)


def sign_with_the_keyring(ana: Member) -> None:
    with override_settings(HOST_SECRET=keyring.lasting("receipt").hex()):
        sign(ana)


def sign(ana: Member) -> None:
    key = insert(ana)
    MemberKey.objects.filter(pk=key.pk).update(confirmation=key_confirmation.confirmation_of(key.as_confirmed))


def can_open(request: OpenRequest) -> bool:
    for recipient in request.unsealed.routing.recipients:
        with suppress(envelope.CannotOpen):
            vault.open_content_key(request.unsealed.key, PRIVATE, recipient.envelope)
            return True
    return False


@pytest.mark.parametrize(
    "forge",
    [
        write_over,
        insert,
        insert_in_its_place,
        insert_with_confirmation_of_another,
        sign_with_secret_key,
        sign_with_the_keyring,
    ],
)
def test_request_is_not_sealed_to_a_forged_key(ana: Member, ben: Member, forge: Callable[[Member], object]) -> None:
    forge(ana)
    assert not can_open(submit_request())


def test_only_the_host_secret_is_missing(ana: Member, ben: Member) -> None:
    sign(ana)
    assert can_open(submit_request())


@pytest.mark.usefixtures("reads_anew")
@pytest.mark.parametrize("when", [1, 2])
def test_request_is_not_sealed_to_a_key_written_after_the_keys_were_verified(
    ana: Member, ben: Member, when: int
) -> None:
    """Peers are ranked first; then the keys to seal to are read anew. Each reading is after a verification."""
    readings: list[str] = []

    def write_over_in_between(go_on: Callable[..., object], sql: str, *more: object) -> object:
        if '"team_memberkey"."confirmation"' in sql:
            readings.append(sql)
            if len(readings) == when:
                write_over(ana)
        return go_on(sql, *more)

    with connection.execute_wrapper(write_over_in_between):
        request = submit_request()
    assert bytes(MemberKey.objects.get(member=ana).public_key) == PUBLIC and len(readings) >= 2
    assert not can_open(request)


@pytest.mark.parametrize("forge", [write_over, insert_in_its_place])
def test_closing_note_is_not_sealed_to_a_forged_key(
    contact: OpenRequest, ana: Member, forge: Callable[[Member], object]
) -> None:
    forge(ana)
    officer_actions.close(creds=contact.credentials, note="thank you")
    assert not ClosingNote.objects.exists()

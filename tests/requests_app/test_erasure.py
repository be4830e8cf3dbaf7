"""Many requests through every end; then whatever the program wrote is looked through, and an old copy is attacked."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from peersupport.notices.actions import outbox
from peersupport.sealing import actions as sealing
from peersupport.sealing import envelope, keyring
from peersupport.sealing import queries as sealing_queries
from peersupport.sealing.models import KeyToDestroy
from peersupport.team.models import Member, User
from requests_app import vault
from requests_app.actions import plane_key
from requests_app.models import ClosingNote, Message, PendingTally, Request, SubmittedForm
from tests.cast import private_key_of, sign_in
from tests.requests_app.attacker import Copy, all_that_opens, is_confirmed, take_copy
from tests.requests_app.canary.conftest import broker, log  # noqa: F401
from tests.requests_app.canary.traces import (
    Log,
    database_file,
    every_file,
    every_mail,
    every_table,
    found_in,
    spellings,
)
from tests.requests_app.conftest import OpenRequest
from tests.requests_app.ends import ENDS, Team, later


@dataclass(frozen=True)
class Ended:
    """One request that has ended, a copy taken while it was open, and every secret that its people could have kept."""

    submitted: OpenRequest
    copy: Copy
    keys: list[bytes]
    secrets: list[bytes]


def taken_through(end: object, team: Team) -> Ended:
    steps = end(team)  # type: ignore[operator]
    submitted = next(steps)
    officer = Client()
    officer.post("/request/return/", {"receipt": " ".join(submitted.receipt_words)})
    request = submitted.unsealed
    private_key = envelope.private_key_from(submitted.credentials.seed)
    kept = [
        *(cookie.value.encode() for cookie in officer.cookies.values()),
        " ".join(submitted.receipt_words).encode(),
        submitted.credentials.seed,
        private_key,
        vault.content_key_from_seed(request.key, submitted.credentials.seed).key,
    ]
    if request.routing.thread_officer_envelope:
        kept.append(vault.open_thread_key(request.key, private_key, request.routing.thread_officer_envelope).key)
    ended = Ended(submitted, take_copy(), surviving_keys(), kept)
    assert next(steps, None) is None
    return ended


def surviving_keys() -> list[bytes]:
    return [file.read_bytes() for file in Path(settings.KEYRING).rglob("*") if file.is_file()]


@pytest.fixture
def team(ana: Member, ben: Member, coordinator: User) -> Team:
    keys = {member.pk: private_key_of(member.user.name) for member in (ana, ben)}
    return Team(ana, ben, keys, coordinator)


@pytest.mark.sqlite_only  # half a minute, on either database
@pytest.mark.django_db(transaction=True)
def test_after_every_end_nothing_is_left_and_an_old_copy_opens_nothing(
    team: Team,
    open_year: None,
    own_keyring: Path,
    log: Log,  # noqa: F811
    broker: Path,  # noqa: F811
) -> None:
    peer = sign_in(Client(), team.first)
    ended = [taken_through(end, team) for end in ENDS]
    later(days=8)  # submitted forms, pending tallies and closing notes have expired
    plane_key.renew(now=timezone.now())
    for is_urgent in (True, False):
        outbox.send(urgent=is_urgent, now=timezone.now())
    sealing.destroy_condemned()

    for model in (Request, Message, PendingTally, ClosingNote, SubmittedForm, KeyToDestroy):
        assert not model.objects.exists(), model
    assert set(keyring.shred_ids()) == sealing_queries.key_ids_in_use(), "a key without a row"
    files = {f"broker/{name}": data for name, data in every_file(broker).items()} | every_file(own_keyring)
    kept = log.kept() | every_mail() | files | every_table() | database_file()
    for each in ended:
        assert found_in(kept, *spellings(each.submitted.receipt_words)) == []

    secrets = [
        *team.keys.values(),
        *(cookie.value.encode() for cookie in peer.cookies.values()),
        settings.SECRET_KEY.encode(),
    ]
    for each in ended:
        with_the_keys = {"opened": b"".join(all_that_opens(each.copy, [settings.SECRET_KEY.encode()], each.keys))}
        assert b'"state"' in with_the_keys["opened"] and found_in(with_the_keys) == []
        assert all_that_opens(each.copy, [*secrets, *each.secrets], surviving_keys()) == []
        assert not is_confirmed(each.copy, each.submitted.credentials.locator, [*secrets, *surviving_keys()])


@pytest.mark.django_db(transaction=True)
def test_the_attacker_of_this_test_has_teeth(team: Team, open_year: None) -> None:
    """With the key that was destroyed it opens everything, and with the plane key it recognizes the receipt."""
    ended = taken_through(ENDS[2], team)
    opened = b"".join(all_that_opens(ended.copy, ended.secrets, ended.keys))
    assert b"has not slept" in opened and b'"urgency"' in opened and b"grief" in opened
    assert is_confirmed(ended.copy, ended.submitted.credentials.locator, surviving_keys())

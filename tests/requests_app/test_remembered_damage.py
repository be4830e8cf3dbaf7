"""What a process remembers of open requests, and what becomes of it when rows or keys are not what they were."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from operations import health
from peersupport.sealing import keyring
from peersupport.team.models import Member
from requests_app.actions import sweep
from requests_app.models import Request
from requests_app.queries import outlines, waiting

from .conftest import submit_request

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=60)


def submit_long_ago(own_keyring: Path) -> None:
    key = own_keyring / "shred" / submit_request().unsealed.row.key_id
    os.utime(key, ((timezone.now() - LONG_AGO).timestamp(),) * 2)


def spoil_keys(own_keyring: Path) -> None:
    for row in Request.objects.all():
        key = own_keyring / "shred" / row.key_id
        made = key.stat().st_mtime
        key.write_bytes(bytes(32))
        os.utime(key, (made, made))


def spoil_routings(_: Path) -> None:
    for row in Request.objects.all():
        Request.objects.filter(pk=row.pk).update(routing=bytes(row.routing)[::-1])


@pytest.mark.parametrize("spoil", [spoil_keys, spoil_routings])
def test_the_sweep_erases_nothing_while_none_opens_though_they_are_remembered(
    ana: Member, ben: Member, own_keyring: Path, spoil: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Then it is rather the keyring or the host secret that is wrong, and can be put right."""
    for _ in range(3):
        submit_long_ago(own_keyring)
    outlines.open_now()
    keys = set(keyring.shred_ids())
    spoil(own_keyring)
    with django_capture_on_commit_callbacks(execute=True):
        sweep.run(now=timezone.now() + timedelta(minutes=61))  # each is due
    assert Request.objects.count() == 3 and keys <= set(keyring.shred_ids())


@pytest.mark.parametrize("spoil", [spoil_keys, spoil_routings])
def test_damage_that_leaves_the_stamp_is_told_within_half_an_hour(
    ana: Member, ben: Member, own_keyring: Path, spoil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_request()
    outlines.open_now()
    spoil(own_keyring)
    half_an_hour_later = time.monotonic() + 30 * 60
    monkeypatch.setattr(outlines, "time", SimpleNamespace(monotonic=lambda: half_an_hour_later))
    assert waiting.waiting_summary(timezone.now()).unreadable == 1 == health.unreadable_requests()


def test_whoever_finds_it_damaged_tells_the_others_at_once(ana: Member, ben: Member, own_keyring: Path) -> None:
    submit_request()
    outlines.open_now()
    spoil_routings(own_keyring)
    sweep.run(now=timezone.now() + timedelta(minutes=61))
    assert len(outlines.open_now().unreadable) == 1


def test_a_thread_that_cannot_be_started_costs_no_request_and_leaves_nothing(
    ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlines, "LOOKED_THROUGH_EVERY", 0.05)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Timer, "start", _refuse)
        first = submit_request()
    outlines.open_now()
    keyring.destroy(first.unsealed.row.key_id)
    for _ in range(100):
        if not outlines._last.kept and not outlines._written:
            break
        time.sleep(0.02)
    assert not outlines._last.kept and not outlines._written


def _refuse(_: threading.Timer) -> None:
    raise RuntimeError("can't start new thread")

"""A process with another host secret than the keyring's notices it before it takes everything for damaged."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from peersupport.sealing import host_secret, keyring
from requests_app import tasks

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW, OTHER = "a secret of thirty-two characters", "its successor, thirty-two characters", "somebody else's"


def check(current: str, *before: str) -> None:
    with override_settings(HOST_SECRET=current, HOST_SECRET_FALLBACKS=list(before)):
        host_secret.check()


def test_the_first_one_is_noted_and_another_is_refused(own_keyring: Path) -> None:
    check(OLD)
    check(OLD)
    with pytest.raises(host_secret.AnotherHostSecret):
        check(OTHER)
    with pytest.raises(host_secret.AnotherHostSecret):
        check(OTHER, NEW)
    check(OLD, NEW)


def test_a_successor_is_noted_and_the_one_before_is_refused_from_then_on(own_keyring: Path) -> None:
    """So that a worker that runs on with the old one deletes nothing that it can't open."""
    check(OLD)
    check(NEW, OLD)
    check(NEW)
    with pytest.raises(host_secret.AnotherHostSecret):
        check(OLD)


def test_what_is_noted_known_answer(own_keyring: Path) -> None:
    check(OLD)
    noted = keyring.lasting(host_secret.CHECK)
    assert noted.hex() == "3d54b4545d813b6696a30565a21546526bf439830822401f861cf17e46d07861"


def test_the_rounds_of_the_support_plane_do_nothing_with_another_one(own_keyring: Path) -> None:
    check(OLD)
    for task in (tasks.sweep, tasks.renew_plane_key):
        with override_settings(HOST_SECRET=OTHER), pytest.raises(host_secret.AnotherHostSecret):
            task()


def test_no_process_starts_with_another_one(tmp_path: Path) -> None:
    def start(secret: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "host-secret").write_text(secret)
        environment = {**os.environ, "PEERSUPPORT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": ""}
        environment.pop("DJANGO_SETTINGS_MODULE")
        command = [sys.executable, "manage.py", "check"]
        return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)

    assert start(OLD).returncode == 0
    assert start(OLD).returncode == 0
    refused = start(OTHER)
    assert refused.returncode == 1
    assert refused.stderr == (
        "Peer Support does not start: PEERSUPPORT_HOST_SECRET is not the one that this keyring was used with. "
        "See docs/settings.md.\n"
    )

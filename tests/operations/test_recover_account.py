"""`recover_account MAIL --home DIR`, as it is typed: real processes on one home, whose mail server is away."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from peersupport.settings import home as homes

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://peer.example.org"
PEOPLE = """
import django
django.setup()
from operations import preparation
from peersupport.team.models import User
preparation.prepare()
for name, password, is_active in (("carla", "a word", True), ("left", "a word", False), ("ivo", None, True)):
    user = User(name=name, email=f"{name}@example.org", is_coordinator=True, is_active=is_active)
    user.set_password(password)
    user.save()
"""


def run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1"}
    if command[0] == "-c":
        production = {"DJANGO_SETTINGS_MODULE": "peersupport.settings.production", "PEERSUPPORT_HOME": str(home)}
        environment |= production
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    homes.write(
        folder,
        {
            "PEERSUPPORT_SECRET_KEY": "s" * 50,
            "PEERSUPPORT_HOST_SECRET": "h" * 50,
            "PEERSUPPORT_SITE_URL": SITE,
            "PEERSUPPORT_EMAIL_URL": "smtp://127.0.0.1:1",
            "PEERSUPPORT_FROM_EMAIL": "peer@example.org",
        },
    )
    made = run(folder, "-c", PEOPLE)
    assert made.returncode == 0, made.stderr
    return folder


def recover(home: Path, mail: str) -> subprocess.CompletedProcess[str]:
    return run(home, "manage.py", "recover_account", mail, "--home", str(home))


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "peersupport.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_link_is_printed_and_queued_each_time(home: Path) -> None:
    for times in (1, 2):
        done = recover(home, "Carla@Example.org")
        assert (done.returncode, done.stderr) == (0, "")
        assert re.search(rf"^{SITE}/sign-in/forgot/\w+/[\w-]+/$", done.stdout, re.MULTILINE)
        assert rows(home, "SELECT kind, email FROM team_queuedmail") == [("new_password", "carla@example.org")] * times
    audited = rows(home, "SELECT action, by_id, about FROM audit_entry WHERE action = 'account_recovery_begun'")
    assert audited == [("account_recovery_begun", None, "user:1")] * 2


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ("nobody@example.org", "no active account"),
        ("left@example.org", "no active account"),
        ("ivo@example.org", "never signed in"),
    ],
)
def test_who_cannot_sign_in_gets_one_line_and_exit_2(home: Path, mail: str, said: str) -> None:
    before = rows(home, "SELECT count(*) FROM audit_entry") + rows(home, "SELECT count(*) FROM team_queuedmail")
    done = recover(home, mail)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr
    assert rows(home, "SELECT count(*) FROM audit_entry") + rows(home, "SELECT count(*) FROM team_queuedmail") == before


def test_a_keyring_that_is_away_is_one_line_and_exit_2(home: Path) -> None:
    (home / "keyring").rename(home / "away")
    try:
        done = recover(home, "carla@example.org")
    finally:
        (home / "away").rename(home / "keyring")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "keyring" in done.stderr

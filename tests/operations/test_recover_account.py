"""`recover_account MAIL --home DIR`, as it is typed: real processes on one home, whose mail server is away."""

import re
from pathlib import Path

import pytest

from tests.operations.home import Home, copy_of
from tests.operations.installation import Done

SITE = "https://peer.example.org"
PEOPLE = """
from peersupport.access.permissions import Role
from peersupport.team.actions import invitations
from peersupport.team.models import Invitation
from peersupport.team.models import User
people = (("carla", "a word", True), ("left", "a word", False), ("ivo", None, True), ("new", None, True))
for name, password, is_active in people:
    user = User(name=name, email=f"{name}@example.org", is_coordinator=True, is_active=is_active)
    user.set_password(password)
    user.save()
for mail in ("ina@example.org", "ivo@example.org"):
    invitations.invite(email=mail, name="I", roles=[Role.MEMBER], by=None)
Invitation.objects.filter(email="ivo@example.org").update(valid_until="2020-02-02T12:00Z")
"""


@pytest.fixture(scope="module")
def home(home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = copy_of(home_template, tmp_path_factory.mktemp("recover") / "home")
    home.set(PEERSUPPORT_SITE_URL=SITE, PEERSUPPORT_EMAIL_URL="smtp://127.0.0.1:1")
    home.run(PEOPLE)
    return home


def recover(home: Home, mail: str) -> Done:
    return home.manage("recover_account", mail, "--home", home.folder)


def test_link_is_printed_and_queued_each_time(home: Home) -> None:
    for times in (1, 2):
        done = recover(home, "Carla@Example.org")
        assert (done.returncode, done.stderr) == (0, "")
        assert re.search(rf"^{SITE}/sign-in/forgot/\w+/[\w-]+/$", done.stdout, re.MULTILINE)
        sent = home.sql("SELECT kind, email FROM team_queuedmail WHERE kind = 'new_password'")
        assert sent == [("new_password", "carla@example.org")] * times
    audited = home.sql("SELECT action, by_id, about FROM audit_entry WHERE action = 'account_recovery_begun'")
    assert audited == [("account_recovery_begun", None, "user:1")] * 2


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ("nobody@example.org", "no active account"),
        ("left@example.org", "no active account"),
        ("new@example.org", "never signed in"),
        ("ivo@example.org", "the link ran out on February 2, 2020"),
        ("Ina@example.org", "the link is valid until"),
    ],
)
def test_who_cannot_sign_in_gets_one_line_and_exit_2(home: Home, mail: str, said: str) -> None:
    before = home.sql("SELECT count(*) FROM audit_entry") + home.sql("SELECT count(*) FROM team_queuedmail")
    done = recover(home, mail)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr
    assert home.sql("SELECT count(*) FROM audit_entry") + home.sql("SELECT count(*) FROM team_queuedmail") == before


def test_a_keyring_that_is_away_is_one_line_and_exit_2(home: Home) -> None:
    (home.folder / "keyring").rename(home.folder / "away")
    try:
        done = recover(home, "carla@example.org")
    finally:
        (home.folder / "away").rename(home.folder / "keyring")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "keyring" in done.stderr

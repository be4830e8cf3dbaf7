"""The secrets in a home's settings file, replaced by real processes while a contact is open."""

import json
from pathlib import Path

import pytest

from operations import processes
from operations.rotation.rules import RULES
from peersupport.settings import home as home_file
from tests.operations.home import Home, copy_of

pytestmark = pytest.mark.sqlite_only
SECRET_KEY, HOST_SECRET = "PEERSUPPORT_SECRET_KEY", "PEERSUPPORT_HOST_SECRET"
SET_UP = """
import json
from django.core import signing
from peersupport.access.permissions import Role
from peersupport.program import form_tokens
from peersupport.team import key_pair
from requests_app.actions import peer, submission
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.queries import officers
from tests.cast import CAST_PASSWORD, make_member, make_user
ana = make_member("Ana Alvarez", confirmed_by=make_user("Carla Coordinator", Role.COORDINATOR))
token = form_tokens.fresh("request")
typed = submission.Submission(Card(urgency=Urgency.TODAY), Words("I have not slept.", ""))
words = submission.submit(token=token, submission=typed).receipt_words
private_key = key_pair.open_by_password(ana.keys.get().pair, CAST_PASSWORD)
request = officers.request_of(officers.credentials_of(words))
peer.accept(member=ana, request_id=request.id, private_key=private_key)
print(json.dumps({"words": words, "private_key": private_key.hex(), "signed": signing.dumps("ana"), "token": token}))
"""
LOOK = """
import json
from django.core import signing
from peersupport.audit import actions, queries
from peersupport.sealing import host_secret
from peersupport.team.models import Member
from peersupport.team.queries import eligibility
from requests_app.actions import submission
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.queries import members, officers
ana = Member.objects.get()
host_secret.check()
typed = submission.Submission(Card(urgency=Urgency.TODAY), Words("I have not slept.", ""))
own = officers.own_request(officers.credentials_of(before["words"]))
seen = members.contact_for(ana, own.request_id, bytes.fromhex(before["private_key"]))
again = submission.submit(token=before["token"], submission=typed, is_same_visit=True)
actions.link_new()
print(json.dumps([
    own.words.message, seen.words.message, eligibility.can_serve(ana), signing.loads(before["signed"]),
    list(again.receipt_words) == before["words"], queries.verify(),
]))
"""
ALL_WELL = ["I have not slept.", "I have not slept.", True, "ana", True, []]


def rotate(home: Home, *options: str, **environment: str) -> tuple[int, list[str]]:
    done = home.manage("rotate", *options, environment=environment)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def look(home: Home, before: str) -> list:
    return json.loads(home.run(f"before = {json.loads(before)!r}\n{LOOK}"))


@pytest.fixture(scope="module")
def made(home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home with an open contact, and what its two sides and a browser hold."""
    home = copy_of(home_template, tmp_path_factory.mktemp("rotation") / "home")
    return home, home.run(SET_UP)


def test_the_host_secret_is_replaced_and_a_killed_run_is_finished_by_the_next(made: tuple[Home, str]) -> None:
    home, before = made
    first = home.settings[HOST_SECRET]
    command = ["rotate", "host-secret"]
    home.killed_at("operations.rotation.settings_file:replace", *command)
    second = home.settings
    assert second[HOST_SECRET] != first == second[f"{HOST_SECRET}_FALLBACKS"]
    in_the_child = [*command, "--settings-are-replaced"]
    home.killed_at("peersupport.team.actions.keys:sign_again", *in_the_child)
    assert look(home, before) == ALL_WELL
    home.killed_at("subprocess:run", *command)
    assert f"{HOST_SECRET}_FALLBACKS" in home.settings
    status, said = rotate(home)
    assert (status, "began and did not end" in said[-1]) == (1, True)
    status, said = rotate(home, "host-secret")
    assert (status, said[-1]) == (0, "host-secret: replaced. The old one is gone from the settings.")
    assert home.settings[HOST_SECRET] == second[HOST_SECRET]
    assert f"{HOST_SECRET}_FALLBACKS" not in home.settings
    assert look(home, before) == ALL_WELL
    assert (home.folder / home_file.SETTINGS_FILE).stat().st_mode & 0o777 == 0o600


def test_it_refuses_while_the_home_is_served(made: tuple[Home, str]) -> None:
    home, _ = made
    settings = home.settings
    with processes.lock_home(home.folder):
        for which in ("host-secret", "--all"):
            assert rotate(home, which) == (2, [f"Peer Support is running in {home.folder}. Stop it first."])
    assert home.settings == settings


def test_the_secret_key_overlaps_for_a_day(made: tuple[Home, str]) -> None:
    home, before = made
    first = home.settings[SECRET_KEY]
    with processes.lock_home(home.folder):  # it can be served meanwhile
        assert rotate(home, "SECRET_KEY")[0] == 0
    now = home.settings
    assert now[SECRET_KEY] != first == now[f"{SECRET_KEY}_FALLBACKS"]
    assert look(home, before) == ALL_WELL
    rotate(home)
    assert home.settings == now
    home_file.write(home.folder, {f"{SECRET_KEY}_REPLACED_AT": "2026-01-01T12:00:00+00:00"})
    status, said = rotate(home)
    assert (status, said) == (0, ["secret-key: the one before is taken out. Running processes forget it at SIGHUP."])
    assert f"{SECRET_KEY}_FALLBACKS" not in home.settings
    home_file.write(home.folder, {SECRET_KEY: first})


def test_what_the_environment_sets_is_not_replaced_in_the_file(made: tuple[Home, str]) -> None:
    home, _ = made
    status, (said,) = rotate(home, "secret-key", **{SECRET_KEY: "set from outside, and long enough for it: abcdefgh"})
    assert (status, said.startswith(f"{SECRET_KEY} is set in the environment")) == (2, True)


def test_all_are_replaced_with_a_contact_open(made: tuple[Home, str]) -> None:
    pytest.importorskip("operations.backup.keys")
    home, before = made
    files = {path.name: path.read_bytes() for path in (home.folder / "keyring/lasting").iterdir() if path.name in RULES}
    settings = home.settings
    status, said = rotate(home, "--all")
    assert status == 0, said
    assert [name for name in files if (home.folder / "keyring/lasting" / name).read_bytes() == files[name]] == []
    assert {line.partition(":")[0] for line in said if ": " in line} >= {*RULES, "secret-key", "host-secret"}
    assert "AGE-SECRET-KEY-1" in said[-5] and said[-1].startswith("+---")
    after = home.settings
    assert all(after[name] != settings.get(name) for name in (SECRET_KEY, HOST_SECRET, "PEERSUPPORT_BACKUP_KEY"))
    assert "AGE-SECRET-KEY-1" not in (home.folder / home_file.SETTINGS_FILE).read_text()
    assert look(home, before) == ALL_WELL

"""`manage.py doctor` in real homes: one that is well but for what a trial lacks, and broken ones."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from peersupport.sealing import installation, keyring
from peersupport.settings import home as settings_home
from tests.operations.home import copy_of
from tests.operations.installation import Done, clean_environment, python


@dataclass(frozen=True)
class Found:
    status: int
    lines: dict[str, list[dict[str, str]]]

    def says(self, check: str) -> str:
        return " ".join(line["says"] for line in self.lines.get(check, []))

    def levels(self, check: str) -> set[str]:
        return {line["level"] for line in self.lines.get(check, [])}


def manage(home: Path, *arguments: str) -> Done:
    return python("manage.py", arguments[0], "--home", home, *arguments[1:], environment=clean_environment())


def doctor(home: Path) -> Found:
    done = manage(home, "doctor", "--json", "--no-mail")
    lines: dict[str, list[dict[str, str]]] = {}
    for line in json.loads(done.stdout):
        assert set(line) == {"check", "level", "says", "remedy"}
        assert line["remedy"] or line["level"] == "well"
        lines.setdefault(line["check"], []).append(line)
    return Found(done.returncode, lines)


@pytest.fixture
def home(home_template: Path, tmp_path: Path) -> Path:
    """As if it had just been made: the template may be older than its first rounds would be late."""
    folder = copy_of(home_template, tmp_path / "home").folder
    with closing(sqlite3.connect(folder / "peersupport.sqlite3")) as database, database:
        database.execute("UPDATE django_migrations SET applied = datetime('now')")
    return folder


def test_new_home_has_something_to_see_to_and_nothing_that_stops_it(home: Path) -> None:
    found = doctor(home)
    assert found.status == 1
    assert {line["level"] for lines in found.lines.values() for line in lines} == {"well", "see_to"}
    for check in ("database", "keyring", "migrations", "modes", "keys", "statistics", "rounds", "disk", "phone_alerts"):
        assert found.levels(check) == {"well"}, found.says(check)
    assert "No backup was ever made." in found.says("backup")


def test_each_line_says_level_check_and_remedy_in_a_terminal(home: Path) -> None:
    (home / "keyring").chmod(0o750)
    done = manage(home, "doctor", "--no-mail")
    assert f"SEE TO        modes: {home}/keyring can be used by other users" in done.stdout
    assert f"> chmod 700 {home}/keyring\n" in done.stdout
    assert done.stderr == ""


def test_another_installations_keyring_stops_it_and_stays_whole(home: Path, own_keyring: Path) -> None:
    settings = (home / "settings.env").read_text()
    shutil.rmtree(home / "keyring")
    keyring.lasting(installation.SECRET)
    keyring.create()
    shutil.copytree(own_keyring, home / "keyring")
    (home / "keyring" / "lasting" / "host-secret-check").unlink(missing_ok=True)
    before = sorted(path.name for path in (home / "keyring" / "shred").iterdir())
    for key in (home / "keyring" / "shred").glob("[0-9a-f]*"):
        os.utime(key, (0, 0))
    found = doctor(home)
    assert (found.status, found.levels("keyring")) == (2, {"cannot_serve"})
    assert "another installation" in found.says("keyring")
    done = manage(home, "shell", "-v", "0", "-c", "from operations import tasks; tasks.destroy_orphaned_keys()")
    assert "AnotherKeyring" in done.stderr
    assert sorted(path.name for path in (home / "keyring" / "shred").iterdir()) == before
    assert (home / "settings.env").read_text() == settings
    refused = manage(home, "make_keyring", "--adopt")
    assert (refused.returncode, "another installation" in refused.stderr) == (2, True)


def test_other_host_secret_is_told_though_nothing_starts_with_it(home: Path) -> None:
    assert manage(home, "check").returncode == 0  # from now on the keyring knows its host secret
    text = (home / "settings.env").read_text().replace("PEERSUPPORT_HOST_SECRET=", "PEERSUPPORT_HOST_SECRET=other-")
    (home / "settings.env").write_text(text)
    found = doctor(home)
    assert (found.status, found.levels("keyring")) == (2, {"cannot_serve"})
    assert "Keyring and host secret don't belong together" in found.says("keyring")
    assert found.levels("migrations") == found.levels("modes") == {"well"}, "it goes on"
    assert manage(home, "check").returncode != 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("PEERSUPPORT_HOST_SECRET=", "PEERSUPPORT_HOST_SECRET"),
        ("PEERSUPPORT_TIME_ZONE=Mars/Olympus", "Mars/Olympus"),
        ("PEERSUPPORT_SITE_URL=peer.example.org", "PEERSUPPORT_SITE_URL"),
    ],
)
def test_setting_that_keeps_the_program_from_starting_is_told(home: Path, line: str, said: str) -> None:
    name = line.partition("=")[0]
    kept = [each for each in (home / "settings.env").read_text().splitlines() if not each.startswith(f"{name}=")]
    (home / "settings.env").write_text("\n".join([*kept, line]) + "\n")
    found = doctor(home)
    assert (found.status, found.levels("start")) == (2, {"cannot_serve"})
    assert said in found.says("start")


def break_key(home: Path) -> None:
    for key in (home / "keyring" / "shred").glob("[0-9a-f]*"):
        key.unlink()


def break_mail(home: Path) -> None:
    text = (home / "settings.env").read_text().replace("EMAIL_URL=files", "EMAIL_URL=smtp://localhost:1")
    (home / "settings.env").write_text(text)


def break_backup(home: Path) -> None:
    for name in ("b", "b.lasting"):
        (home / name).touch()
    (home / "last-backup.json").write_text(json.dumps({"at": "2026-01-01T00:00:00+00:00", "file": f"{home}/b"}))


def damage(home: Path) -> None:
    (home / "peersupport.sqlite3").write_bytes(b"no database" * 1000)


def set_twice(home: Path) -> None:
    with (home / "settings.env").open("a") as settings:
        settings.write("PEERSUPPORT_FROM_EMAIL = b@example.org\n")


def newer(home: Path) -> None:
    with closing(sqlite3.connect(home / "peersupport.sqlite3")) as database, database:
        applied = "INSERT INTO django_migrations (app, name, applied) VALUES ('team', '0099_later', '2031-01-01')"
        database.execute(applied)


def unmount(home: Path) -> None:
    shutil.rmtree(home / "keyring" / "shred")
    (home / "keyring" / "shred").mkdir(mode=0o755)


@pytest.mark.parametrize(
    ("breaking", "check", "status", "said"),
    [
        (break_key, "keys", 1, "Rows of stats_year whose key isn't in the keyring"),
        (break_mail, "mail", 1, "The mail server localhost can't be used (ConnectionRefusedError)."),
        (break_backup, "backup", 1, "Both files of an old backup lie together"),
        (lambda home: (home / "peersupport.sqlite3").write_bytes(b""), "database", 2, "The database isn't answering."),
        (damage, "database", 2, "peersupport.sqlite3 is damaged."),
        (set_twice, "settings", 1, "PEERSUPPORT_FROM_EMAIL has more than one line in settings.env."),
        (newer, "migrations", 2, "A newer version of the program has changed this database (team.0099_later)."),
    ],
    ids=[
        "a key is gone",
        "mail server down",
        "old backup",
        "empty database",
        "damaged database",
        "set twice",
        "newer database",
    ],
)
def test_broken_home(home: Path, breaking, check: str, status: int, said: str) -> None:
    breaking(home)
    found = doctor(home)
    assert (found.status, said in found.says(check)) == (status, True), found.says(check)


def test_bare_mount_point_of_shred_is_only_to_be_mounted(home: Path) -> None:
    unmount(home)
    found = doctor(home)
    assert (found.status, found.says("keyring")) == (2, "The keyring can't be reached.")
    remedies = [line["remedy"] for lines in found.lines.values() for line in lines]
    assert not [remedy for remedy in remedies if "ch" in remedy and f"{home}/keyring/shred" in remedy]
    assert "shred" not in found.lines and found.levels("modes") == {"well"}


def test_without_a_home_the_environment_sets_all(home: Path) -> None:
    """As on many hosts; and where nothing is set at all, it asks which installation is meant."""
    places = {
        "DJANGO_SETTINGS_MODULE": "peersupport.settings.production",
        "PEERSUPPORT_KEYRING": f"{home}/keyring",
        "PEERSUPPORT_PRIVATE_FILES": f"{home}/private",
        "PEERSUPPORT_DATABASE_URL": f"sqlite:///{home}/peersupport.sqlite3",
        "PEERSUPPORT_REDIS_URL": "redis://127.0.0.1:9/0",
    }
    environment = {**settings_home.read(home), **places, "PEERSUPPORT_EMAIL_URL": "smtp://127.0.0.1:1"}
    done = python("manage.py", "doctor", "--no-mail", environment=clean_environment(**environment))
    assert (done.returncode, "The database answers." in done.stdout, "settings.env" in done.stdout) == (1, True, False)
    alone = python("manage.py", "doctor", "--no-mail", environment=clean_environment())
    assert (alone.returncode, "--home" in alone.stderr) == (2, True)

"""What the commands about an installation have in common."""

import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.db import OperationalError
from django.utils import timezone

from operations.backup import put_aside
from operations.doctor import checks
from operations.doctor.domain.findings import Level
from operations.home_command import ANOTHERS, HomeCommand
from operations.management.commands import rotate
from operations.rotation import settings_file
from operations.upgrade import local_copy
from peersupport.sealing import actions as sealing
from peersupport.sealing import installation, keyring
from peersupport.settings import home as home_settings
from peersupport.settings import local
from tests.operations.home import Home
from tests.operations.installation import clean_environment, python

LONG_AGO = time.time() - 25 * 60 * 60


def old_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "database.sqlite3").write_bytes(b"sealed rows")
    for path in (folder / "database.sqlite3", folder):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


@pytest.mark.django_db
def test_every_command_erases_a_copy_that_is_a_day_old(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    monkeypatch.setattr(put_aside, "folder_of_it", lambda: tmp_path / put_aside.FOLDER)
    copies = [old_folder(tmp_path / local_copy.FOLDER / local_copy.WHOLE), old_folder(tmp_path / put_aside.FOLDER)]
    call_command("verify_audit")
    assert not any(folder.exists() for folder in copies)


@pytest.mark.parametrize("typed", ["secret-key", "SECRET_KEY", "PEERSUPPORT_SECRET_KEY", "Secret-Key"])
def test_a_secret_may_be_named_as_its_variable_is(typed: str) -> None:
    parser = rotate.Command().create_parser("manage.py", "rotate")
    assert parser.parse_args([typed]).name == "secret-key"


def test_doctor_says_when_the_old_secret_key_is_over(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    monkeypatch.setenv(home_settings.VARIABLE, str(tmp_path))
    (check,) = (each for each in checks.CHECKS if each.name == "settings")
    half_hour = datetime(2026, 1, 15, 12, tzinfo=UTC)
    home_settings.write(tmp_path, {settings_file.REPLACED_AT: half_hour.isoformat()})
    codes = {age: {each.code for each in check.find(half_hour + timedelta(hours=age))} for age in (24, 25)}
    assert codes[25] - codes[24] == {"old_secret_key"}
    assert "unknown" not in codes[24]
    home_settings.write(tmp_path, {settings_file.HOST_SECRET + settings_file.FALLBACKS: "the one before"})
    assert "old_host_secret" in {each.code for each in check.find(half_hour)} - codes[24]


def test_an_upgrade_that_did_not_end_stops_every_command_but_those_that_say_so_or_end_it(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HOME = tmp_path
    (tmp_path / local_copy.FOLDER / local_copy.WHOLE).mkdir(parents=True)
    own = {name for name, app in get_commands().items() if app == "operations"}
    commands = {name: load_command_class("operations", name) for name in own}
    about_homes = {name: each for name, each in commands.items() if isinstance(each, HomeCommand)}
    assert {name for name, each in about_homes.items() if each.runs_amid_upgrade} == {
        "doctor", "upgrade", "verify_audit",
    }  # fmt: skip
    for name, command in about_homes.items():
        if not command.runs_amid_upgrade:
            with pytest.raises(SystemExit) as stopped:
                command.handle()
            assert (name, stopped.value.code, "Run `upgrade`" in capsys.readouterr().err) == (name, 2, True)
    (check,) = (each for each in checks.CHECKS if each.name == "migrations")
    assert [(each.code, each.level) for each in check.find(datetime.now(UTC))] == [("unfinished", Level.CANNOT_SERVE)]


class Failing(HomeCommand):
    needs_home = False
    error: Exception

    def run(self, home: Path, **options: Any) -> bool:
        raise self.error


def of_full_database() -> Exception:
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorname = "SQLITE_FULL"
    error = OperationalError("database or disk is full")
    error.__cause__ = cause
    return error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device", "/home/settings.env"), "/home/settings.env: No space left on device."),
        (of_full_database(), "the database's disk is full (SQLITE_FULL)."),
    ],
)
def test_a_full_disk_is_one_line(error: Exception, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = Failing()
    command.error = error
    with pytest.raises(SystemExit) as stopped:
        command.handle()
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and said.startswith(sentence) and said.count("\n") == 1


def test_where_nobody_reads_the_work_goes_on_quietly_but_no_key_is_replaced_unseen(home: Home) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    run = [sys.executable, "manage.py", "rotate"]
    more = {"cwd": home.root, "env": home.environment, "stdout": writer, "stderr": subprocess.PIPE, "text": True}
    done = subprocess.run([*run, "draw"], check=False, **more)
    assert (done.returncode, done.stderr) == (0, "")
    before = home.settings
    done = subprocess.run([*run, "backup-key"], check=False, **more)
    os.close(writer)
    assert done.returncode == 2 and "the one before stays" in done.stderr and home.settings == before


def test_an_empty_database_beside_a_used_keyring_is_said_and_stays_empty(home: Home) -> None:
    for file in home.folder.glob("peersupport.sqlite3*"):
        file.unlink()
    for command in (["serve"], ["upgrade"], ["setup", "--no-input"]):
        done = home.manage(*command)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert "this database is empty, but the keyring was used before" in done.stderr
    assert home.sql("SELECT name FROM sqlite_master") == []


@pytest.mark.parametrize("command", ["serve", "backup", "rotate", "verify_audit"])
def test_without_a_home_it_asks_for_one_and_touches_no_folder(command: str) -> None:
    nowhere = clean_environment(PEERSUPPORT_VAR="/proc/nowhere")
    done = python("manage.py", command, environment=nowhere)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{home_settings.WHICH}\n")


def test_help_needs_no_folder_that_can_be_written() -> None:
    done = python("manage.py", "rotate", "--help", environment=clean_environment(PEERSUPPORT_VAR="/proc/nowhere"))
    assert done.returncode == 0 and "Replaces a secret" in done.stdout, done.stderr


def test_a_home_that_another_process_looks_at_can_be_started(tmp_path: Path) -> None:
    """No file is a probe that two processes would fight over."""
    (tmp_path / ".writable").mkdir()
    assert local.own_folder(tmp_path) == tmp_path


@pytest.mark.django_db
def test_no_command_works_on_another_installations_keyring(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """`rotate` would replace the other's secrets, and `backup` put them beside this one's data."""
    settings.HOME = tmp_path
    sealing.check_keyring(now=timezone.now())
    keyring.replace_lasting(installation.SECRET, b"of another installation, 32 byte")
    before = {path.name: path.read_bytes() for path in (settings.KEYRING / "lasting").iterdir()}
    for name in ("rotate", "backup", "recover_account", "upgrade"):
        command = load_command_class("operations", name)
        with pytest.raises(SystemExit) as stopped:
            command.handle()
        assert (stopped.value.code, ANOTHERS) == (2, capsys.readouterr().err.strip())
    assert {path.name: path.read_bytes() for path in (settings.KEYRING / "lasting").iterdir()} == before

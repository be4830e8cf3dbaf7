"""What the commands about an installation have in common."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from operations.backup import put_aside
from operations.doctor import checks
from operations.management.commands import rotate
from operations.rotation import settings_file
from operations.upgrade import local_copy
from peersupport.settings import home as home_settings

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

"""What the commands about an installation have in common."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from operations.backup import put_aside
from operations.management.commands import rotate
from operations.upgrade import local_copy

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

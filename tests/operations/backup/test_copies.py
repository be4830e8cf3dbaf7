"""What is made of a backup in a new home is another installation, beside the one that the backup is of."""

import re
from pathlib import Path

import pytest

from peersupport.sealing.installation import OF_ONE_INSTALLATION
from tests.operations.backup.test_homes import Backed, assert_is_whole
from tests.operations.home import Home
from tests.services import free_port

pytestmark = pytest.mark.sqlite_only
ROUNDS = """
import os
from operations import health, tasks
from peersupport.sealing import installation, keyring
from requests_app import tasks as request_tasks
ids = keyring.shred_ids()
for each in ids:
    os.utime(keyring._path(each), (1, 1))
for task in (tasks.destroy_orphaned_keys, request_tasks.sweep, request_tasks.renew_plane_key):
    try:
        task()
    except installation.AnotherKeyring:
        pass
print(health.report()["keyring"], bool(ids) and keyring.shred_ids() == ids)
"""


@pytest.fixture(scope="module")
def rotated(home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Backed:
    """A home with data in which every secret was replaced, and a backup of it."""
    backed = Backed(home_template, tmp_path_factory.mktemp("rotated") / "home")
    backed.set(PEERSUPPORT_KEYRING=f"{backed.folder}/keyring")
    done = backed.manage("rotate", "--all")
    assert done.returncode == 0, done.stderr
    *_, shown, _, _, _, border = done.stdout.splitlines()
    assert border.startswith("+---"), "the private half is the last that is said"
    found = re.fullmatch(r" +(AGE-SECRET-KEY-1\w+)", shown)
    assert found, done.stdout
    backed.key_file.write_text(found[1])
    backed.said = backed.manage("backup", "--to", backed.file)
    assert backed.said.returncode == 0, backed.said.stderr
    return backed


def lasting(home: Home) -> set[str]:
    return {file.name for file in (home.folder / "keyring" / "lasting").iterdir() if not file.name.startswith(".")}


def rounds(home: Home, *, keyring_of: Home) -> str:
    place = {"PEERSUPPORT_KEYRING": f"{keyring_of.folder}/keyring"}
    done = home.manage("shell", "-v", "0", "-c", ROUNDS, environment=place)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_after_every_secret_was_replaced_a_backup_comes_back_here_and_elsewhere(
    rotated: Backed, tmp_path: Path
) -> None:
    assert any(".before-" in name for name in lasting(rotated))
    copy, arguments = Home(tmp_path / "copy"), rotated.restore_arguments()
    done = copy.manage(*arguments, "--site", f"http://localhost:{free_port()}")
    assert done.returncode == 0, done.stderr
    number = len(lasting(rotated) - {*OF_ONE_INSTALLATION})
    assert f"1 uploads and {number} secrets came back.\n" in done.stdout
    assert "an installation of its own now" in done.stdout and str(rotated.folder) not in done.stdout
    assert_is_whole(copy, rotated)

    assert rounds(copy, keyring_of=rotated) == "another_keyring True"
    assert rounds(rotated, keyring_of=copy) == "another_keyring True"

    rotated.run("from peersupport.audit import actions; actions.record(action='leave_taken', by=None)")
    newer = tmp_path / "newer"
    assert rotated.manage("backup", "--to", newer).returncode == 0
    refused = copy.manage(*rotated.restore_arguments(newer))
    assert refused.returncode == 2 and "into a new, empty folder" in refused.stderr, refused.stderr

    own = tmp_path / "own"
    assert copy.manage("backup", "--to", own).returncode == 0
    assert copy.manage(*rotated.restore_arguments(own)).returncode == 0
    refused = rotated.manage(*rotated.restore_arguments(own))
    assert refused.returncode == 2 and "of another installation" in refused.stderr

    done = rotated.manage(*rotated.restore_arguments())
    assert done.returncode == 0 and "an installation of its own" not in done.stdout, done.stderr + done.stdout

"""The operator's commands on a PostgreSQL whose tables belong to another role."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.operations.home import Home
from tests.operations.setup.command import ANSWERS, Done, setup

from .separated import Separated

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
GRANT = "GRANT peersupport_owner TO peersupport"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Separated]:
    """Run on an empty database: nothing is in it yet, and the program's role may make no table."""
    try:
        with services.PostgreSQL() as server:
            made = Separated(server, tmp_path)
            made.separate()
            yield made
    except services.Missing as missing:
        pytest.skip(str(missing))


def test_what_makes_tables_asks_for_their_owner_and_all_else_does_without(empty: Separated, tmp_path: Path) -> None:
    folder, file = tmp_path / "home", tmp_path / "backup"
    refused = set_up(folder, empty)
    assert (refused.status, refused.out) == (2, "") and "grant it the owner's role" in refused.err
    empty.superuser(GRANT)
    done = set_up(folder, empty)
    assert done.status == 0, done.err
    empty.separate()

    home = Home(folder)
    backed = home.manage("backup", "--to", file)
    assert backed.returncode == 0, backed.stderr
    assert rights(home) == "well"
    (tmp_path / "key").write_text(done.private_keys[0])
    restore = ("restore", "--from", file, "--lasting", f"{file}.lasting", "--key-file", tmp_path / "key")
    asked = home.manage(*restore)
    assert (asked.returncode, asked.stdout) == (2, "") and "after the restore, run deploy/" in asked.stderr
    empty.superuser(GRANT)
    restored = home.manage(*restore)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert rights(home) == "see_to"
    empty.separate()
    assert rights(home) == "well"


def set_up(folder: Path, empty: Separated) -> Done:
    return setup(folder, **{**ANSWERS, "database": empty.server.url(empty.name, "peersupport")})


def rights(home: Home) -> str:
    """What `doctor` says of the program's role."""
    said = json.loads(home.manage("doctor", "--json", "--no-mail").stdout)
    return next(each["level"] for each in said if each["check"] == "tables")

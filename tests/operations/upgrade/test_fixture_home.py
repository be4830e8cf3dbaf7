"""A home made by each earlier version, in the middle of its year, is upgraded, and nothing in it is lost."""

import json
from pathlib import Path

import pytest

from tests.operations.make_home import ANSWER, MESSAGE, TALLIES

from .conftest import HOMES, Program, unpack

ARCHIVES = sorted(HOMES.glob("*.tar.xz"))
MOST_NOISE = 9  # what hides a counter, either way

pytestmark = pytest.mark.sqlite_only


def test_there_is_a_home() -> None:
    assert ARCHIVES, "make one: .venv/bin/python -m tests.operations.make_home"


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name)
@pytest.mark.fault(
    "Upgrade",
    "Requests are open, with their talk, and a year is half counted",
    people="nothing: the seven words still open the request",
    heals="nothing has to",
)
def test_a_home_of_an_earlier_version_is_upgraded_whole(archive: Path, program: Program, tmp_path: Path) -> None:
    home = unpack(archive, tmp_path)
    facts = json.loads((HOMES / f"{archive.name.removesuffix('.tar.xz')}.json").read_text())
    keys = {path.name for path in (home / "keyring" / "shred").iterdir()}

    (home / "installed.json").unlink()  # so that the home of this version takes every step too
    program.in_home(home, "upgrade", **facts)
    assert not (home / "before-upgrade").exists()
    assert program.home(home).sql("SELECT year FROM stats_year") == [(facts["year"],)], "the middle of its year"
    assert keys <= {path.name for path in (home / "keyring" / "shred").iterdir()}
    assert program.in_home(home, "look", **facts) == {
        "words": MESSAGE,
        "thread": [ANSWER],
        "contacts": 1,
        "has_key": 32,
        "requests": 2,
    }
    assert program.in_home(home, "verify_audit", **facts) == []

    year = program.in_home(home, "count_and_close", **facts)
    assert abs(year["before"] - TALLIES) <= MOST_NOISE
    assert year["after"] == year["before"] + 1
    assert year["low"] >= (year["after"] // 10) * 10

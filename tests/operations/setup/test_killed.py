"""Setup that is killed at one step after another, and run again each time."""

from pathlib import Path

import pytest

from peersupport.settings import home as homes
from tests.operations.setup.command import ANSWERS, SETTINGS_WRITTEN, killed_setup, refused, setup, shell

KEY_DRAWN = ("operations.backup.keys", "make", 1)
LATER_STEPS = {
    "half of the migrations": ("django.db.migrations.executor", "MigrationExecutor.apply_migration", 20),
    "tables made, program without a name": ("operations.preparation", "prepare", 1),
    "one invited, the link of another said": ("operations.setup.people", "_invite", 2),
    "all invited, none mailed": ("operations.setup.people", "invite", 1),
}
FOUND = (
    "from peersupport.team.models import Invitation, QueuedMail\n"
    "from peersupport.program.models import ProgramSettings\n"
    "print(Invitation.objects.count(), QueuedMail.objects.count(), ProgramSettings.objects.get().agency)"
)


@pytest.mark.parametrize("services", [(), ("postgresql", "redis")], ids=["files", "services"])
def test_setup_killed_at_each_step_is_finished_by_the_next(
    tmp_path: Path, services: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    home, answers = tmp_path / "home", dict(ANSWERS)
    if services:
        answers |= {
            "database": request.getfixturevalue("postgresql_url"),
            "redis": request.getfixturevalue("redis_url"),
        }
    assert killed_setup(home, KEY_DRAWN, **answers).private_keys == []
    first = killed_setup(home, SETTINGS_WRITTEN, **answers)
    secrets = homes.read(home)
    later = [killed_setup(home, step, **answers) for step in LATER_STEPS.values()]
    last = setup(home, **answers)
    assert last.status == 0, last.err
    assert homes.read(home) == secrets
    assert len(first.private_keys) == 1 and not any(done.private_keys for done in (*later, last))
    assert shell(home, FOUND) == "3 0 Example Police Department"
    mails = "".join(path.read_text() for path in (home / "mail").iterdir())
    mailed = {word for word in mails.split() if "/invitation/" in word}
    said = "".join(done.out for done in (*later, last))
    assert len(mailed) == 3 and all(link in said for link in mailed)
    assert "Example Police Department" not in refused_again(home, answers)


def refused_again(home: Path, answers: dict[str, str]) -> str:
    """Its database is in use: no second home is made over it."""
    return refused(home.parent / "second", database=answers["database"]) if "database" in answers else ""

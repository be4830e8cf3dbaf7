"""Setup that is killed at one step after another, and run again each time."""

from pathlib import Path

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


def test_setup_killed_at_each_step_is_finished_by_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert killed_setup(home, KEY_DRAWN, **ANSWERS).private_keys == []
    assert_finishes(home, ANSWERS, killed_at=list(LATER_STEPS.values()))


def test_so_it_is_with_services(tmp_path: Path, postgresql_url: str, redis_url: str) -> None:
    """Killed where their transactions and locks are others; and its database is in use: no second home is over it."""
    home, answers = tmp_path / "home", {**ANSWERS, "database": postgresql_url, "redis": redis_url}
    assert_finishes(home, answers, killed_at=[LATER_STEPS["half of the migrations"]])
    assert "Example Police Department" not in refused(tmp_path / "second", database=postgresql_url)


def assert_finishes(home: Path, answers: dict[str, str], *, killed_at: list[tuple[str, str, int]]) -> None:
    first = killed_setup(home, SETTINGS_WRITTEN, **answers)
    secrets = homes.read(home)
    later = [killed_setup(home, step, **answers) for step in killed_at]
    last = setup(home, **answers)
    assert last.status == 0, last.err
    assert homes.read(home) == secrets
    assert len(first.private_keys) == 1 and not any(done.private_keys for done in (*later, last))
    assert shell(home, FOUND) == "3 0 Example Police Department"
    mails = "".join(path.read_text() for path in (home / "mail").iterdir())
    mailed = {word for word in mails.split() if "/invitation/" in word}
    said = "".join(done.out for done in (*later, last))
    assert len(mailed) == 3 and all(link in said for link in mailed)

"""A copy of the program, which a test may change, and the home that an earlier version made."""

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from peersupport.core.release import PARTS, ROOT
from tests.operations.home import Home
from tests.operations.installation import Done

HOMES = ROOT / "tests" / "operations" / "homes"
IN_HOME = Path(__file__).with_name("in_home.py")
NEW_MIGRATION = """
{before}
from django.db import migrations


def change(apps, schema_editor):
    {change}


class Migration(migrations.Migration):
    dependencies = [("incidents", "{last}")]
    operations = [
        migrations.RunSQL("CREATE TABLE sample_of_an_upgrade (id integer)"),
        migrations.RunSQL("UPDATE team_user SET name = 'Changed by an upgrade'"),
        migrations.RunPython(change),
    ]
"""
A_MIGRATION = "0999_sample"


@dataclass
class Program:
    """A program in a folder of its own, and how to run it."""

    root: Path

    def add_migration(self, change: str = "pass", *, before: str = "") -> None:
        folder = self.root / "peersupport" / "incidents" / "migrations"
        last = max(path.stem for path in folder.glob("0*.py") if path.stem != A_MIGRATION)
        (folder / f"{A_MIGRATION}.py").write_text(NEW_MIGRATION.format(change=change, before=before, last=last))

    def remove_migration(self) -> None:
        (self.root / "peersupport" / "incidents" / "migrations" / f"{A_MIGRATION}.py").unlink(missing_ok=True)

    def home(self, folder: Path) -> Home:
        return Home(folder, root=self.root)

    def upgrade(self, home: Path, **environment: str) -> Done:
        return self.home(home).manage("upgrade", environment=environment)

    def killed_upgrade(self, home: Path, step: str) -> None:
        """Killed as soon as this function (module:name) has returned, or by a migration of its own."""
        self.home(home).killed_at(step, "upgrade")

    def in_home(self, home: Path, function: str, **facts: Any) -> Any:
        """What this function of in_home.py returns."""
        environment = {"DJANGO_SETTINGS_MODULE": "peersupport.settings.production", "PYTHONPATH": str(self.root)}
        done = self.home(home).python(IN_HOME, function, json.dumps(facts), environment=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def copied_program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    root = tmp_path_factory.mktemp("program")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, root / part)
    return Program(root)


@pytest.fixture
def program(copied_program: Program) -> Iterator[Program]:
    copied_program.remove_migration()
    yield copied_program
    copied_program.remove_migration()


def unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="fully_trusted")
    return folder / "home"


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    """Of the newest home."""
    return json.loads(newest_home().with_suffix("").with_suffix(".json").read_text())


def newest_home() -> Path:
    return max(HOMES.glob("*.tar.xz"), key=lambda path: tuple(map(int, path.name.split(".")[:3])))


@pytest.fixture(scope="session")
def current_home(copied_program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest home, brought to this version."""
    copied_program.remove_migration()
    home = unpack(newest_home(), tmp_path_factory.mktemp("current"))
    (home / "installed.json").unlink()  # as if by another version, so that static files are made too
    done = copied_program.upgrade(home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(current_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(current_home, tmp_path / "home"))


@pytest.fixture
def content() -> Callable[[Path], list[str]]:
    """Every row and every table of a home's database."""
    return lambda home: Home(home).content()

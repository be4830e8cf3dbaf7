"""An upgrade ends well or leaves no trace, whatever stops it and wherever; and what is destroyed stays destroyed."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.upgrade import local_copy
from peersupport.core.errors import Refused
from peersupport.core.release import version

from .conftest import A_MIGRATION, Program

pytestmark = pytest.mark.sqlite_only
Content = Callable[[Path], list[str]]
NO_STEP = "operations.health:is_well"  # a migration kills it
MUST_UPGRADE = "an upgrade began and did not end. Run `upgrade`: it goes back first."


def manifest(home: Path) -> str:
    return (home / "static" / "staticfiles.json").read_text()


def test_it_says_from_where_to_where_and_leaves_no_copy(program: Program, home: Path, content: Content) -> None:
    program.add_migration()
    done = program.upgrade(home)
    assert (done.returncode, done.stderr) == (0, "")
    first, second, *_, last = done.stdout.splitlines()
    assert first == f"From {version()} to {version()}, with 1 migration."
    assert second == f"  incidents.{A_MIGRATION}"
    assert last == f"Done. This home is at version {version()}, and the copy is erased."
    assert not (home / "before-upgrade").exists()
    assert "Changed by an upgrade" in "".join(content(home))

    again = program.upgrade(home)
    assert (again.returncode, again.stdout) == (0, f"Nothing to do: this home is at version {version()}.\n")


@pytest.mark.fault(
    "Upgrade",
    "A migration fails",
    people="the site stays closed until the program of before is put back; nothing is lost",
    heals="by itself: `upgrade` puts the copy of the database back",
)
def test_a_step_that_fails_takes_everything_back(program: Program, home: Path, content: Content) -> None:
    """A word of somebody in the error is not in the log."""
    before, static_files = content(home), manifest(home)
    (program.root / "static" / "css" / "new.css").write_text("a { color: red }")
    program.add_migration("raise ValueError('ana@example.org')")
    try:
        done = program.upgrade(home)
    finally:
        (program.root / "static" / "css" / "new.css").unlink()
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"The step “migrations” failed at incidents.{A_MIGRATION} (ValueError). The database is as it was before, with "
        "all that was in it; the copy is erased. Put the program of before back to go on serving."
    )
    assert '"message": "upgrade: a step failed' in done.stderr and "ValueError" in done.stderr
    assert "ana@example.org" not in done.stderr + done.stdout
    assert content(home) == before
    assert manifest(home) == static_files
    assert not (home / "before-upgrade").exists()


def test_what_fails_after_the_static_files_takes_them_back_too(program: Program, home: Path, content: Content) -> None:
    before, static_files = content(home), manifest(home)
    new, checks = program.root / "static" / "css" / "new.css", program.root / "dashboard" / "apps.py"
    as_it_was = checks.read_text()
    new.write_text("a { color: red }")
    checks.write_text(
        f"{as_it_was}\n\nfrom django.core.checks import Error, register\n"
        "register(lambda **_: [Error('a sample of what fails', id='sample.E001')])\n"
    )
    program.add_migration()
    try:
        done = program.upgrade(home)
    finally:
        new.unlink()
        checks.write_text(as_it_was)
    assert done.returncode == 2
    assert "The step “checks” failed (sample.E001)" in done.stderr
    assert (content(home), manifest(home)) == (before, static_files)


@pytest.mark.parametrize(
    ("moment", "is_killed_in_migration", "may_serve", "goes_back"),
    [
        ("operations.upgrade.sqlite_copy:save", False, "due", False),
        ("", True, MUST_UPGRADE, True),
        ("operations.upgrade.installed:record", False, MUST_UPGRADE, True),
        ("operations.erasing:_overwrite", False, "yes", False),
    ],
)
@pytest.mark.fault(
    "Upgrade",
    "Is killed at any moment",
    people="the site stays closed until the next `upgrade`",
    heals="by the operator: `upgrade` again, which goes back first",
)
def test_killed_at_any_moment_the_next_one_ends_well(
    program: Program, home: Path, content: Content,
    moment: str, is_killed_in_migration: bool, may_serve: str, goes_back: bool,
) -> None:  # fmt: skip
    before = content(home)
    program.add_migration("import os; os.kill(os.getpid(), 9)" if is_killed_in_migration else "pass")
    program.killed_upgrade(home, moment or NO_STEP)
    if is_killed_in_migration:
        program.add_migration()
    due = "the database needs 1 migration for this version. Run `upgrade` first."
    assert program.in_home(home, "may_serve") == (due if may_serve == "due" else may_serve)
    assert not [*(home / "before-upgrade").glob("making"), *(home / "before-upgrade").glob("erasing")]

    done = program.upgrade(home)
    assert done.returncode == 0, done.stderr
    assert ("Going back" in done.stdout) is goes_back
    assert not (home / "before-upgrade").exists()
    after = content(home)
    assert len(after) > len(before) and "Changed by an upgrade" in "".join(after)


def test_killed_while_it_goes_back_the_next_one_goes_back(program: Program, home: Path, content: Content) -> None:
    before = content(home)
    program.add_migration("raise ValueError")
    program.killed_upgrade(home, "operations.upgrade.sqlite_copy:put_back")
    assert (home / "before-upgrade" / "whole").is_dir()
    program.remove_migration()
    done = program.upgrade(home)
    assert done.returncode == 0 and "Going back" in done.stdout
    assert content(home) == before


def test_going_back_revives_no_destroyed_key(program: Program, home: Path, facts: dict[str, Any]) -> None:
    """Whatever ends while the copy is there has a row again, without a key; the sweep removes it."""
    program.add_migration("import os; os.kill(os.getpid(), 9)")
    program.killed_upgrade(home, NO_STEP)
    assert not [path for path in (home / "before-upgrade").rglob("*") if "shred" in path.name]
    program.remove_migration()
    keys = program.in_home(home, "close_request", **facts)

    assert program.upgrade(home).returncode == 0
    assert len(list((home / "keyring" / "shred").glob("[0-9a-f]*"))) == keys
    left = program.in_home(home, "look", **facts)
    assert (left["requests"], left["words"], left["thread"]) == (2, None, [])
    assert program.in_home(home, "sweep", **facts) == 1


def test_the_copy_is_for_this_user_alone_and_has_the_log_too(program: Program, home: Path, content: Content) -> None:
    """The write-ahead log of a server that was killed is part of the database."""
    program.add_migration()
    program.killed_upgrade(home, "operations.upgrade.local_copy:make")
    whole = home / "before-upgrade" / "whole"
    assert {path.name for path in whole.iterdir()} == {
        "database.sqlite3", "database-address", "installed.json", "staticfiles.json",
    }  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in whole.iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (whole, whole.parent)} == {0o700}
    shutil.copyfile(whole / "database.sqlite3", whole / "peersupport.sqlite3")
    assert content(whole) == content(home)


def age(home: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    for path in (home / "before-upgrade").rglob("*"):
        os.utime(path, (then, then))


def test_after_24_hours_serve_and_a_round_erase_the_copy(program: Program, home: Path, tmp_path: Path) -> None:
    program.add_migration()
    program.killed_upgrade(home, "operations.upgrade.installed:record")
    age(home, 23.9)
    assert program.in_home(home, "may_serve") == MUST_UPGRADE
    assert (home / "before-upgrade" / "whole").is_dir()
    age(home, 24.1)
    other = Path(shutil.copytree(home, tmp_path / "other"))
    assert program.in_home(home, "may_serve") == "yes"
    program.in_home(other, "run_round")
    assert not (home / "before-upgrade").exists() and not (other / "before-upgrade").exists()


@pytest.mark.fault(
    "Upgrade",
    "The program of before is put back after an upgrade",
    people="the site stays closed",
    heals="by the operator: it refuses, and names what to install",
)
def test_an_older_program_leaves_the_tables_of_a_newer_one_alone(program: Program, home: Path) -> None:
    program.add_migration()
    assert program.upgrade(home).returncode == 0
    program.remove_migration()
    done = program.upgrade(home)
    assert (done.returncode, done.stdout) == (2, "")
    sentence = f"a newer version of Peer Support has changed this database (incidents.{A_MIGRATION}). Install it here."
    assert done.stderr == f"{sentence}\n"
    assert program.in_home(home, "may_serve") == sentence


def test_the_older_program_goes_back_from_an_upgrade_that_was_killed(
    program: Program, home: Path, content: Content
) -> None:
    before = content(home)
    program.add_migration()
    program.killed_upgrade(home, "operations.upgrade.steps:_check")
    program.remove_migration()
    done = program.upgrade(home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Nothing to do: this home is at version {version()}."
    assert content(home) == before


@pytest.mark.fault(
    "Upgrade",
    "Is started while `serve` runs and people send",
    people="nothing: it refuses, and `serve` goes on",
    heals="by the operator: stop `serve` first",
)
def test_it_does_not_run_beside_serve(program: Program, home: Path) -> None:
    with (home / "serve.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = program.upgrade(home)
    assert (done.returncode, done.stderr) == (2, f"Peer Support is running in {home}. Stop it first.\n")


def test_a_keyring_that_is_not_mounted_is_not_made_anew(program: Program, home: Path, content: Content) -> None:
    program.add_migration()
    before = content(home)
    (home / "keyring" / "shred").rename(home / "elsewhere")
    done = program.upgrade(home)
    assert done.returncode == 2
    assert done.stderr == "the keyring can't be read (is its volume mounted?); nothing was changed.\n"
    assert not (home / "keyring" / "shred").exists()
    assert content(home) == before


def test_a_damaged_database_is_not_touched(program: Program, home: Path) -> None:
    program.add_migration()
    file = home / "peersupport.sqlite3"
    pages = bytearray(file.read_bytes())
    pages[-4096:] = b"\xff" * 4096
    file.write_bytes(pages)
    done = program.upgrade(home)
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert not (home / "before-upgrade").exists()
    assert file.read_bytes()[-4096:] == b"\xff" * 4096


@pytest.mark.django_db
def test_a_copy_that_does_not_fit_is_refused_before_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(Refused, match=r"the copy of the database needs \d+ MB in .*, and 0 are free. Make room first."):
        local_copy.make(tmp_path)
    assert list(tmp_path.iterdir()) == []

"""Setup that asks, at a terminal and through a pipe."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from peersupport.settings import home as homes
from tests.operations.installation import ROOT, clean_environment
from tests.operations.setup.command import (
    ANSWERS,
    PEOPLE,
    SETTINGS_WRITTEN,
    SITE,
    Done,
    killed_setup,
    manage,
)
from tests.services import wait_until


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def killed_setup_that_asks(home: Path, *lines: str) -> Done:
    """Killed when the settings are written: what comes then is asked for in another test."""
    return killed_setup(home, SETTINGS_WRITTEN, typed=typed(*lines))


def test_questions_at_a_pipe_take_defaults_and_ask_again_after_a_wrong_answer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = killed_setup_that_asks(
        home,
        "peer.example.org", SITE, "", "", "", "", "America/New_York", ANSWERS["agency"], "",
        PEOPLE["operator"], "Sam Rivera <sam@example.org>", PEOPLE["coordinator"], PEOPLE["director"],
    )  # fmt: skip
    assert "That doesn't work: an address looks like https://peer.example.org" in done.out
    assert "That doesn't work: the operator, who runs the server, can't be the coordinator too." in done.out
    settings = homes.read(home)
    assert settings["PEERSUPPORT_TIME_ZONE"] == "America/New_York"
    assert settings["PEERSUPPORT_EMAIL_URL"] == "files" and "PEERSUPPORT_DATABASE_URL" not in settings


def test_input_that_ends_leaves_nothing(tmp_path: Path) -> None:
    done = manage("setup", "--home", str(tmp_path / "home"), typed=typed(SITE))
    assert done.status == 2 and done.err.count("\n") == 1 and "the input ended at --database" in done.err
    assert not (tmp_path / "home").exists()


def test_control_c_at_a_terminal_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "setup", "--home", str(home)], cwd=ROOT, env=clean_environment(),
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # As at a terminal, even where these tests run in the background of a shell, which ignores it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    shown = b""

    def shows(words: bytes) -> bool:
        nonlocal shown
        shown += os.read(ours, 4096)
        return words in shown

    assert wait_until(lambda: shows(b"At which address"), seconds=20)
    os.write(ours, f"{SITE}\n".encode())
    assert wait_until(lambda: shows(b"Which PostgreSQL"), seconds=20)
    # Once more if need be: one that comes while Python goes from printing to reading is heard later.
    assert wait_until(lambda: process.send_signal(signal.SIGINT) or process.poll() is not None, seconds=20, every=3)
    __, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (2, "Stopped. Nothing was made.")
    assert not home.exists()


def test_second_run_asks_only_what_the_first_was_not_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    killed_setup(home, SETTINGS_WRITTEN, **ANSWERS)
    done = manage(
        "setup", "--home", str(home), "--agency", ANSWERS["agency"], "--program", ANSWERS["program"],
        typed=typed(*PEOPLE.values()),
    )  # fmt: skip
    assert done.status == 0, done.err
    assert len(done.links) == 3 and "At which address" not in done.out and "Which agency" not in done.out

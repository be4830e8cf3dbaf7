"""What a process keeps of `lasting/`: only what is still so, whoever changed it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from peersupport.sealing import keyring

CHANGES: list[Callable[[], object]] = [
    lambda: keyring.renew_lasting("receipt"),
    lambda: keyring.replace_lasting("receipt", b"r" * 32),
    lambda: keyring.drop_earlier("receipt", keyring.earlier("receipt")[0]),
    lambda: keyring.lasting("draw"),
]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch, own_keyring: Path) -> Path:
    """The folder, which counts as unchanged from the first moment; so what is read is kept."""
    monkeypatch.setattr(keyring, "SETTLED_SECONDS", -1)
    keyring.lasting("receipt")
    keyring.renew_lasting("receipt")
    time.sleep(0.02)  # the clock of the file system ticks on
    keyring.known("receipt")
    return own_keyring / "lasting"


def read_anew() -> dict[str, object]:
    keyring._kept = None
    return known()


def known() -> dict[str, object]:
    return {name: keyring.known(name) for name in ("receipt", "draw") if keyring.has_lasting(name)} | {
        "earlier": keyring.earlier("receipt")
    }


def test_what_is_unchanged_is_read_once(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = known()
    monkeypatch.setattr(keyring, "_read", lambda path: pytest.fail(f"read {path}"))
    assert known() == before


@pytest.mark.parametrize("change", CHANGES, ids=["renewed", "replaced", "dropped", "made"])
def test_a_change_is_seen_at_once(settled: Path, change: Callable[[], object]) -> None:
    before = known()
    change()
    assert known() == read_anew() != before


def test_what_another_process_renews_is_seen_at_once(settled: Path) -> None:
    before = keyring.known("receipt")
    renew = "from peersupport.sealing import keyring; keyring.renew_lasting('receipt')"
    code = f"from django.conf import settings; settings.configure(KEYRING={str(settled.parent)!r}); {renew}"
    subprocess.run([sys.executable, "-c", code], check=True)
    current, *earlier = keyring.known("receipt")
    assert set(earlier) == set(before) and current not in before


def test_what_was_changed_a_moment_ago_is_not_kept(own_keyring: Path) -> None:
    """Two changes at one tick of the clock give the folder the same time."""
    keyring.lasting("receipt")
    keyring.known("receipt")
    assert keyring._kept is None
    long_ago = own_keyring / "lasting" / "receipt"
    long_ago.write_bytes(b"x" * 32)  # in place, which no change time of the folder tells
    assert keyring.lasting("receipt") == b"x" * 32


def test_a_folder_that_is_gone_is_unavailable_and_nothing_is_answered_from_memory(settled: Path) -> None:
    settled.rename(settled.parent / "elsewhere")
    for ask in (keyring.lasting, keyring.known, keyring.earlier, keyring.has_lasting):
        with pytest.raises(keyring.KeyringUnavailable):
            ask("receipt")
    settled.mkdir()  # a mount point whose volume isn't there
    for ask in (keyring.lasting, keyring.known, keyring.earlier, keyring.has_lasting):
        with pytest.raises(keyring.KeyringUnavailable):
            ask("receipt")
    assert not list(settled.iterdir())


def test_a_dropped_secret_is_not_in_memory_after_the_next_look(settled: Path) -> None:
    (dropped,) = keyring.earlier("receipt")
    keyring.drop_earlier("receipt", dropped)
    keyring.known("receipt")
    assert keyring._kept is not None and dropped.secret not in keyring._kept.read.values()


class _WithoutChangeTime:
    """What `stat` says where the file system has no change time of its own, such as one over SFTP."""

    def __init__(self, found: os.stat_result) -> None:
        self._found = found

    def __getattr__(self, name: str) -> object:
        return getattr(self._found, name.replace("st_ctime", "st_mtime"))


def test_without_a_change_time_of_its_own_nothing_is_kept(own_keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other time is rounded to the half hour."""
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **options: _WithoutChangeTime(stat(path, **options)))
    first = keyring.lasting("receipt")
    assert keyring._kept is None
    keyring.renew_lasting("receipt")
    assert keyring.known("receipt")[1:] == (first,)

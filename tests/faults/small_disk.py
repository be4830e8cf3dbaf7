"""A small disk that can really be full: a file system in memory, mounted at a folder for as long as it is used."""

import contextlib
import errno
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services

BALLAST = "ballast"
BLOCK = b"\0" * 4096


class SmallDisk:
    """Mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte is free, and afterwards there is as much room as before."""
        self.fill()
        try:
            yield
        finally:
            (self.folder / BALLAST).unlink()

    def fill(self) -> None:
        """Also what was freed since the last time."""
        with (self.folder / BALLAST).open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(BLOCK)
            except OSError as error:
                assert error.errno == errno.ENOSPC

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.rglob("*") if path.is_file()}


@contextlib.contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[SmallDisk]:
    """Mounted over the folder, with all that the folder had in it. Skips the test where nobody may mount anything."""
    there = folder.with_name(f"{folder.name}-there")
    if folder.exists():
        folder.rename(there)
    folder.mkdir(mode=0o700)
    options = f"size={kilobytes}k,mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"{services.NEEDS_MOUNT}: {done.stderr.strip()}")
    try:
        if there.exists():
            shutil.copytree(there, folder, dirs_exist_ok=True)
        yield SmallDisk(folder)
    finally:
        # Lazily: whatever is still open in it, nothing stays mounted.
        subprocess.run(["umount", "--lazy", folder], check=True)

"""A home around the test's database, backed up and restored by the commands' own functions."""

import os
import tarfile
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pyrage import x25519

from operations.backup import keys, opening, pair, restoring, taking
from peersupport.settings import home as home_settings


def members_of(file: Path, private: str) -> dict[str, bytes]:
    """What is in a file of a backup, as anybody with the key could open it."""
    plain = pyrage.decrypt(file.read_bytes(), [x25519.Identity.from_str(private)])
    with tarfile.open(fileobj=BytesIO(plain)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}


@dataclass(frozen=True)
class Home:
    folder: Path
    private: str

    @property
    def file(self) -> Path:
        return self.folder.parent / "backup"

    @property
    def source(self) -> opening.Source:
        return opening.Source(self.file, pair.lasting_of(self.file), x25519.Identity.from_str(self.private))

    def take(self) -> taking.Taken:
        return taking.take(self.folder, self.file)

    def restore(self, **other: Any) -> restoring.Restored:
        return restoring.restore(self.folder, replace(self.source, **other))

    def opened(self, file: Path) -> dict[str, bytes]:
        return members_of(file, self.private)


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    private, public = keys.make()
    for name in [name for name in os.environ if name.startswith("PEERSUPPORT")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(home_settings.VARIABLE, str(folder))
    home_settings.write(folder, {keys.VARIABLE: public, "PEERSUPPORT_SECRET_KEY": "a secret of the settings"})
    settings.HOME = folder
    return Home(folder, private)

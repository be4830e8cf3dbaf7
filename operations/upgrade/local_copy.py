"""The local copy of the whole database that an upgrade goes back to: one folder, whose name says what it is good for.

making/  the copy is being made, and nothing else has happened: it can go
whole/   the upgrade has begun and not ended: it is gone back to
erasing/ the upgrade has ended, or was gone back from: it only has to go
Each becomes the next by one rename. Nothing of the keyring is ever in it.
"""

import contextlib
import shutil
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection, connections

from operations import disk, erasing
from peersupport.core import whole_file
from peersupport.core.errors import Refused

from . import installed, postgresql_copy, sqlite_copy

FOLDER = "before-upgrade"
MAKING, WHOLE, ERASING = "making", "whole", "erasing"
KEPT_FOR = timedelta(hours=24)
BESIDE = "database-address"


def is_there(home: Path) -> bool:
    """Whether an upgrade began and did not end."""
    return (home / FOLDER / WHOLE).is_dir()


def refuse_unfinished(home: Path) -> None:
    """Raise Refused where going back would take away what is done now, and leave what is done to the keyring."""
    if is_there(home):
        raise Refused("an upgrade began and did not end. Run `upgrade`: it goes back first.")


def make(home: Path) -> int:
    """Copy the database. Returns the copy's size in bytes. Raises Refused where it doesn't fit or can't be made."""
    kind, folder = _kind(), home / FOLDER
    kind.check_possible()
    disk.check_room(home, kind.room_needed(), what="the copy of the database")
    making = folder / MAKING
    making.mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)
    connections.close_all()
    kind.save(making)
    for name, file in _small_files(home).items():
        if file.is_file():
            shutil.copyfile(file, making / name)
    (making / BESIDE).write_text(_address())
    size = 0
    for path in making.iterdir():
        path.chmod(0o600)
        size += path.stat().st_size
        whole_file.sync(path)
    _rename(making, folder / WHOLE)
    return size


def put_back(home: Path) -> None:
    """Go back to the copy. Harmless to do again. Raises Refused where it is of another database."""
    whole = home / FOLDER / WHOLE
    if (whole / BESIDE).read_text() != _address():
        raise Refused(f"the copy in {whole} is not of the database that PEERSUPPORT_DATABASE_URL names.")
    connections.close_all()
    _kind().put_back(whole)
    for name, file in _small_files(home).items():
        if (whole / name).is_file():
            shutil.copyfile(whole / name, file)
        else:
            file.unlink(missing_ok=True)


def erase(home: Path) -> None:
    """Erase whatever there is of a copy."""
    folder = home / FOLDER
    whole, to_erase = folder / WHOLE, folder / ERASING
    erasing.empty(to_erase)
    if whole.is_dir():
        _rename(whole, to_erase)
    erasing.empty(folder / MAKING)
    erasing.empty(to_erase)
    if folder.is_dir():
        with contextlib.suppress(OSError):  # something of somebody else's is in it
            folder.rmdir()
        whole_file.sync(home)


def erase_leftovers(home: Path) -> None:
    """Erase what is no copy to go back to: one that was not finished, and one that was being erased."""
    if not is_there(home):
        erase(home)


def erase_expired(home: Path) -> bool:
    """Erase a copy of 24 hours or more. Returns whether there was one."""
    newest = max((path.stat().st_mtime for path in (home / FOLDER).glob("*/*")), default=None)
    is_expired = newest is not None and newest <= time.time() - KEPT_FOR.total_seconds()
    if is_expired:
        erase(home)
    return is_expired


def _kind() -> ModuleType:
    return sqlite_copy if connection.vendor == "sqlite" else postgresql_copy


def _small_files(home: Path) -> dict[str, Path]:
    """What has to fit the tables: which static file is the current one of its name, and which program this is.

    The static files themselves stay side by side, each under the hash of its content.
    """
    return {
        "staticfiles.json": Path(str(settings.STATIC_ROOT)) / "staticfiles.json",
        installed.FILE: home / installed.FILE,
    }


def _address() -> str:
    """Which database it is, without its password."""
    return " ".join(str(connection.settings_dict[part]) for part in ("ENGINE", "HOST", "PORT", "NAME"))


def _rename(folder: Path, new: Path) -> None:
    whole_file.sync(folder)
    folder.rename(new)
    whole_file.sync(new.parent)
    whole_file.sync(new.parent.parent)

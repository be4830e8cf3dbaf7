"""Modes and owners of what must be private, and what each folder lies on."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from peersupport.sealing.keyring import FOLDER_MARKER

from ..domain.places import Owned, Room, Volume, parse_mounts, volume_of

MAX_LISTED = 200
DEVICES = Path("/sys/dev/block")


def home() -> Path:
    """The home; without one, what the keyring lies in."""
    return Path(settings.HOME or Path(settings.KEYRING).parent)


def database_file() -> Path | None:
    """None where the database is a server."""
    return Path(str(settings.DATABASES["default"]["NAME"])) if connection.vendor == "sqlite" else None


def is_database_damaged() -> bool:
    """Whether the database is a file that SQLite finds damaged. Reads all of it, and changes nothing."""
    file = database_file()
    if file is None or not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",)
    except sqlite3.OperationalError:  # locked, or not to be opened
        return False
    except sqlite3.DatabaseError:
        return True


def private_files() -> list[Owned]:
    """Everything that only the program's own user may read, as far as this user sees it."""
    return [owned for path in _private_paths() if (owned := _owned(path)) is not None]


def is_shred_there() -> bool:
    """Whether its volume is mounted. What is said of a bare mount point would be done to the wrong folder."""
    return (Path(settings.KEYRING) / "shred" / FOLDER_MARKER).exists()


def _private_paths() -> Iterator[Path]:
    if settings.HOME:
        yield settings.HOME
        yield from (settings.HOME / "settings.env", settings.HOME / "mail")
    keyring = Path(settings.KEYRING)
    folders = [keyring / "lasting", *([keyring / "shred"] if is_shred_there() else [])]
    yield from (keyring, *folders, Path(settings.PRIVATE_FILES))
    for folder in folders:
        yield from sorted(folder.glob("*"))[:MAX_LISTED]
    if file := database_file():
        yield from (file, Path(f"{file}-wal"), Path(f"{file}-shm"))


def _owned(path: Path) -> Owned | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return Owned(str(path), stat.S_IMODE(found.st_mode), found.st_uid, stat.S_ISDIR(found.st_mode))


def owner() -> int:
    """The user that the home belongs to. `serve` runs as this one, whoever runs the doctor."""
    return home().stat().st_uid


def mounts() -> list[Volume]:
    """Empty where the system doesn't tell."""
    file = Path("/proc/self/mountinfo")
    return parse_mounts(file.read_text()) if file.exists() else []


def volume(path: Path) -> Volume | None:
    found = volume_of(str(path.resolve()), mounts())
    if found is None:
        return None
    device = _device(found)
    options = found.options | _mount_options(device, found.type)
    return Volume(found.mount, found.device, found.type, found.source, options, tuple(mapper_ids(device)))


def _device(volume: Volume) -> str:
    """btrfs has a number of its own; its source is the device."""
    if not volume.device.startswith("0:"):
        return volume.device
    try:
        number = Path(volume.source).stat().st_rdev
    except OSError:
        return volume.device
    return f"{os.major(number)}:{os.minor(number)}"


def _mount_options(device: str, file_system: str) -> frozenset[str]:
    """Those that hold though nobody named them, which ext4 alone tells."""
    try:
        name = (DEVICES / device).resolve().name
        return frozenset(Path(f"/proc/fs/{file_system}/{name}/options").read_text().split())
    except OSError:
        return frozenset()


def mapper_ids(device: str) -> list[str]:
    """What the device mapper calls this device and all those that it lies on."""
    folder = DEVICES / device
    found = []
    if (folder / "dm" / "uuid").exists():
        found.append((folder / "dm" / "uuid").read_text().strip())
    for below in sorted((folder / "slaves").glob("*")):
        found += mapper_ids((below / "dev").read_text().strip())
    return found


def rooms() -> list[Room]:
    """One for each volume that something of this installation lies on."""
    places = [home(), Path(settings.KEYRING) / "lasting", Path(settings.KEYRING) / "shred"]
    places += [Path(settings.PRIVATE_FILES), *([file.parent] if (file := database_file()) else [])]
    by_device = {place.stat().st_dev: place for place in reversed(places) if place.exists()}
    return [_room(place) for place in by_device.values()]


def _room(place: Path) -> Room:
    found = os.statvfs(place)
    return Room(
        str(place), found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, found.f_favail, found.f_files
    )

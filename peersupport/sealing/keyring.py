"""The keyring: keys as files, outside the database.

`lasting/` holds the site's long-lived secrets. `shred/` holds keys that are made to be destroyed: one for
each open request, the plane key, the open year's key. The process keeps nothing: a destroyed key is gone.

Each folder bears a mark. Where the mark is missing the folder is away (a volume that is not mounted, a restore that is
not done), and nothing is made, read, or taken for destroyed.
"""

import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
HALF_HOUR_SECONDS = 1800
DYING = ".dying"
MARK = ".keyring"
FOLDERS = ("lasting", "shred")

_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class KeyMissing(Exception):
    """There is no such key, or no longer."""


class KeyringAway(OSError):
    """A folder of the keyring is not there: whether a key was destroyed cannot be said."""


def prepare() -> None:
    """Make the two folders and mark them, once for an installation. What is there stays."""
    keyring = Path(settings.KEYRING)
    keyring.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (keyring / name).mkdir(mode=0o700, exist_ok=True)
        (keyring / name / MARK).touch(mode=0o600)
        _sync(keyring / name)
    _sync(keyring)
    _sync(keyring.parent)


def create() -> str:
    """A new shred key: its id, once key and name are on the disk."""
    key_id = secrets.token_hex(16)
    path = _shred() / key_id
    # No passing name: nobody knows the id yet, and what a crash leaves is swept as a key without a row.
    _write_new(path, secrets.token_bytes(KEY_BYTES))
    _sync_folder(path.parent)
    return key_id


def get(key_id: str) -> bytes:
    """The key. Raises KeyMissing also for what is no key id, and KeyringAway."""
    if not _ID.fullmatch(key_id):
        raise KeyMissing
    path = _shred() / key_id
    key = _read(path)
    # Destroying takes the name away first: while it stands, what was read is the key and not its overwriting.
    if len(key) != KEY_BYTES or not _is_there(path):
        _shred()  # once more: a volume that went away a moment ago is no missing key
        raise KeyMissing
    return key


def destroy(key_id: str) -> None:
    """Overwrite the key and remove it, on the disk, before returning. Raises OSError; twice is harmless."""
    path = _path(key_id)
    dying = path.with_name(key_id + DYING)
    _move_if_there(path, dying)
    if _is_there(dying):
        _overwrite_if_there(dying)
        dying.unlink(missing_ok=True)
    # Even if nothing was there: another process may have removed the name and not yet reached the disk.
    _sync_folder(_shred())


def is_destroyed(key_id: str) -> bool:
    """Whether no file of this key is left: only then may "erased" be said."""
    path = _path(key_id)
    is_gone = not _is_there(path) and not _is_there(path.with_name(key_id + DYING))
    return is_gone and _shred() == path.parent  # raises when the volume has gone away meanwhile


def is_key_id(key_id: str) -> bool:
    """Whether this can be the id of a shred key at all."""
    return _ID.fullmatch(key_id) is not None


def lasting(name: str) -> bytes:
    """The long-lived secret of this name, made at its first use. All processes get the same."""
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a lasting secret")
    path = _folder("lasting") / name
    try:
        return _read_lasting(path)
    except KeyMissing:
        _make_lasting(path)
        return _read_lasting(path)


def shred_ids() -> list[str]:
    """The ids of all shred keys on the disk, those half destroyed included."""
    names = (path.name.removesuffix(DYING) for path in _shred().iterdir())
    return sorted({name for name in names if _ID.fullmatch(name)})


def shred_ids_made_before(seconds: float) -> list[str]:
    """The ids of shred keys whose file, dated by its half hour, is older than this (epoch seconds)."""
    return [key_id for key_id in shred_ids() if _time_of(key_id) < seconds]


def _time_of(key_id: str) -> float:
    path = _path(key_id)
    for candidate in (path, path.with_name(key_id + DYING)):
        try:
            return candidate.stat().st_mtime
        except FileNotFoundError:
            continue
    return float("inf")


def _is_there(path: Path) -> bool:
    """Unlike Path.exists, an error is no "no": a folder that cannot be read must not count as erased."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _path(key_id: str) -> Path:
    if not _ID.fullmatch(key_id):
        raise ValueError("not a key id")
    return _shred() / key_id


def _shred() -> Path:
    return _folder("shred")


def _folder(name: str) -> Path:
    folder = Path(settings.KEYRING) / name
    if not _is_there(folder / MARK):
        raise KeyringAway(f"The keyring's folder {name} is not there.")
    return folder


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, data)
        os.utime(descriptor, (_half_hour(), _half_hour()))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    # Reading must not write down when the key was last used.
    flags = os.O_RDONLY | getattr(os, "O_NOATIME", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        _folder(path.parent.name)
        raise KeyMissing from None
    try:
        return os.read(descriptor, KEY_BYTES + 1)
    finally:
        os.close(descriptor)


def _overwrite_if_there(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move_if_there(path: Path, target: Path) -> None:
    try:
        path.rename(target)
    except FileNotFoundError:
        return


def _make_lasting(path: Path) -> None:
    """Written whole under a passing name, then linked: the first process to link decides for all."""
    passing = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    _write_new(passing, secrets.token_bytes(KEY_BYTES))
    try:
        os.link(passing, path)
    except FileExistsError:
        pass
    finally:
        passing.unlink()
    _sync_folder(path.parent)


def _read_lasting(path: Path) -> bytes:
    secret = _read(path)
    if len(secret) != KEY_BYTES:
        raise RuntimeError(f"The lasting secret {path.name} is damaged: restore it from its backup.")
    return secret


def _sync_folder(folder: Path) -> None:
    """The folder's names are on the disk; its own time tells the half hour only."""
    os.utime(folder, (_half_hour(), _half_hour()))
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _half_hour() -> int:
    return int(time.time()) // HALF_HOUR_SECONDS * HALF_HOUR_SECONDS

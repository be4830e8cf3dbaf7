"""The keyring: keys as files, outside the database.

`lasting/` has the site's long-lived secrets, and beside one that was renewed those before it, in files that bear the
half hour in which they were replaced. `shred/` has keys that are made to be destroyed: one for each open
request, the plane key, the open year's key. The process caches none of these: a destroyed key is gone. It keeps what it
has read of `lasting/` for as long as nothing in that folder changes (docs/decisions/0786-lasting-secrets-in-memory.md).

Each folder contains a marker file. Without it the folder is unavailable (its volume isn't mounted, a restore isn't
finished), and nothing is created, read, or reported as destroyed.
"""

import contextlib
import fcntl
import os
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from peersupport.core import whole_file

KEY_BYTES = 32
HALF_HOUR_SECONDS = 1800
SETTLED_SECONDS = 2
LEFT_AFTER_SECONDS = 3 * HALF_HOUR_SECONDS
DYING = ".dying"
FOLDER_MARKER = ".keyring"
FOLDERS = ("lasting", "shred")
# A lasting secret that is there once nothing of format 1 is accepted any more (requests_app/format_1.py).
FORMAT_1_IS_OVER = "format-1-is-over"

_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_EARLIER = re.compile(r"(?P<name>[a-z][a-z0-9_-]{0,62})\.before-(?P<half_hour>\d+)(\.\d+)?")
# As `_temporary` and `whole_file` name them.
_TEMPORARY = re.compile(r"\.[a-z][a-z0-9_-]{0,62}(\.before-\d+(\.\d+)?)?\.([0-9a-f]{16}|\d+\.new)")


class KeyMissing(Exception):
    """There is no such key, or it was destroyed."""


class KeyringUnavailable(OSError):
    """A folder of the keyring isn't there, so nobody can say whether a key was destroyed."""


@dataclass(frozen=True)
class Earlier:
    """A lasting secret that was replaced. replaced_at: the start of the half hour in which it was (epoch seconds)."""

    secret: bytes = field(repr=False)
    replaced_at: int
    file: str


def prepare() -> None:
    """Create the two folders and their markers, once for an installation. Existing files stay."""
    keyring = Path(settings.KEYRING)
    is_new = not _is_there(keyring / "lasting" / FOLDER_MARKER)
    keyring.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (keyring / name).mkdir(mode=0o700, exist_ok=True)
        (keyring / name / FOLDER_MARKER).touch(mode=0o600)
        whole_file.sync(keyring / name)
    whole_file.sync(keyring)
    whole_file.sync(keyring.parent)
    if is_new:
        lasting(FORMAT_1_IS_OVER)


def create() -> str:
    """Create a shred key; returns its id, 32 hex digits, once the key and its name are on the disk."""
    key_id = secrets.token_hex(16)
    path = _shred_folder() / key_id
    # No temporary name needed: nobody knows the id yet, and after a crash the sweep finds a key without a row.
    _write_new(path, secrets.token_bytes(KEY_BYTES))
    _sync_folder(path.parent)
    return key_id


def get(key_id: str) -> bytes:
    """The key, 32 bytes. Raises KeyMissing, also for what is no key id, and KeyringUnavailable."""
    if not _ID.fullmatch(key_id):
        raise KeyMissing
    path = _shred_folder() / key_id
    key = _read(path)
    # destroy() renames the file first: while it has its name, what was read is the key and not its overwriting.
    if len(key) != KEY_BYTES or not _is_there(path):
        _shred_folder()  # check again: a volume that was unmounted just now is not a missing key
        raise KeyMissing
    return key


def destroy(key_id: str) -> None:
    """Overwrite and remove the key, on the disk, before returning. Raises OSError. Harmless if it is already gone.

    What is no key id, such as a damaged one, has no key: that counts as gone here and in is_destroyed.
    """
    if not is_key_id(key_id):
        return
    path = _path(key_id)
    dying = path.with_name(key_id + DYING)
    _move_if_there(path, dying)
    if _is_there(dying):
        _overwrite_if_there(dying)
        dying.unlink(missing_ok=True)
    # Even if nothing was there: another process may have removed the name without having synced yet.
    _sync_folder(_shred_folder())


def is_destroyed(key_id: str) -> bool:
    """Whether no file of this key is left; only then may anything be called erased. Raises KeyringUnavailable."""
    if not is_key_id(key_id):
        return _shred_folder().is_dir()
    path = _path(key_id)
    is_gone = not _is_there(path) and not _is_there(path.with_name(key_id + DYING))
    return is_gone and _shred_folder() == path.parent  # raises if the volume was unmounted in between


def is_key_id(key_id: str) -> bool:
    """Whether this has the form of a shred key's id."""
    return _ID.fullmatch(key_id) is not None


def lasting(name: str, *, first: bytes = b"") -> bytes:
    """The long-lived secret of this name, 32 bytes, created on first use. All processes get the same.

    first: what it is created as, if not a random one. Raises ValueError for a bad name, RuntimeError for a damaged
    file, and KeyringUnavailable.
    """
    copy = _lasting_copy(name)
    if name not in copy.files:
        _make_lasting(_lasting_path(name), first or secrets.token_bytes(KEY_BYTES))
        copy = _lasting_copy(name)
    return copy.secret(name)


def has_lasting(name: str) -> bool:
    """Whether there is a long-lived secret of this name. Raises KeyringUnavailable."""
    return name in _lasting_copy(name).files


def replace_lasting(name: str, secret: bytes) -> None:
    """Put another secret in the place of the one of this name. Raises as `lasting`."""
    path = _lasting_path(name)
    temporary = _temporary(path)
    _write_new(temporary, secret)
    temporary.replace(path)
    _sync_folder(path.parent)


def known(name: str) -> tuple[bytes, ...]:
    """The lasting secret of this name, which seals and signs, then those before it, which still open and verify.

    Raises as `lasting`.
    """
    copy = _lasting_copy(name)
    if name not in copy.known:
        copy.known[name] = _read_known(name)
    return copy.known[name]


def earlier(name: str) -> list[Earlier]:
    """The secrets before the one of this name, the latest first. Raises as `lasting`."""
    copy = _lasting_copy(name)
    found = []
    for file, half_hour in copy.replaced.get(name, ()):
        # KeyMissing: another process has dropped it since the folder was read.
        with contextlib.suppress(KeyMissing):
            found.append(Earlier(copy.secret(file), half_hour, file))
    return sorted(found, key=lambda each: (each.replaced_at, each.file), reverse=True)


def renew_lasting(name: str) -> None:
    """Put a new random secret in the place of the one of this name, which stays beside it as an earlier one.

    Killed at any point, it has happened or it has not. Raises as `lasting`.
    """
    global _kept
    path = _lasting_path(name)
    with _renewing(path.parent):
        _kept = None
        secret = lasting(name)
        before = {each.secret for each in earlier(name)}
        number = 0
        while secret not in before:
            end = f".{number}" if number else ""
            # A copy and not a link: whoever overwrites the earlier one must never overwrite the current one.
            _make_lasting(path.with_name(f"{name}.before-{_half_hour()}{end}"), secret)
            before, number = {each.secret for each in earlier(name)}, number + 1
        replace_lasting(name, secrets.token_bytes(KEY_BYTES))


def drop_earlier(name: str, each: Earlier) -> None:
    """Overwrite and remove an earlier secret, on the disk, before returning. Harmless if it is already gone."""
    path = _lasting_path(name).with_name(each.file)
    _overwrite_if_there(path)
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def remove_leftovers(*, now: float) -> None:
    """Overwrite and remove what a process that was killed has left of a lasting secret under a temporary name.

    now: epoch seconds. Nothing that may still be in use: files are dated to the half hour.
    """
    folder, is_changed = _folder("lasting"), False
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            if _TEMPORARY.fullmatch(path.name) and path.lstat().st_mtime < now - LEFT_AFTER_SECONDS:
                _overwrite_if_there(path)
                path.unlink()
                is_changed = True
    if is_changed:
        _sync_folder(folder)


def shred_ids() -> list[str]:
    """The ids of all shred keys on the disk, including half-destroyed ones."""
    names = (path.name.removesuffix(DYING) for path in _shred_folder().iterdir())
    return sorted({name for name in names if _ID.fullmatch(name)})


def not_whole(key_ids: Collection[str]) -> frozenset[str]:
    """Those of these ids whose shred key isn't on the disk, or half destroyed. Raises KeyringUnavailable."""
    return frozenset(key_ids).difference(os.listdir(_shred_folder()))  # noqa: PTH208  # of thousands


def shred_ids_made_before(seconds: float) -> list[str]:
    """The ids of shred keys whose files, dated to the half hour, are older than this (epoch seconds)."""
    return [key_id for key_id in shred_ids() if made_at(key_id) < seconds]


def made_at(key_id: str) -> float:
    """When a shred key was made, to the half hour (epoch seconds); infinity if it is gone."""
    if not is_key_id(key_id):
        return float("inf")
    path = _path(key_id)
    for candidate in (path, path.with_name(key_id + DYING)):
        try:
            return candidate.stat().st_mtime
        except FileNotFoundError:
            continue
    return float("inf")


def _is_there(path: Path) -> bool:
    """Unlike Path.exists(), raises on any other error: an unreadable folder must not count as erased."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _path(key_id: str) -> Path:
    if not _ID.fullmatch(key_id):
        raise ValueError("not a key id")
    return _shred_folder() / key_id


def _shred_folder() -> Path:
    return _folder("shred")


def _folder(name: str) -> Path:
    folder, marker = _folder_and_marker(str(settings.KEYRING), name)
    if not _is_there(marker):
        raise KeyringUnavailable(f"missing folder: {name}")
    return folder


@lru_cache(maxsize=2 * len(FOLDERS))
def _folder_and_marker(keyring: str, name: str) -> tuple[Path, Path]:
    """Their paths alone; whether they are there is asked each time."""
    return Path(keyring, name), Path(keyring, name, FOLDER_MARKER)


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with whole_file.removed_unless_whole(path):
        try:
            os.write(descriptor, data)
            os.utime(descriptor, (_half_hour(), _half_hour()))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(path: Path) -> bytes:
    # Reading must leave no record of when the key was last used.
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


def _lasting_path(name: str) -> Path:
    return _path_in(str(_folder("lasting")), name)


@lru_cache(maxsize=64)
def _path_in(folder: str, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a lasting secret")
    return Path(folder, name)


@dataclass(frozen=True)
class _Lasting:
    """The folder `lasting/` as it was read. state: what tells whether anything in it has changed.

    replaced: by name, the files of the secrets before it, and when each was replaced.
    """

    folder: Path
    state: tuple[int, ...]
    files: frozenset[str]
    replaced: Mapping[str, Sequence[tuple[str, int]]]
    read: dict[str, bytes] = field(default_factory=dict, repr=False)
    known: dict[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    def secret(self, file: str) -> bytes:
        """Raises KeyMissing, and RuntimeError for a damaged file."""
        if file not in self.read:
            self.read[file] = _read_lasting(self.folder / file)
        return self.read[file]


_kept: _Lasting | None = None


def _read_known(name: str) -> tuple[bytes, ...]:
    while True:
        current = lasting(name)
        before = [each.secret for each in earlier(name)]
        # Renewed in between: the list may lack the one that was read.
        if lasting(name) == current:
            return tuple(dict.fromkeys([current, *before]))


def _lasting_copy(name: str) -> _Lasting:
    """The folder as it is now. Raises ValueError for a bad name, and KeyringUnavailable.

    What was changed a moment ago is read anew each time: a clock that ticks every few milliseconds gives the change
    after it the same time. And so is all of it where the file system has no change time of its own: the other time is
    rounded here.
    """
    global _kept
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a lasting secret")
    (folder, _), now = _folder_and_marker(str(settings.KEYRING), "lasting"), time.time()
    try:
        found = folder.stat()
    except FileNotFoundError:
        raise KeyringUnavailable("missing folder: lasting") from None
    copy, state = _kept, (found.st_dev, found.st_ino, found.st_ctime_ns)
    if copy is not None and (copy.folder, copy.state) == (folder, state):
        return copy
    copy = _read_folder(_folder("lasting"), state)
    is_settled = found.st_ctime < now - SETTLED_SECONDS and found.st_ctime_ns != found.st_mtime_ns
    _kept = copy if is_settled else None
    return copy


def _read_folder(folder: Path, state: tuple[int, ...]) -> _Lasting:
    files, replaced = frozenset(os.listdir(folder)), defaultdict[str, list[tuple[str, int]]](list)  # noqa: PTH208
    for file in files:
        if match := _EARLIER.fullmatch(file):
            replaced[match["name"]].append((file, int(match["half_hour"])))
    return _Lasting(folder, state, files, replaced)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _make_lasting(path: Path, secret: bytes) -> None:
    """Write it whole under a temporary name, then link it: the first process to link wins for all."""
    temporary = _temporary(path)
    _write_new(temporary, secret)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


@contextlib.contextmanager
def _renewing(folder: Path) -> Iterator[None]:
    """One process at a time; the kernel lets go of the lock when the process ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read_lasting(path: Path) -> bytes:
    secret = _read(path)
    if len(secret) != KEY_BYTES:
        raise RuntimeError(
            f"The lasting secret {path.name} is damaged: restore it from its backup, with the program stopped."
        )
    return secret


def _sync_folder(folder: Path) -> None:
    """Sync the folder's names to the disk, and round its own time to the half hour."""
    os.utime(folder, (_half_hour(), _half_hour()))
    whole_file.sync(folder)


def _half_hour() -> int:
    return int(time.time()) // HALF_HOUR_SECONDS * HALF_HOUR_SECONDS

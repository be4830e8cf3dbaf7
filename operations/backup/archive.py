"""A sealed archive: a tar inside of age. It is written and read in one stream, so that no plain text is on a disk.

Imports no Django: an empty home is filled before there are settings.
"""

import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from peersupport.core.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATA, LASTING = "data", "lasting"
# The names inside.
DATABASE, UPLOADS = "database.sqlite3", "private/"
SETTINGS, SECRETS = "settings.env", "lasting/"


@dataclass(frozen=True)
class Manifest:
    """What stands first in both files of a backup.

    id: random, the same in both. part: DATA or LASTING. made_at: ISO time. version: of the program that made it.
    installation: whose it is (see `lasting_files.name`). numbers: by table, the highest number that was given.
    """

    id: str
    part: str
    made_at: str
    version: str
    installation: str
    numbers: dict[str, int]
    format: int = FORMAT

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Raises Refused for what a newer program wrote."""
        try:
            content = json.loads(data)
            if content["format"] != FORMAT:
                raise Refused(f"this backup was made by a newer version ({content['version']}). Restore it with that.")
            return cls(**content)
        except (ValueError, KeyError, TypeError):
            raise Refused("this is no backup of Peer Support.") from None


class Writer:
    """The archive as it is written; members follow each other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self._tar.addfile(entry, io.BytesIO(content))

    def add_manifest(self, manifest: Manifest) -> None:
        self.add(MANIFEST, json.dumps(asdict(manifest)).encode())

    def add_file(self, name: str, file: Path) -> bool:
        """Returns whether it was there."""
        try:
            source = file.open("rb")
        except FileNotFoundError:
            return False
        with source:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
            self._tar.addfile(entry, source)
        return True


def write(target: IO[bytes], recipients: Sequence[x25519.Recipient], fill: Callable[[Writer], None]) -> None:
    """Seal what `fill` adds into this file, so that each of these opens it. Raises what `fill` raises, and OSError."""

    def make_tar(out: IO[bytes]) -> None:
        with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            fill(Writer(tar))

    with _from_thread(make_tar) as plain:
        _as_os_error(lambda: pyrage.encrypt_io(plain, target, list(recipients)))


@dataclass(frozen=True)
class Member:
    """One file of an archive that is being read; only the current one can be."""

    name: str
    size: int
    content: IO[bytes]


Members = Iterator[Member]


@contextmanager
def read(file: Path, identity: x25519.Identity) -> Iterator[Members]:
    """The members of a sealed archive, in order. What was read counts only after the block: until then, it may turn
    out to be cut off. Raises Refused for another key, or a file that is damaged or is none.
    """

    def unseal(out: IO[bytes]) -> None:
        with file.open("rb") as sealed:
            pyrage.decrypt_io(sealed, out, [identity])

    try:
        with _from_thread(unseal) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            yield _members(tar)
            while plain.read(1 << 20):  # to the end: the last piece says whether all of it is there
                pass
    except pyrage.DecryptError as error:
        raise Refused(f"{file} doesn't open: {_reason(error)}") from None
    except (tarfile.TarError, EOFError):
        raise Refused(f"{file} is no backup, or it is damaged.") from None
    except FileNotFoundError:
        raise Refused(f"{file} isn't there.") from None
    except OSError as error:
        if error.errno is None:  # pyrage's, for a piece that doesn't open
            raise Refused(f"{file} is damaged or cut off.") from None
        raise Refused(f"{file} can't be read: {error.strerror}") from None


def _members(tar: tarfile.TarFile) -> Members:
    for entry in tar:
        content = tar.extractfile(entry)
        if content is None:
            raise tarfile.TarError("not a file")
        yield Member(entry.name, entry.size, content)


def _reason(error: Exception) -> str:
    if "No matching keys" in str(error):
        return "it was sealed to another key than the one in the key file."
    return "it is damaged, or no backup."


@contextmanager
def _from_thread(produce: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What a function writes, as a file to read while it writes. Raises what the function raised, before anything."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as out:
                produce(out)
        except BaseException as error:  # goes on in the thread that reads
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    with os.fdopen(reading, "rb") as source:
        thread.start()
        try:
            yield source
        except BaseException as error:
            source.close()  # so that the writer ends
            thread.join()
            first = next((failure for failure in failures if not isinstance(failure, BrokenPipeError)), None)
            raise (first or error) from None
    thread.join()
    for failure in failures:
        raise failure


def _as_os_error(run: Callable[[], None]) -> None:
    """pyrage wraps a full disk and the like in an error of its own, and has only its text."""
    try:
        run()
    except pyrage.EncryptError as error:
        raise OSError(str(error).removeprefix("OSError: ")) from None

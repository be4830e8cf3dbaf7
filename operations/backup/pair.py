"""The two files of a backup, which take the place of those before them together or not at all."""

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from pyrage import x25519

from peersupport.core import whole_file

from . import archive

Fill = Callable[[archive.Writer], None]


def lasting_of(file: Path) -> Path:
    """Where the secrets that belong to this backup are."""
    return file.with_name(f"{file.name}.lasting")


def write(
    file: Path,
    recipients: Sequence[x25519.Recipient],
    *,
    data: Fill,
    lasting: Fill,
    check: Callable[[Path, Path], None],
) -> None:
    """Write both files whole beside the places where they go, check them there, then rename them.

    Raises OSError, and what `check` raises; nothing is left then.

    The secrets come first, in writing and in renaming. So, whenever this is killed: a new file of data whose secrets
    are not beside it any more is whole, and `finish` puts it where it belongs.
    """
    finish(file)
    new_data, new_lasting = _new(file), _new(lasting_of(file))
    try:
        _write(new_lasting, recipients, lasting)
        _write(new_data, recipients, data)
        check(new_data, new_lasting)
    except BaseException:
        new_data.unlink(missing_ok=True)
        new_lasting.unlink(missing_ok=True)
        raise
    new_lasting.replace(lasting_of(file))
    new_data.replace(file)
    _sync(file.parent)


def finish(file: Path) -> None:
    """Finish or clear away what a killed `write` has left."""
    new_data, new_lasting = _new(file), _new(lasting_of(file))
    if new_data.exists() and not new_lasting.exists():
        new_data.replace(file)
        _sync(file.parent)
    new_data.unlink(missing_ok=True)
    new_lasting.unlink(missing_ok=True)


def is_half_renamed(file: Path) -> bool:
    """Whether the secrets beside this file belong to a newer one, which stands beside it under its temporary name."""
    return _new(file).exists() and not _new(lasting_of(file)).exists()


def _new(file: Path) -> Path:
    return file.with_name(f"{file.name}.new")


def _write(file: Path, recipients: Sequence[x25519.Recipient], fill: Fill) -> None:
    file.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    target: IO[bytes]
    with os.fdopen(os.open(file, flags, 0o600), "wb") as target:
        archive.write(target, recipients, fill)
        target.flush()
        os.fsync(target.fileno())


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems of other machines can't
        whole_file.sync(folder)

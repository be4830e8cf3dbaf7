"""Files that other processes find whole or not at all, also after a crash, and that only this user can read."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def write(path: Path, content: bytes | str) -> None:
    """Put the content in the place of what is there. On the disk, its name too, before this returns. Raises OSError."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with removed_unless_whole(new):
        with os.fdopen(descriptor, "wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
    sync(path.parent)


@contextlib.contextmanager
def removed_unless_whole(path: Path) -> Iterator[None]:
    """A file that this process makes: on a full disk nothing is left of it. Removing needs no room."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Put a file's content, or a folder's names after a rename or a removal, on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What the operating system tells: clock, swap, core dumps, the front."""

import ctypes
import os
import struct
import sys
from pathlib import Path

from django.conf import settings

from . import files

STATUS_OFFSET, UNSYNCHRONIZED = 40, 0x40  # of struct timex on 64 bits, and STA_UNSYNC; see adjtimex(2)
NO_CORE = {"0", "1"}  # with 1, a handler behind a pipe gets none either: core(5)


def is_clock_synchronized() -> bool | None:
    """As the kernel has it from whatever sets the clock; None where it doesn't say."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    timex = ctypes.create_string_buffer(512)  # modes 0: only look
    if ctypes.CDLL(None).adjtimex(timex) < 0:
        return None
    return not struct.unpack_from("i", timex, STATUS_OFFSET)[0] & UNSYNCHRONIZED


def unencrypted_swap() -> list[str]:
    """Swap devices and files in use that are neither in memory nor on an encrypted device, as far as can be seen."""
    try:
        lines = Path("/proc/swaps").read_text().splitlines()[1:]
    except OSError:
        return []
    names = [line.split()[0] for line in lines if line.strip()]
    return [name for name in names if not Path(name).name.startswith("zram") and not _is_encrypted(Path(name))]


def _is_encrypted(path: Path) -> bool:
    try:
        number = path.stat().st_rdev
    except OSError:
        return False
    if not number:  # a file
        volume = files.volume(path)
        return volume is not None and volume.is_encrypted
    return any(each.startswith("CRYPT-") for each in files.mapper_ids(f"{os.major(number)}:{os.minor(number)}"))


def processes_that_dump() -> int | None:
    """How many of this home's running processes may write their memory to a file; None if none is running."""
    mark = f"PEERSUPPORT_HOME={settings.HOME}\0".encode()
    running = [folder for folder in Path("/proc").glob("[0-9]*") if _is_of(folder, mark)]
    return sum(map(_may_dump, running)) if running else None


def _is_of(folder: Path, mark: bytes) -> bool:
    try:
        return int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes()
    except OSError:
        return False


def _may_dump(folder: Path) -> bool:
    try:
        limits = (folder / "limits").read_text().splitlines()
    except OSError:
        return False
    return any(line.split()[:3] == ["Max", "core", "file"] and line.split()[4] not in NO_CORE for line in limits)

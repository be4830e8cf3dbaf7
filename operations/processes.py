"""Child processes that never outlive this one."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peersupport.core.errors import Refused

SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


def die_with_parent() -> None:
    """Runs in the child: on Linux it gets SIGTERM when the process that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


@contextlib.contextmanager
def lock(file: Path, *, sentence: str) -> Iterator[None]:
    """Hold the lock on this file; the kernel lets go of it when the process ends. Raises Refused with the sentence."""
    with file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(sentence) from None
        yield


def lock_home(home: Path) -> contextlib.AbstractContextManager[None]:
    """What `serve` holds while it runs, and what every command holds that must not run beside it. Raises Refused."""
    return lock(home / "serve.lock", sentence=f"Peer Support is running in {home}. Stop it first.")


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only its parent."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent, **options)


def stop(processes: Iterable[subprocess.Popen[bytes]], *, seconds: float = 3.0) -> None:
    """Terminate all of them, wait, and kill what is left, their children included."""
    started = list(processes)
    for process in started:
        if process.poll() is None:
            process.terminate()
    give_up_at = time.monotonic() + seconds
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, give_up_at - time.monotonic()))
    for process in started:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

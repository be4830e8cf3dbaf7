"""Child processes that never outlive this one."""

import contextlib
import ctypes
import errno
import fcntl
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from peersupport.core.errors import Refused

LOOPBACK = ("127.0.0.1", "::1")
WEB_PORTS = (80, 443)
UNIT = "Start the program by its unit, which may; as root: systemctl start peer-support"
SET_PARENT_DEATH_SIGNAL, SET_NAME = 1, 15  # prctl(2)
ARENA_MAX, MMAP_THRESHOLD = -8, -3  # mallopt(3)


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


def check_port(
    port: int, hosts: Iterable[str] = LOOPBACK, *, other: str = "with --port, for example --port 8001"
) -> list[str]:
    """Those of the addresses that this machine has. Raises Refused unless the port is free on each of them.

    A browser may look at either of the loopback addresses. other: how another port is chosen.
    """
    if not 0 < port < 65536:
        raise Refused(f"{port} is no port. Choose one {other}.")
    return [host for host in hosts if _is_ours_and_free(host, port, other)]


def _is_ours_and_free(host: str, port: int, other: str = "") -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if ":" in host:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(f"port {port} is taken. {_make_room(port) or f'Choose another {other}'}.") from None
        if error.errno == errno.EACCES:
            remedy = UNIT if port in WEB_PORTS else f"Choose one above 1023 {other}"
            raise Refused(f"this user may not use port {port}. {remedy}.") from None
        return False
    return True


def _make_room(port: int) -> str:
    """Debian starts the nginx that it installs, on the ports that a browser looks at by itself."""
    return "If that is Debian's own nginx, as root: systemctl disable --now nginx" if port in WEB_PORTS else ""


def has_address(host: str) -> bool:
    """Whether this machine has the address, as one without IPv6 has no ::1."""
    return _is_ours_and_free(host, port=0)


def leave_no_core_dumps() -> None:
    """Holds for all children. A core file needs more than one byte, and a program that would be handed the dump is not
    started for a limit of exactly one (core(5), and fs/coredump.c): for 0 it would be.
    """
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    limit = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only its parent."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent, **options)


class Fork:
    """A child that goes on from what this process has loaded, in a session of its own; otherwise like a Popen.

    Its standard output is dropped: errors go to stderr. The name is what `ps -e` and `top` show.
    """

    def __init__(self, name: str, run: Callable[[], object]) -> None:
        self._process = multiprocessing.get_context("fork").Process(target=_begin, args=(name, run))
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, seconds: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        self._process.join(seconds)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self._process.name, seconds or 0)
        return code


def give_memory_back() -> None:
    """With glibc: threads share two arenas, and what a slow hash took is returned, not kept for the next."""
    with contextlib.suppress(AttributeError):  # another C library
        for parameter, value in ((ARENA_MAX, 2), (MMAP_THRESHOLD, 128 * 1024)):
            ctypes.CDLL(None).mallopt(parameter, value)


def _begin(name: str, run: Callable[[], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    die_with_parent()
    give_memory_back()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_NAME, name.encode())
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    run()


def stop(processes: Iterable[subprocess.Popen[bytes] | Fork], *, seconds: float = 3.0) -> None:
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


def children_of(process: int) -> list[int]:
    """The processes that it has started; none where the system has no /proc."""
    found: list[int] = []
    for threads in Path("/proc").glob(f"{process}/task/*/children"):
        with contextlib.suppress(OSError):
            found += map(int, threads.read_text().split())
    return found

"""The processes of an installation: how each is started, and with which environment."""

import os
import sys
from pathlib import Path

from django.conf import settings

from . import front

CORES = os.cpu_count() or 1


def environment(home: Path, *, mark: str, has_front: bool) -> dict[str, str]:
    """Each process reads the home's settings by itself, so that one that is started later sees new ones."""
    return {
        **os.environ,
        "PEERSUPPORT_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "peersupport.settings.production",
        "PEERSUPPORT_OWN_FRONT": "1" if has_front else "0",
        "PEERSUPPORT_LOG_MARK": mark,
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "MALLOC_ARENA_MAX": "2",  # or each thread keeps what its largest form took
        # Where the broker of files moves a message before it reads it.
        "TMPDIR": str(home / "run" / "tmp"),
    }


def web(*where: str) -> list[str]:
    return _python(
        "operations.serve.web", "peersupport.wsgi:application", "--interface", "wsgi", *where,
        "--workers", str(settings.WEB_PROCESSES), "--blocking-threads", str(settings.WEB_THREADS), "--no-ws",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "error",
    )  # fmt: skip


def at_socket(socket: str) -> list[str]:
    return ["--uds", socket, "--uds-permissions", "0600", "--http", "1"]


def at_port(port: int, host: str, certificate: str, key: str) -> list[str]:
    """Without a front."""
    tls = ["--ssl-certificate", certificate, "--ssl-keyfile", key, "--ssl-protocol-min", "tls1.2"]
    return ["--host", host, "--port", str(port), "--http", "1", *(tls if certificate else [])]


WORKER_READY = "run/worker-ready"  # in the home: peersupport/celery.py writes it


def worker() -> list[str]:
    return _python(
        "celery", "--quiet", "--app", "peersupport.celery", "worker", "--pool", "prefork",
        "--concurrency", str(max(2, CORES)), "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    )  # fmt: skip


def beat() -> list[str]:
    return _python(
        "celery", "--quiet", "--app", "peersupport.celery", "beat", "--loglevel", "WARNING", "--pidfile", "",
    )  # fmt: skip


def nginx(home: Path) -> list[str]:
    return front.command(home)


def _python(*module_and_arguments: str) -> list[str]:
    """-P: the folder in which it runs is no place for modules."""
    return [sys.executable, "-P", "-m", *module_and_arguments]

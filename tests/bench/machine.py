"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

from tests import services


def description() -> dict[str, str]:
    return {
        "processor": _line("/proc/cpuinfo", "model name"),
        "cores": str(os.cpu_count()),
        "memory": f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.1f} GB",
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}",
        "python": platform.python_version(),
        "django": version("django"),
        "server": f"granian {version('granian')}",
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "busy_before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def _line(file: str, name: str) -> str:
    """What stands behind this name in a file of the kernel's."""
    lines = (line.partition(":") for line in Path(file).read_text().splitlines())
    return next(value.strip() for key, _, value in lines if key.strip() == name)


def _postgresql() -> str:
    try:
        server = services.find("postgres", services.NEEDS_POSTGRESQL)
    except services.Missing:
        return "none"
    return subprocess.run([server, "--version"], check=True, capture_output=True, text=True).stdout.split()[2]

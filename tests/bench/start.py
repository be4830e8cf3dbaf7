"""How long `manage.py demo` takes to its ready line: in an empty folder, and again in the same one."""

import tempfile
from pathlib import Path

from tests.bench.builds import Build, demo


def measure(builds: list[Build]) -> dict[str, dict[str, float]]:
    """Seconds, by name of the build."""
    return {build.name: _seconds_of(build) for build in builds}


def _seconds_of(build: Build) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="peersupport-bench-") as folder:
        seconds = {}
        for start in ("first", "later"):
            with demo(build, Path(folder)) as served:
                seconds[start] = round(served.seconds_to_start, 1)
        return seconds

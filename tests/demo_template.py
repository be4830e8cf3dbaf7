"""The demo's first start, run once for all test workers: a test that needs a demo gets a copy of its folder."""

import fcntl
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.operations.site import Site
from tests.services import free_port

__all__ = ["demo_site", "first_start"]


@dataclass(frozen=True)
class FirstStart:
    """What the first start of a demo in an empty folder printed and left behind."""

    port: int
    output: str
    receipt: str
    exit_code: int
    seconds_to_stop: float
    left_behind: list[int]
    var: str


def _start_for_the_first_time(var: Path) -> FirstStart:
    site = Site(var)
    with site.demo(port=free_port()) as demo:
        stopped_at = time.monotonic()
        exit_code = demo.interrupt()
        return FirstStart(
            port=demo.port,
            output=demo.output,
            receipt=demo.receipt,
            exit_code=exit_code,
            seconds_to_stop=time.monotonic() - stopped_at,
            left_behind=site.processes(),
            var=str(var),
        )


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FirstStart:
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent  # shared by all workers
    result = folder / "first-start.json"
    with (folder / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(asdict(_start_for_the_first_time(folder / "first-start"))))
    return FirstStart(**json.loads(result.read_text()))


@pytest.fixture
def demo_site(first_start: FirstStart, tmp_path: Path) -> Site:
    """A demo's folder with its sample data, ready for a second start."""
    shutil.copytree(first_start.var, tmp_path / "demo")
    return Site(tmp_path / "demo")

"""A site in a temporary folder, with the demo's settings and real processes."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.operations.installation import Installation, Started
from tests.services import wait_until


class Site(Installation):
    VARIABLE = "PEERSUPPORT_VAR"

    def __init__(self, var: Path, **environment: str) -> None:
        super().__init__(var, **{"DJANGO_SETTINGS_MODULE": "peersupport.settings.demo", **environment})

    @property
    def var(self) -> Path:
        return self.folder

    @contextmanager
    def demo(self, *arguments: str, port: int, longest_seconds: float = 120) -> Iterator["Demo"]:
        """The demo, once it has printed that it is ready."""
        with self.process("manage.py", "demo", "--port", str(port), *arguments, seconds_to_stop=3) as (process, log):
            demo = Demo(self, process, log, port)
            is_over = wait_until(lambda: demo.is_ready or process.poll() is not None, seconds=longest_seconds)
            assert is_over and demo.is_ready, f"not ready: {demo.output}"
            yield demo

    @property
    def rings(self) -> list[str]:
        """Whose telephones were alerted, the earliest first."""
        files = sorted((self.folder / "bells").glob("*"))
        return [file.read_text().partition("\n")[0].removeprefix("To: ") for file in files]


class Demo(Started):
    def __init__(self, site: Site, process: subprocess.Popen[bytes], log: Path, port: int) -> None:
        super().__init__(process, log)
        self.site, self.port = site, port
        self.address = f"http://localhost:{port}"

    @property
    def is_ready(self) -> bool:
        return "Peer Support is ready" in self.output and "Ctrl-C stops everything" in self.output

    @property
    def receipt(self) -> str:
        return (self.site.var / "sample-receipt.txt").read_text().strip()

    def interrupt(self, number: int = signal.SIGINT, *, seconds: float = 20) -> int:
        return super().interrupt(number, seconds=seconds)

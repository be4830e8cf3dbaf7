"""The systemd unit: systemd-analyze finds nothing to say against it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service")) + sorted(path.name for path in DEPLOY.glob("*.timer"))


def said_by_systemd(name: str, text: str, folder: Path) -> str:
    """It exits with 0 for a misspelt setting, so what counts is what it says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip(services.NEEDS_SYSTEMD)
    for unit in UNITS:  # a timer needs its service beside it
        here = text if unit == name else (DEPLOY / unit).read_text()
        (folder / unit).write_text(here.replace("/opt/peer-support/.venv/bin/python", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", folder / name], capture_output=True, text=True, check=False)
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if name in line)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(name, tmp_path):
    assert said_by_systemd(name, (DEPLOY / name).read_text(), tmp_path) == ""


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_misspelt_setting_would_be_found(name, tmp_path):
    text = (DEPLOY / name).read_text().replace("ProtectSystem", "ProtectSystm")
    assert "ProtectSystm" in said_by_systemd(name, text, tmp_path)

"""The systemd unit: systemd-analyze finds nothing to say against it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

UNIT = Path(__file__).resolve().parents[3] / "deploy" / "peer-support.service"


def said_by_systemd(text: str, folder: Path) -> str:
    """It exits with 0 for a misspelt setting, so what counts is what it says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip(services.NEEDS_SYSTEMD)
    here = text.replace("/opt/peer-support/.venv/bin/python", sys.executable)
    unit = folder / UNIT.name
    unit.write_text(here)
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if UNIT.name in line)


def test_systemd_takes_the_unit(tmp_path):
    assert said_by_systemd(UNIT.read_text(), tmp_path) == ""


def test_a_misspelt_setting_would_be_found(tmp_path):
    assert "ProtectSystm" in said_by_systemd(UNIT.read_text().replace("ProtectSystem", "ProtectSystm"), tmp_path)

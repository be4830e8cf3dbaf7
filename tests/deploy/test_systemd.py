"""The systemd units and what is dropped into them: systemd-analyze finds nothing to say against them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service")) + sorted(path.name for path in DEPLOY.glob("*.timer"))
DROPPED_IN = sorted(path.name for path in DEPLOY.glob("only-*.conf"))
UNIT = "peer-support.service"


def said_by_systemd(name: str, text: str, folder: Path) -> str:
    """It exits with 0 for a misspelt setting, so what counts is what it says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip(services.NEEDS_SYSTEMD)
    for unit in UNITS:  # a timer needs its service beside it
        here = text if unit == name else (DEPLOY / unit).read_text()
        (folder / unit).write_text(here.replace("/opt/peer-support/.venv/bin/python", sys.executable))
    return verified(name, folder)


def verified(name: str, folder: Path) -> str:
    done = subprocess.run(["systemd-analyze", "verify", folder / name], capture_output=True, text=True, check=False)
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if name in line)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(name, tmp_path):
    assert said_by_systemd(name, (DEPLOY / name).read_text(), tmp_path) == ""


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_misspelt_setting_would_be_found(name, tmp_path):
    text = (DEPLOY / name).read_text().replace("ProtectSystem", "ProtectSystm")
    assert "ProtectSystm" in said_by_systemd(name, text, tmp_path)


@pytest.mark.parametrize("name", DROPPED_IN)
def test_a_host_of_many_starts_one_half_by_the_same_unit(name, tmp_path):
    text = (DEPLOY / name).read_text()
    program, _, arguments = text.splitlines()[-1].removeprefix("ExecStart=").partition(" ")
    (unit,) = [line for line in (DEPLOY / UNIT).read_text().splitlines() if line.startswith("ExecStart=")]
    half = name.removeprefix("only-").removesuffix(".conf")
    assert f"{program} {arguments}" == f"{unit.removeprefix('ExecStart=')} --only {half}"
    (tmp_path / f"{UNIT}.d").mkdir()
    (tmp_path / f"{UNIT}.d" / "only.conf").write_text(text.replace(program, sys.executable))
    assert said_by_systemd(UNIT, (DEPLOY / UNIT).read_text(), tmp_path) == ""
    (tmp_path / f"{UNIT}.d" / "only.conf").write_text(text.replace("ExecStart=\n", ""))
    assert "more than one ExecStart" in verified(UNIT, tmp_path), "what is dropped in is read"

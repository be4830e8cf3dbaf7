"""The simulation of tests/bench still runs with the program's own matching and waves, and breaks no rule."""

import subprocess
import sys

from django.conf import settings


def test_fifty_requests_are_simulated_without_a_breach() -> None:
    command = [sys.executable, "tests/bench/simulate_requests.py", "--requests", "50"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("50 requests, 50 accepted, 0 breaches") == 3

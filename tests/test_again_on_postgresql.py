"""Runs the tests that touch models once more on PostgreSQL and Redis, and the races there alone.

conftest.py selects them. It runs beside the rest.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from operations.processes import start, stop
from tests import services

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 1200


def test_what_touches_models_runs_again_on_postgresql(postgresql_url, redis_url, record_property):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {services.DATABASE: postgresql_url, services.REDIS: redis_url}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--color=no", "tests"]
    process = start(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output = process.communicate(timeout=LONGEST_SECONDS)[0].decode()
    finally:
        process.send_signal(signal.SIGINT)
        stop([process])
    passed = re.search(r"(\d+) passed", output)
    assert process.returncode == 0, f"on PostgreSQL:\n{output}"
    assert passed, f"nothing ran on PostgreSQL:\n{output}"
    record_property(services.AGAIN, output.strip().splitlines()[-1])

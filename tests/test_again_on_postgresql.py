"""What touches models runs again on PostgreSQL and Redis, and the races run there for the first time.

conftest.py decides what that is. In two workers this runs beside the rest.
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
LONGEST_SECONDS = 300


def test_what_touches_models_runs_again_on_postgresql(postgresql_url, redis_url, record_property):
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    surroundings |= {services.DATABASE: postgresql_url, services.REDIS: redis_url}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--color=no", "tests"]
    process = start(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = process.communicate(timeout=LONGEST_SECONDS)[0].decode()
    finally:
        process.send_signal(signal.SIGINT)
        stop([process])
    counted = re.search(r"(\d+) passed", said)
    assert process.returncode == 0, f"on PostgreSQL:\n{said}"
    assert counted, f"nothing ran on PostgreSQL:\n{said}"
    record_property(services.AGAIN, said.strip().splitlines()[-1])

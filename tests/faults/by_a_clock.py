"""Runs a module of Python by a clock that goes as many seconds ahead as a file says, also while it runs.

python -m tests.faults.by_a_clock FILE MODULE [ARGUMENTS]
"""

import runpy
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine


def follow(file: Path, clock: time_machine.Traveller, ahead: float) -> None:
    while True:
        if (wanted := float(file.read_text() or ahead)) != ahead:
            clock.shift(timedelta(seconds=wanted - ahead))
            ahead = wanted
        time.sleep(0.05)


def main() -> None:
    file, module, *arguments = sys.argv[1:]
    ahead = float(Path(file).read_text())
    with time_machine.travel(time.time() + ahead) as clock:
        threading.Thread(target=follow, args=(Path(file), clock, ahead), daemon=True).start()
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

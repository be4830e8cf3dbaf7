"""What the keyring's fsync costs when eight officers send at once.

    python tests/bench/keyring_fsync.py [--at-once 8] [--rounds 100] [--folder DIR]

Each process makes and destroys a key, over and over; all start together. Printed: milliseconds for one create
and one destroy, median and 95th percentile, with fsync and, to compare, without. The folder must lie on the disk
that is to be measured (a memory file system costs nothing).
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

from django.conf import settings

sys.path.insert(0, str(Path(__file__).parents[2]))
from peersupport.sealing import keyring


def work(start, answers, rounds: int) -> None:
    creates, destroys = [], []
    start.wait()
    for _ in range(rounds):
        begun = time.perf_counter()
        key_id = keyring.create()
        made = time.perf_counter()
        keyring.destroy(key_id)
        creates.append(1000 * (made - begun))
        destroys.append(1000 * (time.perf_counter() - made))
    answers.put((creates, destroys))


def measure(at_once: int, rounds: int) -> None:
    own = multiprocessing.get_context("fork")
    start, answers = own.Barrier(at_once + 1), own.Queue()
    processes = [own.Process(target=work, args=(start, answers, rounds)) for _ in range(at_once)]
    for process in processes:
        process.start()
    start.wait()
    begun = time.perf_counter()
    results = [answers.get() for _ in processes]
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    for name, times in zip(("create", "destroy"), zip(*results, strict=True), strict=True):
        flat = sorted(chain.from_iterable(times))
        middle, late = statistics.median(flat), flat[int(0.95 * len(flat))]
        print(f"  {name:8} median {middle:6.2f} ms   p95 {late:6.2f} ms   longest {flat[-1]:6.2f} ms")
    print(f"  {at_once * rounds / seconds:.0f} keys made and destroyed in a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=Path.cwd())
    chosen = parser.parse_args()
    real = os.fsync
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix=".bench-") as folder:
        settings.configure(KEYRING=Path(folder) / "keyring")
        keyring.prepare()
        for at_once in (1, chosen.at_once):
            for name, fsync in (("with fsync", real), ("without", lambda descriptor: None)):
                os.fsync = fsync
                print(f"{at_once} at once, {name}, {os.cpu_count()} cores")
                measure(at_once, chosen.rounds)


if __name__ == "__main__":
    main()

"""How long every page of the staff takes in a large agency, with how many queries, and how large it is.

    .venv/bin/python -m tests.bench.staff_pages [--rounds 15] [--requests 200] [--slowest 40] [--role coordinator]

Fills a database of tests/bench/large_agency.py in a temporary folder (SQLite; with PEERSUPPORT_TEST_DATABASE_URL, as
`python -m tests.services` sets it, PostgreSQL), signs five people in, and gets each address that answers them with a
page, through all of Django. What answers anything but what tests/access/expected_statuses.py says is an error. Two
visits come first and are not counted. "act" is a visit to a process that has to read anew all that it remembers of team
and program, as after whatever somebody does. Queries are of one visit; files (PDF, CSV, ...) are marked. Memory is of
this one process, with Django's test client and no other thread.
"""

import argparse
import gc
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.bench import large_agency

FILE = re.compile(r"_pdf|_xlsx|_csv|_json|workbook|:csv|:pdf|export|calendar|transcript|sheet|poster|card|certificate")
AFTER_AN_ACT = 3
# Pages as they are looked at, besides those of the addresses alone.
MORE = {
    "coordinator": (
        "/applications/?state=all",
        "/applications/?state=all&page=9999",
        "/applications/?state=all&assignee=nobody",
        "/applications/?state=all&q=person+499",
        "/audit/?page=9999",
        "/audit/?person=40",
        "/audit/?since=2026-01-01",
    ),
}


@dataclass(frozen=True)
class Measured:
    """Milliseconds (cpu: the least that the processor took; after_an_act: the median), number of queries, bytes."""

    role: str
    page: str
    p50: float
    p95: float
    cpu: float
    after_an_act: float
    queries: int
    size: int

    @property
    def is_file(self) -> bool:
        return FILE.search(self.page) is not None

    def __str__(self) -> str:
        file = "  file" if self.is_file else ""
        times = f"{self.p50:8.1f} {self.p95:8.1f} {self.cpu:8.1f} {self.after_an_act:8.1f}"
        return f"{times} {self.queries:6} {self.size:10,}  {self.role:12} {self.page}{file}"


def people():
    """By role: who signs in. Together with rows for every address, as in the tests of access."""
    from peersupport.access.permissions import Role
    from tests import cast
    from tests.access.world import make_world

    coordinator = cast.make_user("Carla Coordinator", Role.COORDINATOR)
    ana = cast.make_member("Ana Alvarez", confirmed_by=coordinator, unit="Patrol")
    world = make_world(ana, cast.private_key_of("Ana Alvarez"), coordinator)
    return world, {
        "member": ana,
        "coordinator": coordinator,
        "director": cast.make_user("Dora Director", Role.CLINICAL_DIRECTOR),
        "designee": cast.make_user("Dan Designee", Role.DESIGNEE),
        "operator": cast.make_user("Otto Operator", Role.OPERATOR),
    }


def measure(world, signing_in, rounds: int, roles: list[str]) -> Iterator[Measured]:
    from django.test import Client

    from tests.cast import sign_in

    for role in roles:
        client = Client(SERVER_NAME="localhost")
        sign_in(client, signing_in[role])
        for name, address in addresses_of(world, role):
            try:
                yield measured(client, role, name, address, rounds)
            except AssertionError as wrong:
                print(f"ERROR {role} {name}: {wrong}", file=sys.stderr)


def addresses_of(world, role: str) -> Iterator[tuple[str, str]]:
    """Names and addresses of what answers this role with a page; the anonymous ones are the same for everybody."""
    from peersupport.access.public_routes import ANONYMOUS_ROUTES
    from tests.access.expected_statuses import EXPECTED, WHO
    from tests.access.world import address_of

    for name, row in EXPECTED.items():
        if name not in ANONYMOUS_ROUTES and row.get.split()[WHO.index(role)] == "200":
            yield name, address_of(name, world)
    yield from ((address, address) for address in MORE.get(role, ()))


def measured(client, role: str, name: str, address: str, rounds: int) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from peersupport.audit import remembered

    with CaptureQueriesContext(connection) as queries:
        size = len(get(client, address))
    asked = len(queries)
    get(client, address)
    times, cpu = zip(*(timed(client, address) for _ in range(rounds)), strict=True)
    anew = []
    for _ in range(AFTER_AN_ACT):
        remembered.forget_all()
        anew.append(timed(client, address)[0])
    cuts = quantiles(times, n=20, method="inclusive")
    return Measured(role, name, cuts[9], cuts[18], min(cpu), median(anew), asked, size)


def timed(client, address: str) -> tuple[float, float]:
    began, cpu_before = time.perf_counter(), time.process_time()
    get(client, address)
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - cpu_before)


def get(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def resident_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--slowest", type=int, default=1000, help="print only so many")
    parser.add_argument("--role", choices=["member", "coordinator", "director", "designee", "operator"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        large_agency.start(folder, os.environ.get("PEERSUPPORT_TEST_DATABASE_URL", ""))
        world, signing_in = people()
        large_agency.fill(requests=options.requests)
        gc.collect()
        gc.freeze()  # as in a web process, which is forked when all is loaded
        report(world, signing_in, options)


def report(world, signing_in, options: argparse.Namespace) -> None:
    before = resident_megabytes()
    results = list(measure(world, signing_in, options.rounds, [options.role] if options.role else list(signing_in)))
    pages = [result for result in results if not result.is_file]
    print(f"{'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'act ms':>8} {'queries':>6} {'bytes':>10}")
    for result in sorted(results, key=lambda each: -each.p95)[: options.slowest]:
        print(result)
    for limit in (50, 100, 200):
        slow, anew = sum(page.p95 > limit for page in pages), sum(page.after_an_act > limit for page in pages)
        print(f"of {len(pages)} pages {slow} have a p95 over {limit} ms, and {anew} take longer right after an act")
    print(f"memory before the walk {before:.0f} MB, after it {resident_megabytes():.0f} MB")


if __name__ == "__main__":
    main()

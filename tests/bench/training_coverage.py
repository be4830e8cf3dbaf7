"""How long the coverage page takes, and how it grows: 500 members by 15 subjects, and 10 times the records.

    .venv/bin/python tests/bench/training_coverage.py [--rounds 10]

Runs the demo's SQLite in a folder of its own and removes it. Each page goes through the whole of Django: session,
permission, queries, template. Printed: median and longest milliseconds of server time, bytes, and queries.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


def start(folder: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django

    django.setup()


def fill(members: int, subjects: int, times: int) -> None:
    """Each member has completed each subject so many times, spread over the years."""
    from django.utils import timezone

    from peersupport.team.models import Member, User
    from training.models import Record, Subject, ValidityRule

    today = timezone.localdate()
    ValidityRule.objects.get_or_create(
        subject=Subject.objects.earliest("id"), applies_from=today - timedelta(days=900), defaults={"valid_months": 12}
    )
    for number in range(Subject.objects.count(), subjects):
        subject = Subject.objects.create(code=f"more_{number}", name=f"Subject number {number}")
        ValidityRule.objects.create(subject=subject, applies_from="1950-01-01", valid_months=24)
    have = Member.objects.count()
    users = [
        User(name=f"Member Number {n}", email=f"bench{n}@example.org", is_member=True) for n in range(have, members)
    ]
    User.objects.bulk_create(users)
    Member.objects.bulk_create(
        [
            Member(user=user, state="designated", designated_on=today, unit=f"Unit {user.pk % 9}")
            for user in User.objects.filter(email__in=[user.email for user in users])
        ]
    )
    Record.objects.all().delete()
    ids = list(Subject.objects.values_list("pk", flat=True))
    Record.objects.bulk_create(
        [
            Record(
                member_id=m, subject_id=s, hours=4, completed_on=today - timedelta(days=(m * 7 + s * 31) % 300 + 90 * t)
            )
            for m in Member.objects.values_list("pk", flat=True)
            for s in ids
            for t in range(times)
        ],
        batch_size=5000,
    )


def measure(rounds: int) -> str:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from peersupport.team.models import User
    from tests.cast import sign_in_directly

    client = Client(SERVER_NAME="localhost")
    sign_in_directly(client, User.objects.get(email="coordinator@example.org"))
    client.get("/training/coverage/")
    times, cpu = [], []
    for _ in range(rounds):
        began, cpu_before = time.perf_counter(), time.process_time()
        answer = client.get("/training/coverage/")
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - cpu_before))
    assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as queries:
        client.get("/training/coverage/")
    return (
        f"median {statistics.median(times):6.0f} ms   longest {max(times):6.0f} ms   processor {min(cpu):6.0f} ms   "
        f"{len(answer.content):9,} bytes   {len(queries)} queries"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=10)
    arguments = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-coverage-")
    try:
        start(folder)
        from django.core.management import call_command

        from peersupport.team.models import User
        from training.models import Record

        call_command("migrate", verbosity=0)
        User.objects.create(name="Coordinator", email="coordinator@example.org", is_coordinator=True)
        for members, times in ((50, 3), (500, 3), (500, 30), (5000, 3)):
            fill(members, 15, times)
            print(
                f"{members:5} members x 15 subjects, {Record.objects.count():7,} records: {measure(arguments.rounds)}"
            )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

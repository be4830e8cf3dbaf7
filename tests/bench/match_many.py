"""How long matching takes among 2,000 peers, and how many database queries it makes.

    .venv/bin/python tests/bench/match_many.py [--members 2000] [--rounds 50]

The ranking is pure and timed by itself: at most 20 ms are allowed. Its input (who serves, their trainings, on-call
times, hours, open contacts and matching preferences) is read from the demo's SQLite in a temporary folder; the number
of queries must not grow with the members.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
ALLOWED_MS = 20


def milliseconds(run: Callable[[], Any], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def report(name: str, times: list[float]) -> None:
    print(f"{name:44} median {statistics.median(times):7.2f} ms, longest {max(times):7.2f} ms")


def random_peers(count: int) -> list[Any]:
    from requests_app.domain.matching import Peer

    dice = random.Random(1)
    return [
        Peer(
            member_id=number,
            unit=dice.choice(("", "Patrol", "Dispatch", "Jail")),
            agency=dice.choice(("", "", "", "Next County")),
            kind=dice.choice(("sworn", "professional_staff", "retired")),
            gender=dice.choice(("", "woman", "man")),
            languages=frozenset(dice.sample(("es", "vi", "zh", "ar"), dice.randrange(3))),
            experiences=frozenset(dice.sample(("divorce", "debt", "lawsuit", "loss_of_child"), dice.randrange(4))),
            is_supervisor=dice.random() < 0.1,
            is_on_call=dice.random() < 0.05,
            is_on_call_soon=dice.random() < 0.2,
            is_available=dice.random() < 0.5,
            open_contacts=dice.randrange(4),
            subjects=frozenset({"suicide_intervention"} if dice.random() < 0.8 else ()),
        )
        for number in range(count)
    ]


def time_ranking(count: int, rounds: int) -> bool:
    from requests_app.domain.matching import Need, rank, relax, shortlist

    peers = random_peers(count)
    plain = Need(tie_seed=b"tie")
    asking = Need(
        tie_seed=b"tie",
        draw_seed=b"draw",
        concern="grief",
        required_subjects=frozenset({"suicide_intervention"}),
        experiences=frozenset({"loss_of_child"}),
        drawn_experiences=frozenset({"loss_of_child"}),
        excluded_members=frozenset(range(10)),
        excluded_unit="Patrol",
        language="es",
        gender="woman",
    )
    unmet = Need(
        tie_seed=b"tie", required_subjects=frozenset({"nobody_has_this"}), excluded_unit="Patrol", kind="family"
    )
    slowest = 0.0
    for name, run in {
        "rank, nothing asked for": lambda: rank(plain, peers),
        "rank, much asked for": lambda: rank(asking, peers),
        "shortlist of 12": lambda: shortlist(asking, peers, 12),
        "relax, in vain": lambda: relax(unmet, peers),
    }.items():
        times = milliseconds(run, rounds)
        report(f"{name}, {count} peers", times)
        slowest = max(slowest, statistics.median(times))
    return slowest < ALLOWED_MS


def time_reading(counts: tuple[int, ...], rounds: int) -> bool:
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from peersupport.sealing import keyring
    from requests_app.queries import matching

    keyring.prepare()
    call_command("migrate", verbosity=0)
    queries = []
    for count in counts:
        fill(count)
        now = timezone.now()
        with CaptureQueriesContext(connection) as captured:
            peers = matching.serving_peers(now)
        assert len(peers) == count
        queries.append(len(captured))
        report(
            f"who serves, read: {count} members, {queries[-1]} queries",
            milliseconds(partial(matching.serving_peers, now), rounds),
        )
    return len(set(queries)) == 1


def fill(members: int) -> None:
    """Create this many members who serve, each with a key, hours, three trainings and matching preferences."""
    from django.utils import timezone

    from peersupport.team import key_confirmation
    from peersupport.team.domain.states import HoursPurpose
    from peersupport.team.models import Member, MemberKey, User, WeeklyHours
    from requests_app.actions import peer
    from training.models import Record, Subject

    today, now, have = timezone.localdate(), timezone.now(), Member.objects.count()
    User.objects.bulk_create(
        User(name=f"Member Number {n}", email=f"bench{n}@example.org", is_member=True) for n in range(have, members)
    )
    new = Member.objects.bulk_create(
        Member(user=user, state="designated", designated_on=today, unit=f"Unit {user.pk % 9}")
        for user in User.objects.filter(member__isnull=True)
    )
    coordinator = User.objects.first()
    MemberKey.objects.bulk_create(
        MemberKey(
            member=member,
            public_key=os.urandom(32),
            password_salt=os.urandom(16),
            sealed_by_password=os.urandom(64),
            recovery_salt=os.urandom(16),
            sealed_by_recovery=os.urandom(64),
            recovery_checked=True,
            confirmed_by=coordinator,
            confirmed_on=today,
        )
        for member in new
    )
    made = list(MemberKey.objects.filter(confirmation=b"").select_related("member"))
    for key in made:
        key.confirmation = key_confirmation.confirmation_of(key.as_confirmed)
    MemberKey.objects.bulk_update(made, ["confirmation"])
    subjects = list(Subject.objects.values_list("pk", flat=True)[:3])
    Record.objects.bulk_create(
        Record(member=member, subject_id=subject, hours=4, completed_on=today) for member in new for subject in subjects
    )
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            member=member, purpose=HoursPurpose.ON_CALL if member.pk % 20 == 0 else HoursPurpose.AVAILABLE, since=now
        )
        for member in new
    )
    for member in new:
        peer.set_matching_preferences(member_id=member.pk, not_now=["grief"], experiences=["divorce", "debt"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix=".bench-", dir=Path.cwd())
    os.environ |= {"DJANGO_SETTINGS_MODULE": "peersupport.settings.demo", "PEERSUPPORT_VAR": folder}
    import django

    try:
        django.setup()
        is_fast = time_ranking(options.members, options.rounds)
        is_constant = time_reading((options.members // 10, options.members), 5)
    finally:
        shutil.rmtree(folder)
    if not (is_fast and is_constant):
        sys.exit(f"Too slow (over {ALLOWED_MS} ms), or the queries grow with the members.")


if __name__ == "__main__":
    main()

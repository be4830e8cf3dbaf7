"""A clock that jumps, is set back, or differs between two hosts: no round falls silent, and nothing goes too early."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from operations.actions import record_round
from operations.beat import LOOKS_EVERY, SKEW, Scheduler
from peersupport.celery import app
from peersupport.core import claims
from peersupport.core.backoff import MAX_PAUSE, next_try
from peersupport.notices.actions import outbox
from peersupport.notices.models import Notice
from peersupport.program.domain.clock import LONGEST_GAP, WAITS, Seen, begins
from peersupport.team.actions import tries
from peersupport.team.models import Member, Tries
from requests_app import tasks
from requests_app.domain.states import Urgency
from requests_app.queries import unsealing
from tests.notices.test_worker import WORKER
from tests.operations.site import Site
from tests.requests_app.conftest import submit_request
from tests.services import wait_until

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
NOW = datetime(2031, 3, 4, 12, 0, 20, tzinfo=UTC)
WORKER_ALONE = [each for each in WORKER if each != "-B"]
BEAT = [*WORKER[:4], "beat", "--pidfile=", "--loglevel=WARNING"]
ROUNDS = "SELECT task FROM operations_round"


@pytest.mark.fault(
    "Clock",
    "Is set back by an hour while beat runs",
    people="nothing",
    heals="by itself, with the next round",
)
def test_a_clock_that_is_set_back_silences_no_round(demo_site: Site, tmp_path: Path) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text(str(HOUR.total_seconds()))

    def runs_each_round() -> bool:
        """As often that what was sent before can't be all of it."""
        for _ in range(2):
            demo_site.sql("DELETE FROM operations_round")
            if not wait_until(lambda: len(demo_site.sql(ROUNDS)) == 2, seconds=20):
                return False
        return True

    by_its_clock = ["-m", "tests.faults.by_a_clock", str(ahead), "celery", *BEAT[2:]]
    with demo_site.process(*WORKER_ALONE), demo_site.process(*by_its_clock, log_name="beat") as (_, log):
        assert runs_each_round(), log.read_text()
        ahead.write_text("0")
        assert runs_each_round(), log.read_text()


@pytest.mark.fault(
    "Clock",
    "The worker's host is two minutes ahead of beat's",
    people="nothing",
    heals="nothing has to: a round expires only after three minutes",
)
def test_a_worker_whose_clock_is_two_minutes_ahead_runs_the_rounds_of_each_minute(
    demo_site: Site, tmp_path: Path
) -> None:
    (tmp_path / "ahead").write_text("120")
    demo_site.sql("DELETE FROM operations_round")
    by_its_clock = ["-m", "tests.faults.by_a_clock", str(tmp_path / "ahead"), "celery", *WORKER_ALONE[2:]]
    with demo_site.process(*BEAT) as (_, log), demo_site.process(*by_its_clock, log_name="worker"):
        assert wait_until(lambda: len(demo_site.sql(ROUNDS)) == 2, seconds=20), log.read_text()


@pytest.mark.django_db
@pytest.mark.sqlite_only  # beat closes its connection, and with it the test's
def test_beat_goes_on_from_the_last_runs_and_not_from_those_of_the_future() -> None:
    daily, nightly, weekly = "peersupport.team.tasks.daily", "applications.tasks.purge", "requests_app.tasks.sweep"
    record_round(task=daily, now=NOW - 2 * DAY)
    record_round(task=nightly, now=NOW + YEAR)
    with time_machine.travel(NOW, tick=False):
        entries = Scheduler(app=app).schedule
        assert entries[daily].last_run_at == (NOW - 2 * DAY).replace(second=0) + SKEW and entries[daily].is_due()[0]
        assert entries[nightly].last_run_at == NOW and not entries[nightly].is_due()[0]
        assert entries[weekly].last_run_at == NOW, "it never ran"
    assert connection.is_usable()


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite_only  # beat closes its connection, and with it the test's
@pytest.mark.parametrize("ran", ["by a clock 90 seconds behind", "never: the message was lost"])
def test_a_round_that_ran_by_a_clock_behind_beats_is_not_sent_again(ran: str) -> None:
    half_hourly = "operations.tasks.forget_expired"
    record_round(task=half_hourly, now=NOW - timedelta(minutes=30))
    with time_machine.travel(NOW, tick=False) as clock:
        scheduler = Scheduler(app=app)
        entry = scheduler.schedule[half_hourly]
        assert entry.is_due()[0]
        scheduler.schedule[half_hourly] = next(entry)
        if "behind" in ran:
            record_round(task=half_hourly, now=NOW - timedelta(seconds=90))
        clock.shift(timedelta(minutes=11))
        scheduler._go_on_from_last_runs(sent_before=LOOKS_EVERY)
        assert scheduler.schedule[half_hourly].is_due()[0] is ("never" in ran)


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite_only  # beat closes its connection, and with it the test's
def test_the_hour_that_comes_twice_is_no_clock_that_was_set_back() -> None:
    """Two times of one zone are compared as its clock shows them."""
    half_hourly = "operations.tasks.forget_expired"
    before, after = (datetime(2026, 11, 1, hour, minute, 5, tzinfo=UTC) for hour, minute in ((6, 31), (7, 0)))
    record_round(task=half_hourly, now=before)
    with time_machine.travel(before, tick=False) as clock:
        scheduler = Scheduler(app=app)
        clock.move_to(after)
        scheduler._follow_a_clock_that_was_set_back()
        assert scheduler.schedule[half_hourly].is_due()[0]


# What was noted by a clock that was ahead


@pytest.mark.django_db
@pytest.mark.fault(
    "Clock",
    "Was a year ahead while mails failed, passwords were mistyped and requests were sent",
    people="once it is right: mails leave, requests go on to the next peer, and nobody waits to sign in",
    heals="by itself: a claim, a wait or a deadline further away than any can be counts as over",
)
def test_nothing_waits_for_a_moment_that_a_clock_ahead_has_set(ana: Member, ben: Member) -> None:
    with time_machine.travel(NOW + YEAR, tick=False):
        submit_request(Urgency.TODAY)
        Notice.objects.all().delete()
        Notice.objects.create(
            recipient=ana.user, is_urgent=True, claim=uuid4(), claimed_until=next_try(NOW + YEAR, 5), tries=5
        )
        Tries.objects.create(tag="somebody", tries=9, wait_until=NOW + YEAR + timedelta(seconds=60))
        (before,) = [request.routing for request in unsealing.open_requests()]
    with time_machine.travel(NOW, tick=False):
        assert outbox.send(urgent=True, now=NOW) == 1
        tries.forget_times(now=NOW)
        assert not Tries.objects.filter(wait_until__gt=NOW).exists()
        tasks.sweep()
        (after,) = [request.routing for request in unsealing.open_requests()]
    assert after.offered_to != before.offered_to and after.due is not None
    assert timedelta() < datetime.fromtimestamp(after.due * 60, UTC) - NOW < DAY


def test_no_claim_of_a_right_clock_is_taken_for_one_of_a_clock_ahead() -> None:
    assert (
        max(next_try(NOW, number) - NOW for number in range(1, 20)) <= MAX_PAUSE + timedelta(minutes=5) < claims.LONGEST
    )


# The guard


JUMPS = st.one_of(st.just(timedelta(minutes=1)), st.timedeltas(-2 * YEAR, 2 * YEAR))


@pytest.mark.fault(
    "Clock",
    "Jumps back and forth, by hours or by years",
    people="nothing; what is over is kept for longer",
    heals="by itself, after a day without a jump of more than a day",
)
@given(st.lists(JUMPS, max_size=60))
def test_however_a_clock_jumps_a_day_of_rounds_comes_before_anything_goes(jumps: list[timedelta]) -> None:
    seen, now, believed_from = begins(NOW), NOW, NOW
    for jump in jumps:
        before, now = seen, now + jump
        has_jumped = not -HOUR <= now - before.seen_at <= LONGEST_GAP
        assert not (has_jumped and before.is_steady(now)), "asked before the round has noted it"
        seen = before.at(now)
        believed_from = now + WAITS if has_jumped else believed_from
        assert seen.is_steady(now) <= (now >= believed_from)
    assert heals(seen, now), "and it waits for no more than a day and a minute of even rounds"


def heals(seen: Seen, now: datetime) -> bool:
    for hour in range(25):
        seen = seen.at(now + hour * HOUR)
    return seen.is_steady(now + 24 * HOUR)

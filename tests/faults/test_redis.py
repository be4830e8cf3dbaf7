"""Redis gone, emptied or late, while real officers, members, workers and beats go on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from operations.serve import front
from tests import services
from tests.bench.load import PlainClient
from tests.bench.returns import come_back
from tests.conftest import need
from tests.notices.test_worker import QUEUE_ONE_EACH, RING, WORKER
from tests.operations.home import Home
from tests.operations.serve.test_serve import log_of
from tests.operations.site import Site
from tests.services import wait_until

from .running import URGENT, Browser, OwnRedis, launch, own_redis, send_request

IMPATIENT = "tests.faults.impatient_celery"
BEAT = ["-m", "celery", "-A", IMPATIENT, "beat", "--pidfile=", "--loglevel=WARNING"]
WORKER_ALONE = ["-m", "celery", "-A", IMPATIENT, "worker", "--pool=solo", "--loglevel=WARNING"]


@pytest.fixture
def its_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    (tmp_path / "redis").mkdir()
    yield from need(lambda: own_redis(tmp_path / "redis"))


@pytest.fixture
def site(demo_site: Site, its_redis: OwnRedis) -> Site:
    """A demo on this Redis, with an empty outbox."""
    demo_site.sql("DELETE FROM notices_notice")
    for leftover in (demo_site.var / "mail").iterdir():
        leftover.unlink()
    return Site(
        demo_site.var, PEERSUPPORT_TEST_BROKER=its_redis.url, DJANGO_SETTINGS_MODULE="tests.notices.redis_settings"
    )


@pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
@pytest.mark.fault(
    "Redis",
    "Is gone for a while",
    people="nothing: officers send and come back, members sign in, `/healthz` stays well for three minutes",
    heals="by itself: worker and beat connect again, and what waits leaves without a restart",
)
def test_while_redis_is_gone_people_go_on_and_afterwards_mails_leave(home: Home, its_redis: OwnRedis) -> None:
    launch(home).set(PEERSUPPORT_REDIS_URL=its_redis.url)
    with home.serve() as served:
        port = urlsplit(served.address).port or 0
        its_redis.kill()
        words = send_request(port)
        come_back(PlainClient(port), words)
        assert Browser(port).sign_in("ana@example.org") == 302
        assert Browser(port).health()["worker"] == "ok"
        assert home.sql(URGENT) != [(0,)]
        its_redis.start()
        send_request(port)  # whose ring wakes the worker as soon as it is connected again
        assert wait_until(lambda: home.sql(URGENT) == [(0,)], seconds=60), served.output
        assert [line["child"] for line in log_of(served) if line["message"] == "a child ended"] == []
    assert home.mails


def break_off(redis: OwnRedis) -> None:
    redis.kill()
    redis.start()


def empty(redis: OwnRedis) -> None:
    with redis.client() as client:
        client.flushall()


@pytest.mark.parametrize("break_it", [break_off, empty], ids=["gone", "emptied"])
def test_a_worker_and_its_rounds_go_on_after_it(
    site: Site, its_redis: OwnRedis, break_it: Callable[[OwnRedis], None]
) -> None:
    """Without any ring."""
    with site.process(*WORKER) as (worker, log):
        assert wait_until(lambda: "[queues]" in log.read_text(), seconds=30), log.read_text()
        break_it(its_redis)
        site.run(QUEUE_ONE_EACH)
        assert wait_until(lambda: len(site.mails) == 2, seconds=60), log.read_text()
        assert worker.poll() is None


@pytest.mark.fault(
    "Redis",
    "Is emptied (FLUSHALL) with rounds and wake-ups in it",
    people="a notice may leave a minute later",
    heals="by itself: the rounds find what is in the tables, and beat sends again what was sent and did not run",
)
def test_what_stood_in_a_redis_that_was_emptied_is_done_all_the_same(site: Site, its_redis: OwnRedis) -> None:
    site.run("\n".join(RENEWED))
    with site.process(*BEAT) as (beat, log):
        site.run(RING)
        with its_redis.client() as client:
            assert wait_until(lambda: client.llen("celery") > len(DAILY), seconds=30), log.read_text()
            client.flushall()
        with site.process(*WORKER_ALONE, log_name="worker") as (_, said):
            assert wait_until(lambda: rounds_due(site) == [], seconds=60), rounds_due(site)
            assert wait_until(lambda: site.sql(URGENT) == [(0,)], seconds=30), said.read_text()
        assert beat.poll() is None


DAILY = ("peersupport.team.tasks.daily", "applications.tasks.purge", "requests_app.tasks.renew_plane_key")
LONG_AGO = "datetime(2026, 1, 1, tzinfo=UTC)"
RENEWED = (
    "from datetime import UTC, datetime",
    "from operations.actions import record_round",
    *(f"record_round(task={task!r}, now={LONG_AGO})" for task in DAILY),
)


def rounds_due(site: Site) -> list[str]:
    """Those of the daily and weekly ones that have not run since."""
    ran = dict(site.sql("SELECT task, ran_at FROM operations_round"))
    return [task for task in DAILY if ran[task] < f"{datetime.now(UTC).year}-01-02"]

"""A real Celery worker with beat, on the brokers that the program runs with; no eager tasks."""

import base64
import json
import os
import signal
import time
from contextlib import contextmanager

import pytest
import redis

from tests import services
from tests.conftest import need
from tests.operations.site import Site
from tests.services import wait_until

WORKER = ["-m", "celery", "-A", "tests.notices.fast_beat", "worker", "-B", "--pool=solo", "--loglevel=WARNING"]
QUEUE_ONE_EACH = """
from peersupport.notices import alert_services
from peersupport.team.models import User
from peersupport.notices.models import Notice, PhoneAlert
for name, urgent in (("ana", True), ("ben", False)):
    user = User.objects.create(email=name + "@example.org", name=name, is_member=True)
    Notice.objects.create(recipient=user, is_urgent=urgent)
PhoneAlert.objects.create(user=user, sealed_address=alert_services.seal(user.pk, "demo://ben"))
Notice.objects.create(recipient=user, is_urgent=False, channel="phone")
"""
RING = """
from django.db import transaction
from peersupport.notices.actions.outbox import notify
from peersupport.team.models import User
user = User.objects.create(email="canary-7f3a@example.org", name="canary-7f3a", is_member=True)
with transaction.atomic():
    notify(user_id=user.pk, urgent=True)
"""


@pytest.fixture
def site(demo_site):
    """A demo with an empty outbox."""
    demo_site.sql("DELETE FROM notices_notice")
    for leftover in [file for folder in ("mail", "bells", "broker") for file in (demo_site.var / folder).glob("*")]:
        leftover.unlink()
    return demo_site


def test_the_rounds_send_what_is_in_the_table_without_any_ring(site):
    site.run(QUEUE_ONE_EACH)
    assert messages_in(site.var / "broker") == []
    with site.process(*WORKER) as (_, log):
        assert wait_until(lambda: len(site.mails) == 2 and site.rings == ["ben"], seconds=60), log.read_text()
    assert site.sql("SELECT * FROM notices_notice") == []


def test_the_same_on_redis(redis_url, site):
    on_redis = Site(site.var, PEERSUPPORT_TEST_BROKER=redis_url, DJANGO_SETTINGS_MODULE="tests.notices.redis_settings")
    on_redis.run(QUEUE_ONE_EACH)
    with on_redis.process(*WORKER) as (_, log):
        assert wait_until(lambda: len(on_redis.mails) == 2, seconds=60), log.read_text()


def test_a_ring_carries_no_content(site):
    site.run(RING)
    [message] = messages_in(site.var / "broker")
    assert message["headers"]["task"] == "peersupport.notices.tasks.send_urgent"
    assert message["body"] == [[], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("()", "{}")
    assert "canary" not in json.dumps(message)


@pytest.mark.fault(
    "Redis",
    "Refuses connections while somebody sends",
    people="nothing",
    heals="by itself: the rounds find the notice in its table",
)
def test_an_unreachable_broker_neither_stops_the_caller_nor_loses_the_notice(site):
    """Nothing listens at this Redis address."""
    unreachable = Site(
        site.var, PEERSUPPORT_TEST_BROKER="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="tests.notices.redis_settings"
    )
    unreachable.run(RING)
    assert len(site.sql("SELECT * FROM notices_notice")) == 1  # where the rounds find it


@pytest.fixture
def own_redis():
    """A Redis of this test alone, because it stops it."""
    for url in need(services.redis):
        with redis.Redis.from_url(url) as client:
            yield url, int(client.info("server")["process_id"])


@pytest.mark.fault(
    "Redis",
    "Accepts connections and says nothing, while somebody sends",
    people="nothing: nobody waits for it",
    heals="by itself: the rounds find the notice in its table",
)
def test_a_redis_that_accepts_and_stays_silent_holds_nobody_up(site, own_redis):
    """The notice is in its table by then, where the rounds find it."""
    url, process = own_redis
    on_redis = Site(site.var, PEERSUPPORT_TEST_BROKER=url, DJANGO_SETTINGS_MODULE="tests.notices.redis_settings")
    with stopped(process):
        seconds = float(on_redis.run(f"import time; began = time.monotonic(){RING}print(time.monotonic() - began)"))
    assert seconds < 10
    assert len(site.sql("SELECT * FROM notices_notice")) == 1


@pytest.mark.fault(
    "Redis",
    "Says nothing for longer than every time-out, while a worker waits for it",
    people="notices come later",
    heals="by itself: the worker connects again",
)
def test_a_worker_goes_on_after_a_redis_that_was_silent(site, own_redis):
    url, process = own_redis
    on_redis = Site(site.var, PEERSUPPORT_TEST_BROKER=url, DJANGO_SETTINGS_MODULE="tests.notices.redis_settings")
    with on_redis.process(*WORKER) as (worker, log):
        assert wait_until(lambda: "[queues]" in log.read_text(), seconds=30), log.read_text()
        with stopped(process):
            time.sleep(6)  # longer than every time-out
        on_redis.run(QUEUE_ONE_EACH)
        assert wait_until(lambda: len(on_redis.mails) == 2, seconds=60), log.read_text()
        assert worker.poll() is None


@contextmanager
def stopped(process):
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def messages_in(folder):
    found = []
    for file in folder.iterdir():
        message = json.loads(file.read_text())
        message["body"] = json.loads(base64.b64decode(message["body"]))
        found.append(message)
        file.unlink()
    return found

"""A real Celery worker with beat, on the brokers that the program runs with; no eager tasks."""

import base64
import json

import pytest

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
    with site.process(*WORKER, f"--schedule={site.var}/fast-beat") as (_, log):
        assert wait_until(lambda: len(site.mails) == 2 and site.rings == ["ben"], seconds=60), log.read_text()
    assert site.sql("SELECT * FROM notices_notice") == []


def test_the_same_on_redis(redis_url, site):
    on_redis = Site(site.var, PEERSUPPORT_TEST_BROKER=redis_url, DJANGO_SETTINGS_MODULE="tests.notices.redis_settings")
    on_redis.run(QUEUE_ONE_EACH)
    with on_redis.process(*WORKER, f"--schedule={site.var}/fast-beat") as (_, log):
        assert wait_until(lambda: len(on_redis.mails) == 2, seconds=60), log.read_text()


def test_a_ring_carries_no_content(site):
    site.run(RING)
    [message] = messages_in(site.var / "broker")
    assert message["headers"]["task"] == "peersupport.notices.tasks.send_urgent"
    assert message["body"] == [[], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("()", "{}")
    assert "canary" not in json.dumps(message)


def test_an_unreachable_broker_neither_stops_the_caller_nor_loses_the_notice(site):
    """Nothing listens at this Redis address."""
    unreachable = Site(
        site.var, PEERSUPPORT_TEST_BROKER="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="tests.notices.redis_settings"
    )
    unreachable.run(RING)
    assert len(site.sql("SELECT * FROM notices_notice")) == 1  # where the rounds find it


def messages_in(folder):
    found = []
    for file in folder.iterdir():
        message = json.loads(file.read_text())
        message["body"] = json.loads(base64.b64decode(message["body"]))
        found.append(message)
        file.unlink()
    return found

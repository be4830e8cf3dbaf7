"""A real Celery worker with its beat, on the brokers that this program runs with. No eager task in sight."""

import base64
import json

import pytest

from operations.processes import wait_until
from tests.operations.site import Site

WORKER = ["-m", "celery", "-A", "tests.notices.hasty", "worker", "-B", "--pool=solo", "--loglevel=WARNING"]
QUEUE_ONE_EACH = """
from peersupport.notices import phone_alerts
from peersupport.team.models import User
from peersupport.notices.models import Notice, PhoneAlert
for name, urgent in (("ana", True), ("ben", False)):
    user = User.objects.create(email=name + "@example.org", name=name, is_member=True)
    Notice.objects.create(recipient=user, is_urgent=urgent)
PhoneAlert.objects.create(user=user, sealed_address=phone_alerts.seal(user.pk, "demo://ben"))
Notice.objects.create(recipient=user, is_urgent=False, channel="bell")
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
    """With nothing that waits."""
    demo_site.sql("DELETE FROM notices_notice")
    for left in [file for folder in ("mail", "bells", "broker") for file in (demo_site.var / folder).glob("*")]:
        left.unlink()
    return demo_site


def test_the_rounds_send_what_stands_in_the_table_though_nobody_rang(site):
    site.run(QUEUE_ONE_EACH)
    assert messages_in(site.var / "broker") == []
    with site.process(*WORKER, f"--schedule={site.var}/hasty") as (_, log):
        assert wait_until(lambda: len(site.mails) == 2 and site.rings == ["ben"], seconds=30), log.read_text()
    assert site.sql("SELECT * FROM notices_notice") == []


def test_the_same_on_redis(redis_url, site):
    on_redis = Site(site.var, PEERSUPPORT_TEST_BROKER=redis_url, DJANGO_SETTINGS_MODULE="tests.notices.on_redis")
    on_redis.run(QUEUE_ONE_EACH)
    with on_redis.process(*WORKER, f"--schedule={site.var}/hasty") as (_, log):
        assert wait_until(lambda: len(on_redis.mails) == 2, seconds=30), log.read_text()


def test_a_bell_rung_carries_no_word(site):
    site.run(RING)
    [message] = messages_in(site.var / "broker")
    assert message["headers"]["task"] == "peersupport.notices.tasks.send_urgent"
    assert message["body"] == [[], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("()", "{}")
    assert "canary" not in json.dumps(message)


def test_a_broken_bell_neither_stops_the_caller_nor_loses_the_notice(site):
    """Nothing listens where this one looks for its Redis."""
    deaf = Site(
        site.var, PEERSUPPORT_TEST_BROKER="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="tests.notices.on_redis"
    )
    deaf.run(RING)
    assert len(site.sql("SELECT * FROM notices_notice")) == 1  # where the rounds find it


def messages_in(folder):
    found = []
    for file in folder.iterdir():
        message = json.loads(file.read_text())
        message["body"] = json.loads(base64.b64decode(message["body"]))
        found.append(message)
        file.unlink()
    return found

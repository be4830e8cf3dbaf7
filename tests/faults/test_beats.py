"""Two beats and two workers, as two hosts have them: every round runs twice at the same moment, and nothing twice."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from peersupport.celery import ROUNDS
from tests.conftest import need
from tests.operations.home import PREPARE, SETTINGS, Home
from tests.services import wait_until

from .running import OwnRedis, launch, own_redis

pytestmark = pytest.mark.sqlite_only  # it has a PostgreSQL of its own
CELERY = ["-m", "celery", "-A", "tests.faults.all_rounds"]
WORKER = ["worker", "--pool=prefork", "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
BEAT = ["beat", "--pidfile=", "--loglevel=WARNING"]
TIMES = 4  # each round, by both beats together
FILL = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from dashboard import tasks as dashboard_tasks
from peersupport.notices.actions import outbox
from peersupport.sealing import keyring
from peersupport.sealing.models import KeyToDestroy
from peersupport.team.actions import mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import User
from requests_app.domain.states import Urgency
from stats import actions as stats
from tests.requests_app.conftest import submit_request
from training import tasks as training_tasks
for round in (dashboard_tasks.notify_of_gaps, training_tasks.daily):  # or the coordinator gets one more mail, or not
    round()
with time_machine.travel(timezone.now() - timedelta(days=50)):
    for number in range(4):
        submit_request(Urgency.TODAY)
for number in range(2):
    submit_request(Urgency.TODAY)
for number in range(5):
    KeyToDestroy.objects.create(key_id=keyring.create())
stats.open_year(year=timezone.localdate().year - 2)
users = User.objects.order_by("pk")
for number in range(20):
    mails.queue_notice(kind=MailKind.ADDRESS_CHANGED, email=f"queued-{number}@example.org")
outbox.notify_all(user_ids=[user.pk for user in users], urgent=False)
outbox.notify_all(user_ids=[user.pk for user in users], urgent=True)
"""

# Keys: of the requests, the plane and the open year.
LEFT = """
import json
from peersupport.sealing import keyring
from peersupport.sealing.models import KeyToDestroy
from peersupport.team.models import QueuedMail
from requests_app.models import Request
from stats.models import StatsReport, StatsYear
found = {"to_send": QueuedMail, "requests": Request, "to_destroy": KeyToDestroy}
found |= {"reports": StatsReport, "years": StatsYear}
print(json.dumps({name: model.objects.count() for name, model in found.items()} | {"keys": len(keyring.shred_ids())}))
"""


@pytest.fixture
def its_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    (tmp_path / "redis").mkdir()
    yield from need(lambda: own_redis(tmp_path / "redis"))


@pytest.fixture
def home(postgresql_url: str, its_redis: OwnRedis, tmp_path: Path) -> Iterator[Home]:
    server = "/" + postgresql_url.partition("@//")[2].rpartition("/")[0]  # the folder of its socket
    with psycopg.connect(host=server, user="tests", dbname="postgres", autocommit=True) as database:
        database.execute("CREATE DATABASE beats")
    made = Home(tmp_path / "home", DJANGO_SETTINGS_MODULE="peersupport.settings.production")
    made.folder.mkdir(mode=0o700)
    url = postgresql_url.removesuffix("/postgres") + "/beats"
    made.set(**SETTINGS, PEERSUPPORT_DATABASE_URL=url, PEERSUPPORT_REDIS_URL=its_redis.url)
    made.run(PREPARE)
    yield launch(made)
    with psycopg.connect(host=server, user="tests", dbname="postgres", autocommit=True) as database:
        database.execute("DROP DATABASE beats WITH (FORCE)")


@pytest.mark.fault(
    "Processes",
    "Two beats and two workers run every round twice at the same moment",
    people="nothing: each mail comes once",
    heals="nothing has to: each claims a row before it does what the row says",
)
def test_all_rounds_twice_at_the_same_moment_do_nothing_twice(home: Home) -> None:
    home.run(FILL)
    with ExitStack() as running:
        logs = []
        for number, (host, what) in enumerate([("one", WORKER), ("two", WORKER), ("one", BEAT), ("two", BEAT)]):
            name = [f"--hostname={host}@test"] if what is WORKER else []
            logs.append(running.enter_context(home.process(*CELERY, *what, *name, log_name=f"{number}"))[1])

        def ran() -> Counter[str]:
            return Counter(re.findall(r"^ran (\S+)$", "".join(log.read_text() for log in logs), re.MULTILINE))

        assert wait_until(lambda: min(ran()[task] for task in ROUNDS) >= TIMES, seconds=90), ran()
        assert wait_until(lambda: json.loads(home.run(LEFT))["to_send"] == 0, seconds=30)
    said = "".join(log.read_text() for log in logs)
    assert not re.findall(
        r"^failed .*|.*Traceback.*|.*Error.*|.*\"level\": \"(?:ERROR|WARNING)\".*", said, re.MULTILINE
    )
    mails = Counter(re.findall(r"^To: (.*)$", "".join(home.mails), re.MULTILINE))
    people = {f"{name}@example.org": 2 for name in ("carla", "ana", "ben")}  # an urgent notice and one that can wait
    assert mails == {**people, **{f"queued-{number}@example.org": 1 for number in range(20)}}
    assert json.loads(home.run(LEFT)) == {
        "to_send": 0,
        "requests": 2,
        "to_destroy": 0,
        "keys": 2 + 1 + 1,
        "reports": 1,
        "years": 1,
    }

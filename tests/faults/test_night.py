"""A night without a worker: what an officer reads meanwhile, and what a worker does that starts in the morning."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from operations.serve import front
from tests import services
from tests.operations.home import Home
from tests.services import wait_until

from .running import REQUESTS, Browser, launch, web_server

# Ten hours ago the last rounds ran. Then two requests were sent, a third ran out of time, and mails were queued.
NIGHT = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from operations.actions import record_round
from peersupport.celery import ROUNDS
from peersupport.notices.actions import outbox
from peersupport.program.actions import note_clock
from peersupport.team.actions import mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import Member
from requests_app.domain.states import UNTOUCHED_ERASED_AFTER, Urgency
from tests.requests_app.conftest import submit_request
morning = timezone.now()
evening = morning - timedelta(hours=10)
with time_machine.travel(evening + timedelta(hours=5) - UNTOUCHED_ERASED_AFTER, tick=False):
    submit_request(Urgency.WHEN_YOU_CAN, message="three")
with time_machine.travel(evening, tick=False):
    note_clock(now=evening)
    for task in ROUNDS:
        record_round(task=task, now=evening - timedelta(days=8))
    words = submit_request(Urgency.NOW, message="one").receipt_words
    submit_request(Urgency.TODAY, message="two")
    outbox.notify_all(user_ids=Member.objects.values_list("user_id", flat=True), urgent=False)
    for number in range(5):
        mails.queue_notice(kind=MailKind.ADDRESS_CHANGED, email=f"queued-{number}@example.org")
print(" ".join(words))
"""
LATE = "This takes longer than it should. Something on our side is wrong, and maybe nobody was told of it yet."
RAN_BEFORE = "SELECT count(*) FROM operations_round WHERE ran_at < datetime('now', '-1 hour')"


def read(port: int, words: str) -> str:
    """What the officer reads who comes back."""
    browser = Browser(port)
    browser.ask("/request/return/", {"token": "", "receipt": words, "text": "", "own_words": ""})
    status, page = browser.ask("/request/thread/")
    assert status == 200
    return page.replace("&#x27;", "'")


@pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
@pytest.mark.fault(
    "Processes",
    "No worker runs for a night",
    people="no notice leaves; an officer who comes back reads that something is wrong on our side, and whom to call",
    heals="by itself, once a worker runs: all that was missed is done, and each mail leaves once",
)
def test_a_night_without_a_worker_is_told_and_made_up_for_once(home: Home) -> None:
    words = launch(home).run(NIGHT).splitlines()[-1]
    port = urlsplit(home.settings["PEERSUPPORT_SITE_URL"]).port or 0
    home.environment["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.production"
    with web_server(home, port):
        page = read(port, words)
        assert LATE in page and "988" in page and "being asked right now" not in page
        assert Browser(port).health()["worker"] == "silent"
    assert home.sql(REQUESTS) == [(3,)]

    with home.serve() as served:
        assert wait_until(lambda: home.sql(RAN_BEFORE) == [(0,)], seconds=60), home.sql(
            "SELECT * FROM operations_round"
        )
        assert wait_until(lambda: home.sql(REQUESTS) == [(2,)], seconds=20), served.output
        assert wait_until(lambda: home.sql("SELECT * FROM team_queuedmail") == [], seconds=20), served.output
        assert LATE not in read(port, words)
    mails = Counter(re.findall(r"^To: (.*)$", "".join(home.mails), re.MULTILINE))
    assert {name: mails[name] for name in mails if name.startswith("queued")} == {
        f"queued-{number}@example.org": 1 for number in range(5)
    }
    # An urgent notice and one that can wait. The alarm that the sweep would give once more is still in its quiet time.
    assert (mails["ana@example.org"], mails["ben@example.org"]) == (2, 2)

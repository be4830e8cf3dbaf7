"""How long the pages take with so many requests open and so many members who serve, in one process, without a server.

flat.py runs this file in each build, so it uses only what both have. The member whose desk is measured has the same
offers and contacts however many others there are.
"""

# ruff: noqa: E402

import gc
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import environ
from django.conf import settings

NUMBER_OPEN, MEMBERS, DATABASE_URL = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
OFFERS, CONTACTS = 3, 2
ROUNDS, SWEEPS = 11, 3
DUE = 200
# First all that was held until the next half hour goes out. Then whoever was asked "today" lets it pass: half an hour,
# kept to the half hour. For "when you can" there is more time.
AFTER_HELD, AFTER_TODAY = timedelta(minutes=30), timedelta(minutes=92)
ON_CALL = 50

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody's patience is measured
if DATABASE_URL:
    settings.DATABASES = {"default": environ.Env().db_url_config(DATABASE_URL)}
# Noon, whenever it is measured: at night nothing that can wait is passed on.
settings.TIME_ZONE = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
django.setup()

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.program import form_tokens
from peersupport.program import queries as program
from peersupport.program.models import CrisisLinesConfirmation, Launch
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import credentials
from requests_app.actions import officer, peer, submission, sweep
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.models import Request
from requests_app.queries import matching, members, officers
from tests.cast import make_member, make_user, private_key_of, sign_in

Cost = tuple[float, float]  # milliseconds: as a clock counts them, and those of the processor


def main() -> None:
    prepare()
    ana, coordinator = make_team()
    submit_others(ana)
    give_work_to(ana)
    gc.collect()
    gc.freeze()
    print(json.dumps(measure(ana, coordinator)))


def prepare() -> None:
    envelope.PASSWORD_MEMORY_KIB = 64
    keyring.prepare()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)  # for a program of before that had a shared cache
    Launch.objects.create(pk=1, launched_on="2026-01-01")
    CrisisLinesConfirmation.objects.create(pk=1, confirmed_on="2026-01-01", lines_digest=program.crisis_lines_digest())


def make_team() -> tuple[Any, Any]:
    """The member whose desk is measured, and the coordinator."""
    coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
    made = [
        make_member(f"M{number} Member", confirmed_by=coordinator, on_call=number < ON_CALL, unit=f"Unit {number % 12}")
        for number in range(MEMBERS)
    ]
    return made[0], coordinator


def submit(urgency: Urgency = Urgency.TODAY, **chosen: object) -> Any:
    content = submission.Submission(Card(urgency=urgency, **chosen), Words("I have not slept. " * 20))
    sent = submission.submit(token=form_tokens.fresh("request"), submission=content)
    return credentials(keyring.lasting("credentials"), sent.receipt_words)


def submit_others(ana: Any) -> None:
    """All but Ana's, offered to others. The team is read once for all of them: that each reads it is measured later."""
    others = NUMBER_OPEN - OFFERS - CONTACTS
    read = matching.serving_peers
    peers = read(timezone.now())
    matching.serving_peers = lambda now, **_: peers
    for number in range(others):
        urgency = Urgency.TODAY if number < DUE else Urgency.WHEN_YOU_CAN
        submit(urgency, excluded_members=frozenset({ana.pk}))
    matching.serving_peers = read


def give_work_to(ana: Any) -> None:
    for number in range(CONTACTS + OFFERS):
        creds = submit(Urgency.WHEN_YOU_CAN, wanted=ana.pk, anyone_else=False)
        if number < CONTACTS:
            request = officers.request_of(creds)
            outcome = peer.accept(member=ana, request_id=request.id, private_key=private_key_of(ana.user.name))
            assert outcome == peer.AcceptOutcome.ACCEPTED, outcome
    assert len(members.contacts_of(ana)) == CONTACTS
    assert len(members.offers_for(ana, private_key_of(ana.user.name))) == OFFERS


def measure(ana: Any, coordinator: Any) -> dict[str, Cost]:
    anonymous = Client(HTTP_HOST="localhost")
    at_desk = sign_in(Client(HTTP_HOST="localhost"), ana)
    in_charge = sign_in(Client(HTTP_HOST="localhost"), coordinator)
    return {
        "form": median_of(lambda: shown(anonymous, "/request/")),
        "send": median_of(Sending(ana), rounds=ROUNDS),
        "a member's desk": median_of(lambda: shown(at_desk, "/desk/")),
        "/waiting/": median_of(lambda: shown(in_charge, "/waiting/")),
        "coordinator's home": median_of(lambda: shown(in_charge, "/home/")),
        "one sweep, nothing due": median_of(lambda: cost_of(lambda: sweep.run(now=timezone.now())), rounds=SWEEPS),
        f"one sweep, at most {DUE} due": sweep_what_is_due(),
    }


def sweep_what_is_due() -> Cost:
    """Once: what was due is passed on by it."""
    sweep.run(now=timezone.now() + AFTER_HELD)
    before = routings()
    cost = cost_of(lambda: sweep.run(now=timezone.now() + AFTER_TODAY))
    passed_on, others = len(before - routings()), min(DUE, NUMBER_OPEN - OFFERS - CONTACTS)
    assert others <= passed_on <= others + OFFERS + CONTACTS, f"{passed_on} were due, and not {others}"
    return cost


def routings() -> set[bytes]:
    return {bytes(sealed)[:32] for sealed in Request.objects.values_list("routing", flat=True)}


class Sending:
    """Sends a request by the form, and closes it again, which isn't timed, so that as many stay open."""

    def __init__(self, ana: Any) -> None:
        self.client, self.ana = Client(HTTP_HOST="localhost"), ana

    def __call__(self) -> Cost:
        page = self.client.get("/request/").content.decode()
        form = {
            "token": re.search(r'name="token" value="([^"]*)"', page)[1],
            "urgency": "today", "anyone_else": "on", "not_these": [self.ana.pk], "understood": "on",
            "message": "I have not slept. " * 20,
        }  # fmt: skip
        answers = []
        cost = cost_of(lambda: answers.append(self.client.post("/request/", form, HTTP_SEC_FETCH_SITE="same-origin")))
        receipt = answers[0].content.decode().partition('id="receipt"')[2]
        words = re.findall(r"<span>([a-z]+)</span>", receipt)[:7]
        assert answers[0].status_code == 200 and len(words) == 7, answers[0].status_code
        officer.close(creds=officers.credentials_of(words))
        return cost


def shown(client: Client, path: str) -> Cost:
    answers = []
    cost = cost_of(lambda: answers.append(client.get(path)))
    assert answers[0].status_code == 200, f"{path} answered {answers[0].status_code}"
    return cost


def cost_of(run: Callable[[], object]) -> Cost:
    began, began_on_processor = time.perf_counter(), time.process_time()
    run()
    took = time.perf_counter() - began, time.process_time() - began_on_processor
    return round(1000 * took[0], 1), round(1000 * took[1], 1)


def median_of(measured: Callable[[], Cost], *, rounds: int = ROUNDS) -> Cost:
    """The medians, after two that aren't counted."""
    costs = [measured() for _ in range(rounds + 2)][2:]
    return statistics.median(cost[0] for cost in costs), statistics.median(cost[1] for cost in costs)


if __name__ == "__main__":
    main()

"""What the rounds do by a clock that has just jumped: they pass on, and erase and close nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import tasks as applications_tasks
from operations import tasks as operations_tasks
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team import tasks as team_tasks
from peersupport.team.models import Member
from requests_app import tasks
from requests_app.actions import officer, peer
from requests_app.domain.states import RequestState
from requests_app.models import ClosingNote, PendingTally, Request, SubmittedForm
from requests_app.queries import officers, unsealing
from stats import tasks as stats_tasks
from stats.models import StatsReport

from .conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db
ROUNDS: tuple[Callable[[], object], ...] = (
    operations_tasks.heartbeat,
    tasks.sweep,
    operations_tasks.destroy_orphaned_keys,
    operations_tasks.end_overlaps,
    stats_tasks.close_due_years,
    applications_tasks.purge,
    team_tasks.settle_lifts,
    team_tasks.daily,
)
MODELS = (Request, SubmittedForm, PendingTally, ClosingNote)


def run_the_rounds() -> None:
    for task in ROUNDS:
        task()


def what_is_kept() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


@pytest.fixture
def now(contact: OpenRequest, ana: Member, ana_key: bytes, open_year: None) -> datetime:
    """The rounds have run at this moment. There is a contact, a request nobody has taken, and a note with a tally."""
    closed = submit_request(message="thank you")
    peer.accept(member=ana, request_id=closed.unsealed.id, private_key=ana_key)
    token = form_tokens.fresh("write")
    peer.write(member=ana, request_id=closed.unsealed.id, private_key=ana_key, token=token, text="I have read it.")
    officer.close(creds=closed.credentials, note="thank you")
    submit_request()
    keyring.create()  # of a sending that is under way
    run_the_rounds()
    return timezone.now()


@pytest.mark.parametrize("days", [46, 366])
@pytest.mark.fault(
    "Clock",
    "Jumps ahead by 46 days or a year",
    people="requests are passed on too early; nothing is erased",
    heals="by the operator, within a day, in which `doctor` and the log say so: set it right",
)
def test_a_clock_that_jumps_ahead_erases_nothing_and_closes_no_year(
    now: datetime, contact: OpenRequest, days: int
) -> None:
    before, keys = what_is_kept(), keyring.shred_ids()
    assert (
        before["Request"] == 2 and before["SubmittedForm"] > 0 and before["ClosingNote"] == before["PendingTally"] == 1
    ), before
    for minute in range(3):
        with at(now + timedelta(days=days, minutes=minute)):
            run_the_rounds()
    with at(now + timedelta(days=days, hours=23)):
        run_the_rounds()
    assert (what_is_kept(), keyring.shred_ids()) == (before, keys)
    assert not StatsReport.objects.exists()
    with at(now + timedelta(minutes=10)):  # somebody set it right
        run_the_rounds()
        assert what_is_kept() == before
        own = officers.own_request(contact.credentials)
        assert own is not None and own.words is not None and own.words.message == "I have not slept."


def test_a_request_is_passed_on_while_the_clock_is_not_believed(now: datetime) -> None:
    with at(now + timedelta(days=46)):
        run_the_rounds()
        states = {request.routing.state for request in unsealing.open_requests()}
    assert states and RequestState.OFFERED not in states, "its deadline is over by any clock"


@pytest.mark.fault(
    "Clock",
    "The server was off for 46 days, or the clock that jumped was right",
    people="what is over is kept for a day longer",
    heals="by itself, after a day of even rounds",
)
def test_what_is_over_goes_once_the_clock_has_gone_on_for_a_day(now: datetime) -> None:
    jumped = now + timedelta(days=46)
    for hours in range(26):
        with at(jumped + timedelta(hours=hours)):
            run_the_rounds()
    assert not Request.objects.exists() and not SubmittedForm.objects.exists()


def test_45_days_with_rounds_in_them_are_45_days(now: datetime) -> None:
    for hours in range(0, 46 * 24, 12):
        with at(now + timedelta(hours=hours)):
            operations_tasks.heartbeat()
    with at(now + timedelta(days=46)):
        tasks.sweep()
    assert not Request.objects.exists()

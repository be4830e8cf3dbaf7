"""Two real workers on Redis with a beat in each, one of them killed on the way, while members accept."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pytest
from django.db import connection, transaction

from peersupport.notices.models import Notice
from peersupport.team.models import Member, User
from requests_app.actions import peer, request_rows
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Request
from requests_app.queries import unsealing
from tests import services
from tests.cast import make_member, private_key_of
from tests.operations.site import Site
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = ["-m", "celery", "-A", "tests.races.fast_celery", "worker", "-B", "--pool=solo", "--loglevel=WARNING"]
LONG_PAST = 0
SECONDS = 40


@pytest.fixture
def workers(own_keyring: Path, tmp_path: Path) -> Iterator[list[Popen[bytes]]]:
    with ExitStack() as running:
        started = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            site = Site(
                tmp_path / name / "var",
                DJANGO_SETTINGS_MODULE="tests.races.worker_settings",
                PEERSUPPORT_RACE_DATABASE=connection.settings_dict["NAME"],
                PEERSUPPORT_RACE_KEYRING=str(own_keyring),
                PEERSUPPORT_QUIET_MINUTES="0",  # nobody here waits for three of them
                **{variable: os.environ[variable] for variable in (services.DATABASE, services.REDIS)},
            )
            process, _ = running.enter_context(site.process(*WORKER, f"--hostname={name}@test"))
            started.append(process)
        yield started


def time_passes() -> None:
    """Let the time of all open offers run out."""
    with transaction.atomic():
        for request in unsealing.open_requests(Request.objects.select_for_update()):
            if request.routing.state == RequestState.OFFERED:
                request_rows.save(request, replace(request.routing, due=LONG_PAST))


def all_swept() -> bool:
    return not any(request.routing.due == LONG_PAST for request in unsealing.open_requests())


def accepts(member: Member, submitted: OpenRequest) -> bool:
    key = private_key_of(member.user.name)
    answer = peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key)
    return answer == peer.AcceptOutcome.ACCEPTED


@pytest.mark.fault(
    "Processes",
    "One of two workers is killed while members accept and offers run out",
    people="nothing: no request has two peers, and none is left without one who could be asked",
    heals="by itself: the other worker goes on",
)
def test_two_workers_one_of_them_killed_lose_no_request_and_give_none_twice(
    coordinator: User, ana: Member, ben: Member, workers: list[Popen[bytes]]
) -> None:
    make_member("Off Call", confirmed_by=coordinator, on_call=False)
    Member.objects.update(cap=20)
    requests = [submit_request(Urgency.NOW if number % 2 else Urgency.TODAY) for number in range(10)]
    yes: dict[int, list[Member]] = {number: [] for number in range(len(requests))}
    for wave in range(5):
        time_passes()
        for number in (wave, wave + 5):  # while both workers are at it
            yes[number] += [member for member in (ana, ben) if accepts(member, requests[number])]
        if wave == 2:
            workers[0].send_signal(signal.SIGKILL)
        assert wait_until(all_swept, seconds=SECONDS), "nobody sweeps what is due"
    assert wait_until(lambda: not Notice.objects.exists(), seconds=SECONDS), "somebody is still to be notified"

    assert Request.objects.count() == len(requests)
    for number, submitted in enumerate(requests):
        route = submitted.unsealed.routing
        assert len(yes[number]) <= 1
        assert [route.is_contact_of(member.pk) for member in yes[number]] == [True] * len(yes[number])
        if not yes[number]:
            assert route.state in {RequestState.OFFERED, RequestState.NOBODY}
    assert sum(map(len, yes.values())) >= 2

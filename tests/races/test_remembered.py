"""What one process remembers of the team and of open requests is right at its next look, whatever another one did."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit import remembered
from peersupport.incidents import actions as activation
from peersupport.incidents.models import CallOut
from peersupport.team import queries as team
from peersupport.team.actions import availability
from peersupport.team.models import Member
from requests_app.actions import peer
from requests_app.queries import outlines
from requests_app.queries.team_now import team_now
from tests.cast import make_user
from tests.races.racing import FORK, LONGEST_SECONDS
from tests.requests_app.conftest import submit_request

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[], tuple[set[int], list[list[int]]]]


def looking(there: Connection) -> None:
    """Another process: who serves, and to whom each request is offered, each time that it is asked."""
    connection.ensure_connection()
    while there.poll(LONGEST_SECONDS) and there.recv():
        peers, asked = set(team_now(timezone.now()).peers), outlines.open_now().outlines.values()
        there.send((peers, sorted(outline.offered_to for outline in asked)))


@pytest.fixture
def look(ana: Member, ben: Member) -> Iterator[Look]:
    connections.close_all()  # a connection must not be shared by two processes
    here, there = FORK.Pipe()
    process = FORK.Process(target=looking, args=(there,), daemon=True)
    process.start()

    def asked() -> tuple[set[int], list[list[int]]]:
        here.send(True)
        assert here.poll(LONGEST_SECONDS)
        return here.recv()  # type: ignore[no-any-return]

    try:
        yield asked
    finally:
        here.send(False)
        process.join(5)
        process.kill()


def pause(member: Member) -> None:
    until = timezone.localdate() + timedelta(days=2)
    availability.pause(member_id=member.pk, back_on=until, by=member.user)


def test_another_process_sees_a_pause_and_its_end_at_its_next_look(look: Look, ana: Member, ben: Member) -> None:
    assert look()[0] == {ana.pk, ben.pk}
    pause(ana)
    assert look()[0] == {ben.pk}
    availability.end_pause(member_id=ana.pk, by=ana.user)
    assert look()[0] == {ana.pk, ben.pk}


def test_another_process_sees_each_step_of_a_request(look: Look, ana: Member, ben: Member) -> None:
    request = submit_request(excluded_members=[ben.pk]).unsealed
    assert look()[1] == [[ana.pk]]
    peer.decline(member=ana, request_id=request.id)
    assert look()[1] == [[]]


def test_an_act_that_is_committed_after_a_later_one_is_seen(look: Look, ana: Member, ben: Member) -> None:
    """Its audit entry has the smaller number."""
    has_paused, may_commit = threading.Event(), threading.Event()

    def pause_slowly() -> None:
        with transaction.atomic():
            pause(ana)
            has_paused.set()
            may_commit.wait(LONGEST_SECONDS)
        connection.close()

    slowly = threading.Thread(target=pause_slowly)
    slowly.start()
    assert has_paused.wait(LONGEST_SECONDS)
    pause(ben)
    assert look()[0] == {ana.pk}
    may_commit.set()
    slowly.join()
    assert look()[0] == set()


@pytest.mark.parametrize("has_asked", [False, True])
def test_who_paused_a_moment_ago_is_not_called_out(ana: Member, ben: Member, has_asked: bool) -> None:
    """A rule under a lock asks the database, whatever the page has asked before."""
    coordinator = make_user("Zed Coordinator", Role.COORDINATOR)
    activation.begin_activation(by=coordinator)
    remembered._begin()
    if has_asked:
        team.serving(timezone.localdate())
    elsewhere = threading.Thread(target=lambda: (pause(ana), connection.close()))
    elsewhere.start()
    elsewhere.join()
    activation.call_out(member_ids=[ana.pk, ben.pk], meeting="", by=coordinator)
    remembered._end()
    assert list(CallOut.objects.values_list("member_id", flat=True)) == [ben.pk]

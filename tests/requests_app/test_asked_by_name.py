"""One who is named is asked whatever they carry, unless they have turned off being asked by name."""

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.team.models import Member
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, sweep
from requests_app.actions.peer import AcceptOutcome
from requests_app.domain.states import RequestState
from requests_app.models import Request
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_submission import post, receipt_on

pytestmark = pytest.mark.django_db
PROFILE = {"about": "", "unit": "Patrol", "languages": [], "gender": "", "cap": 3}


def turn_off(client: Client, member: Member) -> None:
    assert sign_in(client, member).post("/my-page/profile/", PROFILE).status_code == 302
    member.refresh_from_db()


def test_the_named_peer_is_asked_and_accepts_beyond_their_cap(
    contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    Member.objects.update(cap=1)
    assert submit_request().unsealed.routing.offered_to == [ana.pk], "one over the cap, as nobody else can"
    named = submit_request(wanted=ana.pk, anyone_else=False)
    for submitted in (submit_request(), named):
        id_ = submitted.unsealed.id
        assert peer.accept(member=ana, request_id=id_, private_key=ana_key) == AcceptOutcome.ACCEPTED
    assert submit_request().unsealed.routing.state == RequestState.NOBODY


def test_who_turned_it_off_can_be_left_out_and_not_asked_for(
    client: Client, officer: Client, ana: Member, ben: Member
) -> None:
    page = officer.get("/request/").content.decode()
    assert page.count("Ana Alvarez") == page.count("Ben Brandt") == 2
    turn_off(client, ana)
    page = officer.get("/request/").content.decode()
    assert (page.count("Ana Alvarez"), page.count("Ben Brandt")) == (1, 2)
    assert f'name="not_these" value="{ana.pk}"' in page
    stale = post(officer, wanted=str(ana.pk)).decode()
    assert "can&#x27;t be asked for by name right now. Please choose someone else." in stale
    assert not Request.objects.exists()


def test_where_nobody_is_asked_by_name_names_can_be_left_out(client: Client, officer: Client, ana: Member) -> None:
    turn_off(client, ana)
    page = officer.get("/request/").content.decode()
    assert 'name="wanted"' not in page and "someone else is OK" not in page.lower()
    assert f'type="checkbox" name="not_these" value="{ana.pk}"' in page
    receipt_on(post(officer, not_these=[str(ana.pk)]))


def test_turned_off_later_they_count_as_not_free(client: Client, ana: Member, ana_key: bytes) -> None:
    submitted = submit_request(wanted=ana.pk, anyone_else=False)
    peer.decline(member=ana, request_id=submitted.unsealed.id)
    assert officer_actions.offer_again(creds=submitted.credentials).is_offered
    peer.decline(member=ana, request_id=submitted.unsealed.id)
    turn_off(client, ana)
    assert not officer_actions.offer_again(creds=submitted.credentials).is_offered
    sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    assert submit_request().unsealed.routing.state == RequestState.OFFERED, "others are still answered"

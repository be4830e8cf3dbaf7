"""The page of who waits: how many, why, and what to do; and how the coordinator sets the times."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.notices.models import PhoneAlert
from peersupport.team.models import Member, User, WeeklyHours
from requests_app.actions import officer, peer, sweep
from requests_app.domain.escalation import Times
from requests_app.domain.matching import Peer
from requests_app.domain.states import Urgency
from requests_app.domain.wait_reasons import WAIT_REASON_LABELS, WaitReasonCode, wait_reasons
from requests_app.forms.settings import TimesForm
from requests_app.models import RequestSettings
from requests_app.presenters.waiting import REMEDIES
from requests_app.queries import matching, settings, waiting
from tests.cast import private_key_of, sign_in
from tests.requests_app.conftest import submit_request

FREE = Peer(member_id=1, is_on_call=True, subjects=frozenset({"mediation"}))
BUSY = Peer(member_id=2, is_on_call=True, open_contacts=3)
CHIEF = Peer(member_id=3, is_supervisor=True)
TEAMS = {
    "all is well": ([FREE], {1}, {"mediation": "Mediation"}, []),
    "nobody serves": ([], set(), {}, [WaitReasonCode.NOBODY_SERVES]),
    "nobody is on call": ([Peer(member_id=4)], set(), {}, [WaitReasonCode.NOBODY_ON_CALL]),
    "nobody can be rung": ([FREE], {9}, {}, [WaitReasonCode.NO_PHONE_ALERT]),
    "all carry enough": ([BUSY], {2}, {}, [WaitReasonCode.ALL_AT_THEIR_CAP]),
    "nobody is trained": ([FREE], {1}, {"suicide_intervention": "Suicide"}, [WaitReasonCode.NOBODY_TRAINED]),
    "whoever is trained carries enough": (
        [FREE, Peer(member_id=5, subjects=frozenset({"x"}), open_contacts=3)],
        {1},
        {"x": "X"},
        [WaitReasonCode.NOBODY_TRAINED],
    ),
    "only a supervisor is free": ([BUSY, CHIEF], {2}, {}, [WaitReasonCode.ONLY_SUPERVISORS]),
}


@pytest.mark.parametrize(("peers", "alertable", "required", "expected"), TEAMS.values(), ids=TEAMS)
def test_wait_reasons(
    peers: list[Peer], alertable: set[int], required: dict[str, str], expected: list[WaitReasonCode]
) -> None:
    assert [each.code for each in wait_reasons(peers, alertable=alertable, required=required)] == expected


def test_each_reason_has_a_label_and_a_remedy() -> None:
    assert set(WAIT_REASON_LABELS) == set(REMEDIES) == set(WaitReasonCode)


@pytest.mark.django_db
def test_the_page_counts_requests_and_names_nobody(ana: Member, coordinator: User) -> None:
    for _ in range(2):
        submit_request(concern="grief", message="I have not slept.")
    accepted = submit_request(Urgency.NOW)
    peer.accept(member=ana, request_id=accepted.unsealed.id, private_key=private_key_of("Ana Alvarez"))
    submit_request(excluded_members=(ana.pk,))
    later = timezone.now() + timedelta(minutes=16)
    sweep.run(now=later)
    summary = waiting.waiting_summary(later)
    assert (summary.waiting, summary.unanswered, summary.overdue, summary.nobody_left) == (2, 1, 1, 1)
    page = sign_in(Client(), coordinator).get("/waiting/").content.decode()
    assert "One request is waiting, and nobody is left to ask" in page
    assert "Nobody on call has phone alerts set up" in page and "Ask the people on call to set up a phone alert" in page
    assert "Ana" not in page and "Grief" not in page and "slept" not in page


@pytest.mark.django_db
def test_the_reasons_depend_on_the_team_and_not_on_who_waits(ana: Member, coordinator: User) -> None:
    """The coordinator learns nothing about what an officer asks for."""
    pages = []
    for concern in ("suicidal_thoughts", "grief"):
        submitted = submit_request(concern=concern, excluded_members=(ana.pk,))
        pages.append(waiting.waiting_summary(timezone.now()))
        officer.close(creds=submitted.credentials)
    assert pages[0] == pages[1]
    assert WaitReasonCode.NOBODY_TRAINED in {each.code for each in pages[0].reasons}


@pytest.mark.usefixtures("reads_anew")
@pytest.mark.django_db
def test_the_page_costs_as_many_queries_with_many_as_with_one(ana: Member, ben: Member, coordinator: User) -> None:
    client = sign_in(Client(), coordinator)
    made = []
    for number in (1, 8):
        for _ in range(number):
            submit_request(concern="suicidal_thoughts")
        with CaptureQueriesContext(connection) as captured:
            client.get("/waiting/")
        made.append(len(captured))
    assert made[0] == made[1]


@pytest.mark.django_db
def test_now_is_available_while_somebody_on_call_has_a_phone_alert(ben: Member) -> None:
    now = timezone.now()
    assert not matching.is_now_available(now)
    PhoneAlert.objects.create(user=ben.user, sealed_address=b"sealed")
    assert matching.is_now_available(now)
    WeeklyHours.objects.filter(member=ben).delete()
    assert not matching.is_now_available(now)


# The times


def test_settings_default_to_the_times_of_the_program() -> None:
    assert RequestSettings().times == Times()


@pytest.mark.django_db
def test_the_coordinator_sets_the_times(coordinator: User) -> None:
    client = sign_in(Client(), coordinator)
    typed = {name: str(getattr(RequestSettings(), name)) for name in TimesForm.Meta.fields}
    answer = client.post("/settings/times/", {**typed, "now_again_minutes": "5", "night_from": "22"})
    assert answer.status_code == 302
    assert (settings.times().now_again, settings.times().night_from) == (timedelta(minutes=5), 22)
    assert [entry.action for entry in Entry.objects.filter(by_id=coordinator.pk)][-1:] == ["times_set"]


@pytest.mark.django_db
def test_times_out_of_order_are_refused_and_stay_in_the_form(coordinator: User) -> None:
    typed = {name: str(getattr(RequestSettings(), name)) for name in TimesForm.Meta.fields}
    page = sign_in(Client(), coordinator).post("/settings/times/", {**typed, "now_available_minutes": "25"})
    assert "This step comes after the one above it. Enter more than 25 minutes." in page.content.decode()
    assert 'value="25"' in page.content.decode()
    assert not RequestSettings.objects.exists()

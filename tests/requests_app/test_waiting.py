"""What those who keep the program running read: how many wait, why, what to do; and how they set the times."""

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
from requests_app.domain.wait_reasons import CAUSE_LABELS, REMEDIES, Cause, causes
from requests_app.forms.settings import TimesForm
from requests_app.models import RequestSettings
from requests_app.queries import availability
from tests.cast import private_key_of, sign_in
from tests.requests_app.conftest import ask

FREE = Peer(member_id=1, is_on_call=True, subjects=frozenset({"mediation"}))
BUSY = Peer(member_id=2, is_on_call=True, open_contacts=3)
CHIEF = Peer(member_id=3, is_supervisor=True)
TEAMS = {
    "all is well": ([FREE], {1}, {"mediation": "Mediation"}, []),
    "nobody serves": ([], set(), {}, [Cause.NOBODY_SERVES]),
    "nobody is on call": ([Peer(member_id=4)], set(), {}, [Cause.NOBODY_ON_CALL]),
    "nobody can be rung": ([FREE], {9}, {}, [Cause.NO_BELL]),
    "all carry enough": ([BUSY], {2}, {}, [Cause.ALL_AT_THEIR_CAP]),
    "nobody is trained": ([FREE], {1}, {"suicide_intervention": "Suicide"}, [Cause.NOBODY_TRAINED]),
    "whoever is trained carries enough": (
        [FREE, Peer(member_id=5, subjects=frozenset({"x"}), open_contacts=3)],
        {1},
        {"x": "X"},
        [Cause.NOBODY_TRAINED],
    ),
    "only a supervisor is free": ([BUSY, CHIEF], {2}, {}, [Cause.ONLY_SUPERVISORS]),
}


@pytest.mark.parametrize(("peers", "rung", "required", "expected"), TEAMS.values(), ids=TEAMS)
def test_why_somebody_may_have_to_wait(
    peers: list[Peer], rung: set[int], required: dict[str, str], expected: list[Cause]
) -> None:
    assert [each.cause for each in causes(peers, rung=rung, required=required)] == expected


def test_each_cause_has_words_and_something_to_do() -> None:
    assert set(CAUSE_LABELS) == set(REMEDIES) == set(Cause)


@pytest.mark.django_db
def test_the_page_counts_those_who_wait_and_names_nobody(ana: Member, coordinator: User) -> None:
    for _ in range(2):
        ask(concern="grief", message="I have not slept.")
    accepted = ask(Urgency.NOW)
    peer.accept(member=ana, request_id=accepted.opened.id, private_key=private_key_of("Ana Alvarez"))
    ask(not_these=(ana.pk,))
    later = timezone.now() + timedelta(minutes=16)
    sweep.tend_all(now=later)
    summary = availability.waiting_summary(later)
    assert (summary.waiting, summary.unanswered, summary.overdue, summary.nobody_left) == (2, 1, 1, 1)
    page = sign_in(Client(), coordinator).get("/waiting/").content.decode()
    assert "One request waits and nobody is left to ask" in page
    assert "Nobody on call can be rung" in page and "Ask those on call to set a way to be rung" in page
    assert "Ana" not in page and "Grief" not in page and "slept" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Nobody who asked for support is waiting."),
        (1, "One waits for an answer, and has not waited too long."),
        (4, "Four wait for an answer; none has waited too long."),
    ],
)
def test_how_many_wait_is_told_in_words(ana: Member, number: int, said: str) -> None:
    for _ in range(number):
        ask()
    assert availability.waiting_summary(timezone.now()).sentences == [said]


@pytest.mark.django_db
def test_the_causes_are_those_of_the_team_whoever_waits(ana: Member, coordinator: User) -> None:
    """The coordinator learns nothing about what somebody asks for."""
    pages = []
    for concern in ("suicidal_thoughts", "grief"):
        asked = ask(concern=concern, not_these=(ana.pk,))
        pages.append(availability.waiting_summary(timezone.now()))
        officer.close_as_officer(creds=asked.credentials)
    assert pages[0] == pages[1]
    assert Cause.NOBODY_TRAINED in {each.cause for each in pages[0].causes}


@pytest.mark.django_db
def test_the_page_costs_as_many_queries_with_many_as_with_one(ana: Member, ben: Member, coordinator: User) -> None:
    client = sign_in(Client(), coordinator)
    made = []
    for number in (1, 8):
        for _ in range(number):
            ask(concern="suicidal_thoughts")
        with CaptureQueriesContext(connection) as captured:
            client.get("/waiting/")
        made.append(len(captured))
    assert made[0] == made[1]


@pytest.mark.django_db
def test_now_is_offered_while_somebody_on_call_can_be_rung(ben: Member) -> None:
    now = timezone.now()
    assert not availability.now_is_offered(now)
    PhoneAlert.objects.create(user=ben.user, sealed_address=b"sealed")
    assert availability.now_is_offered(now)
    WeeklyHours.objects.filter(member=ben).delete()
    assert not availability.now_is_offered(now)


# The times


def test_the_table_starts_with_the_times_the_program_came_with() -> None:
    assert RequestSettings().times == Times()


@pytest.mark.django_db
def test_the_operator_sets_the_times(operator: User) -> None:
    client = sign_in(Client(), operator)
    typed = {name: str(getattr(RequestSettings(), name)) for name in TimesForm.Meta.fields}
    answer = client.post("/settings/times/", {**typed, "now_again_minutes": "5", "night_from": "22"})
    assert answer.status_code == 302
    assert (availability.times().now_again, availability.times().night_from) == (timedelta(minutes=5), 22)
    assert [entry.action for entry in Entry.objects.filter(by_id=operator.pk)][-1:] == ["times_set"]


@pytest.mark.django_db
def test_steps_that_do_not_follow_each_other_are_pointed_out_and_kept(operator: User) -> None:
    typed = {name: str(getattr(RequestSettings(), name)) for name in TimesForm.Meta.fields}
    page = sign_in(Client(), operator).post("/settings/times/", {**typed, "now_available_minutes": "25"})
    assert "This comes after the step above it: more than 25." in page.content.decode()
    assert 'value="25"' in page.content.decode()
    assert not RequestSettings.objects.exists()

"""The counts beside the places of the rail: those of the home and of the desk, and none that a page fails for."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.actions import reviews
from dashboard.queries import home, rail
from peersupport.program import actions as program
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import consultation, peer
from requests_app.domain.consultation import HowSoon
from tests.applications.conftest import sent, take_up
from tests.cast import make_member, sign_in
from tests.requests_app.conftest import ask
from tests.training.reports import report_training
from tests.training.sessions import plan_session

pytestmark = pytest.mark.django_db


def counts(user: User) -> dict[str, int]:
    return {place: number for place, number in rail.counts_for(user, timezone.localdate()).items() if number}


def told_by_the_home(user: User) -> dict[str, int]:
    told: Counter[str] = Counter()
    for row in home.home_for(user, timezone.localdate()).rows:
        told[row.place] += row.how_many
    return {place: number for place, number in told.items() if number}


def shown(client: Client, page: str = "team:me") -> dict[str, int]:
    """The places with a count on a page, by their words."""
    menu = client.get(reverse(page)).content.decode().split("</nav>")[0]
    places = re.findall(r'<a href="[^"]+"[^>]*>([^<]+)<span class="rail__count">(\d+)<', menu)
    return {words.strip(): int(number) for words, number in places}


def test_the_coordinator_reads_the_same_numbers_on_the_home_and_beside_it(coordinator, ana, ben):
    assert shown(sign_in(Client(), coordinator)) == {}
    MemberKey.objects.update(confirmed_by=None, confirmed_on=None)
    sent()
    for member in (ana, ben):
        report_training(member)
    plan_session(coordinator, in_days=-1)
    assert counts(coordinator) == {"team:roster": 2, "applications:list": 1, "training:index": 3}
    assert told_by_the_home(coordinator) == counts(coordinator)
    client = sign_in(Client(), coordinator)
    assert shown(client) == shown(client, "dashboard:home") == {"Team": 2, "Applications": 1, "Training": 3}


def test_the_clinical_side_reads_who_asks_for_a_call_and_which_wording_waits(director, designee, coordinator, ana):
    unapproved = counts(director)["program:texts"]
    program.write_text(name="confidentiality_exceptions", body="As law demands.", after_version=0, by=coordinator.pk)
    program.approve_text(name="confidentiality_exceptions", version=1, by=director.pk)
    consultation.ask_to_be_called(member=ana, how_soon=HowSoon.TODAY, whom=director.pk)
    assert counts(director) == {"program:texts": unapproved - 1, "requests_app:consultations": 1}
    assert told_by_the_home(director) == counts(director)
    assert counts(designee) == {"program:texts": unapproved - 1}


def test_a_member_reads_what_is_left_to_count_and_to_read(ana, ben, ana_key, coordinator):
    contact = ask(not_these=(ben.pk,)).opened.id
    peer.accept(member=ana, request_id=contact, private_key=ana_key)
    peer.close_as_peer(member=ana, request_id=contact)
    application = sent()
    take_up(application, coordinator)
    reviews.name_reviewer(application_id=application.pk, reviewer=ana.user, by=coordinator)
    assert shown(sign_in(Client(), ana)) == {"Tally": 1, "Applications": 1}
    assert shown(sign_in(Client(), ben)) == {}


def test_the_operator_has_nothing_counted(operator, ana):
    MemberKey.objects.update(confirmed_by=None, confirmed_on=None)
    assert counts(operator) == {}


def test_the_rail_asks_no_more_of_the_database_for_thirty_than_for_one(coordinator, ana):
    def wait(member: Member) -> None:
        report_training(member)
        plan_session(coordinator, in_days=-1)

    made = []
    for members in ([ana], [make_member(f"Person{number} Sample") for number in range(29)]):
        for member in members:
            wait(member)
        with CaptureQueriesContext(connection) as found:
            rail.counts_for(coordinator, timezone.localdate())
        made.append(len(found))
    assert made[0] == made[1] < 12


def test_a_page_without_a_rail_counts_nothing(coordinator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    with CaptureQueriesContext(connection) as found:
        assert client.post(reverse("team:update_profile")).status_code == 403
        assert client.get("/nowhere/").status_code == 404
    assert [each["sql"] for each in found if "training" in each["sql"] or "applications" in each["sql"]] == []


def test_a_keyring_that_is_away_leaves_the_pages_that_need_none(director, ana, own_keyring):
    consultation.ask_to_be_called(member=ana, how_soon=HowSoon.TODAY, whom=None)
    client = sign_in(Client(), director)
    assert shown(client, "training:index")["Consultations"] == 1
    own_keyring.rename(own_keyring.with_name("unmounted"))
    assert shown(client, "training:index") == {}

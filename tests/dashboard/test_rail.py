"""The rail: each role's entries, and the counts beside them: the home's and the desk's, and none that breaks a page."""

import re
from collections import Counter
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.actions import reviews
from dashboard.presenters import rail
from peersupport.access.permissions import PERMISSIONS_OF, Role
from peersupport.program import actions as program
from peersupport.team.models import Member, User
from requests_app.actions import consultation, peer
from requests_app.domain.consultation import ConsultationUrgency
from tests.applications.conftest import begin_review, sent
from tests.cast import make_member, sign_in, sign_in_directly, take_back_confirmations
from tests.dashboard.homes import counts_for, home_for
from tests.requests_app.conftest import submit_request
from tests.training.external_training import report_training
from tests.training.sessions import plan_session

pytestmark = pytest.mark.django_db


def counts(user: User) -> dict[str, int]:
    return counts_for(user, timezone.localdate())


def counts_on_home(user: User) -> dict[str, int]:
    found: Counter[str] = Counter()
    for todo in home_for(user, timezone.localdate()).todos:
        found[todo.entry] += todo.count
    return {entry: number for entry, number in found.items() if number}


def shown(client: Client, page: str = "team:me") -> dict[str, int]:
    """The entries with a count on a page, by their labels."""
    menu = client.get(reverse(page)).content.decode().split("</nav>")[0]
    entries = re.findall(r'<a href="[^"]+"[^>]*>([^<]+)<span class="rail__count">(\d+)<', menu)
    return {label.strip(): int(number) for label, number in entries}


def test_coordinator_sees_the_same_numbers_on_the_home_and_in_the_rail(coordinator, ana, ben):
    assert shown(sign_in(Client(), coordinator)) == {}
    take_back_confirmations()
    sent()
    for member in (ana, ben):
        report_training(member)
    plan_session(coordinator, in_days=-1)
    assert counts(coordinator) == {"team:roster": 2, "applications:list": 1, "training:index": 3}
    assert counts_on_home(coordinator) == counts(coordinator)
    client = sign_in(Client(), coordinator)
    assert shown(client) == shown(client, "dashboard:home") == {"Team": 2, "Applications": 1, "Training": 3}


def test_clinical_side_sees_consultations_and_texts_to_approve(director, designee, coordinator, ana):
    unapproved = counts(director)["program:texts"]
    program.write_text(name="confidentiality_exceptions", body="As law demands.", after_version=0, by=coordinator.pk)
    program.approve_text(name="confidentiality_exceptions", version=1, by=director.pk)
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.TODAY, whom=director.pk)
    assert counts(director) == {"program:texts": unapproved - 1, "requests_app:consultations": 1}
    assert counts_on_home(director) == counts(director)
    assert counts(designee) == {"program:texts": unapproved - 1}


def test_member_sees_contacts_to_count_and_applications_to_review(ana, ben, ana_key, coordinator):
    contact = submit_request(excluded_members=(ben.pk,)).unsealed.id
    peer.accept(member=ana, request_id=contact, private_key=ana_key)
    peer.close(member=ana, request_id=contact)
    application = sent()
    begin_review(application, coordinator)
    reviews.name_reviewer(application_id=application.pk, reviewer=ana.user, by=coordinator)
    assert shown(sign_in(Client(), ana)) == {"Tally": 1, "Applications": 1}
    assert shown(sign_in(Client(), ben)) == {}


def test_operator_has_no_counts(operator, ana):
    take_back_confirmations()
    assert counts(operator) == {}


def test_rail_makes_no_more_queries_for_thirty_than_for_one(coordinator, ana):
    def wait(member: Member) -> None:
        report_training(member)
        plan_session(coordinator, in_days=-1)

    made = []
    for members in ([ana], [make_member(f"Person{number} Sample") for number in range(29)]):
        for member in members:
            wait(member)
        with CaptureQueriesContext(connection) as found:
            counts_for(coordinator, timezone.localdate())
        made.append(len(found))
    assert made[0] == made[1] < 12


def test_page_without_a_rail_counts_nothing(coordinator):
    client = Client(enforce_csrf_checks=True)
    sign_in_directly(client, coordinator)
    with CaptureQueriesContext(connection) as found:
        assert client.post(reverse("team:update_profile")).status_code == 403
        assert client.get("/nowhere/").status_code == 404
    assert [each["sql"] for each in found if "training" in each["sql"] or "applications" in each["sql"]] == []


def test_pages_that_need_no_keyring_work_while_it_is_away(director, ana, own_keyring):
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.TODAY, whom=None)
    client = sign_in(Client(), director)
    assert shown(client, "training:index")["Consultations"] == 1
    own_keyring.rename(own_keyring.with_name("unmounted"))
    assert shown(client, "training:index") == {}


def links(path: str, *roles: Role, counts: Mapping[str, int] | None = None) -> dict[str, rail.Link]:
    """By their labels."""
    permissions = {permission for role in roles for permission in PERMISSIONS_OF[role]}
    return {link.label: link for link in rail.links_for(permissions, path, counts or {})}


def test_rail_shows_each_role_its_own_entries():
    assert {"Desk", "Tally", "Statistics"} <= links("/", Role.MEMBER).keys()
    assert not {"Team", "Open requests", "Policies and text", "Settings"} & links("/", Role.MEMBER).keys()
    assert {"Team", "Open requests", "Policies and text", "Settings"} <= links("/", Role.COORDINATOR).keys()
    assert not {"Desk", "Tally", "Accounts"} & links("/", Role.COORDINATOR).keys()
    assert "Accounts" in links("/", Role.OPERATOR)
    assert not {"Desk", "Open requests", "Policies and text", "Settings"} & links("/", Role.OPERATOR).keys()
    assert {"Open requests", "Policies and text"} <= links("/", Role.CLINICAL_DIRECTOR).keys()


def current(path: str, *roles: Role) -> list[str]:
    return [label for label, link in links(path, *roles).items() if link.is_current]


def test_rail_marks_the_one_entry_that_the_page_is_under():
    def here(path: str) -> list[str]:
        return current(path, Role.MEMBER, Role.COORDINATOR)

    assert here("/desk/") == ["Desk"]
    assert here("/desk/contacts/7/") == ["Desk"]
    assert here("/desk/tally/") == ["Tally"]
    assert here("/words/duty_to_report/new/") == ["Policies and text"]
    assert here("/elsewhere/") == []


def test_rail_marks_the_entry_that_a_page_with_another_address_belongs_to():
    assert current("/crisis-lines/", Role.COORDINATOR) == ["To do"]
    assert current("/accounts/7/", Role.COORDINATOR) == ["Invitations"]
    assert current("/accounts/7/", Role.OPERATOR) == ["Accounts"]
    assert current("/duty-to-report/", Role.MEMBER) == ["Desk"]
    assert current("/duty-to-report/", Role.CLINICAL_DIRECTOR) == ["Policies and text"]


def test_rail_marks_team_while_a_member_is_designated():
    address = reverse("training:designate", args=[1])
    entries = rail.links_for(PERMISSIONS_OF[Role.COORDINATOR], address, {}, "training:designate")
    assert [link.label for link in entries if link.is_current] == ["Team"]


def test_rail_says_how_many_wait():
    entries = links("/", Role.MEMBER, counts={"requests_app:tally": 2})
    assert entries["Tally"].count == 2 and entries["Desk"].count is None

"""The home of each role: what waits, in sentences, and nothing that is somebody else's business."""

import html
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboard.presenters.home import LISTED_ALWAYS
from operations import health, presenters, tasks
from peersupport.notices.actions import outbox
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.program import actions as program
from peersupport.program import queries as program_queries
from peersupport.program.models import Launch
from peersupport.team.actions import keys
from peersupport.team.models import MemberKey, User
from requests_app.domain.wait_reasons import WAIT_REASON_LABELS
from requests_app.models import Request
from requests_app.presenters.waiting import REMEDIES, sentences
from requests_app.queries import waiting
from stats import actions as stats
from tests.cast import make_invited, make_member, sign_in, take_back_confirmations, take_off_call
from tests.dashboard.homes import home_for
from tests.operations.test_health import PARTS
from tests.requests_app.conftest import submit_request
from tests.training.external_training import report_training
from tests.training.sessions import plan_session
from training.actions import records, sessions

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
UNTIL_SOMEBODY_WAITS = {
    words
    for cause in set(WAIT_REASON_LABELS) - LISTED_ALWAYS
    for words in (WAIT_REASON_LABELS[cause], REMEDIES[cause].text)
}


@pytest.fixture(autouse=True)
def a_day_in_june(time_machine):
    time_machine.move_to(f"{TODAY} 12:00:00 -05:00", tick=False)


def texts(user, today=TODAY):
    return [todo.text for todo in home_for(user, today).todos]


def test_home_sends_a_member_to_the_desk(ana):
    answer = sign_in(Client(), ana).get(reverse("dashboard:home"))
    assert (answer.status_code, answer.url) == (302, reverse("requests_app:desk"))


def test_home_says_who_never_signed_in_and_counts_them_nowhere(coordinator, director, ana):
    before = texts(coordinator)
    make_invited("Ina Imported")
    said = set(texts(coordinator)) - set(before)
    assert said == {"Ina Imported was invited and hasn't signed in yet"}
    assert "Ina Imported was invited and hasn't signed in yet" not in texts(director)


def test_home_takes_the_same_queries_for_1_and_30_members(coordinator, ana):
    browser = sign_in(Client(), coordinator)
    with CaptureQueriesContext(connection) as with_one:
        browser.get(reverse("dashboard:home"))
    for number in range(29):
        make_member(f"Nr{number}", confirmed_by=coordinator)
    with CaptureQueriesContext(connection) as with_thirty:
        browser.get(reverse("dashboard:home"))
    assert len(with_one) == len(with_thirty)


def test_rail_shows_home_or_desk_once(ana, coordinator):
    def places(somebody):
        page = sign_in(Client(), somebody).get(reverse("team:me")).content.decode()
        return [f'href="{reverse(name)}"' in page for name in ("dashboard:home", "requests_app:desk")]

    assert (places(ana), places(coordinator)) == ([False, True], [True, False])
    User.objects.filter(pk=ana.user_id).update(is_coordinator=True)
    assert places(ana) == [True, True]


def test_home_is_shown_to_a_member_who_also_coordinates(ana, client):
    ana.user.is_coordinator = True
    ana.user.save()
    assert sign_in(client, ana).get(reverse("dashboard:home")).status_code == 200


def test_home_needs_a_sign_in(client):
    answer = client.get(reverse("dashboard:home"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def approve_all(by):
    for text in program_queries.texts_now():
        program.write_text(name=text.newest.name, body="As law demands.", after_version=0, by=by.pk)
        program.approve_text(name=text.newest.name, version=1, by=by.pk)


def test_coordinator_sees_that_nothing_waits(coordinator, ana, ben, director):
    approve_all(by=director)
    for member in (ana, ben):
        PhoneAlert.objects.create(user=member.user, sealed_address=b"only whether there is one")
        for subject in ("critical_incident_stress", "suicide_intervention"):
            records.record(member_id=member.pk, subject=subject, completed_on=TODAY, hours=40, by=coordinator)
    found = home_for(coordinator, TODAY)
    assert found.lead == "Nobody who asked for support is waiting."
    assert [todo.text for todo in found.todos if todo.needs_attention] == []


def test_launch_checklist_stays_reachable_after_the_launch(coordinator, ana):
    desk = sign_in(Client(), coordinator)
    assert reverse("dashboard:launch_checklist") in desk.get(reverse("dashboard:home")).content.decode()
    page = desk.get(reverse("dashboard:launch_checklist")).content.decode()
    assert "Something is no longer in place." in page and "Someone is on call every hour" in page
    assert (page.count(">in place<"), page.count(">not in place<"), "Open the program" in page) == (2, 2, False)


def test_coordinator_sees_that_nobody_is_on_call(coordinator):
    found = home_for(coordinator, TODAY)
    assert ("Nobody on the team can be asked", True) in [(todo.text, todo.needs_attention) for todo in found.todos]
    assert found.lead == "Nobody who asked for support is waiting."
    take_off_call(make_member("Ana Alvarez", confirmed_by=coordinator))
    assert "Nobody is on call" in texts(coordinator)


@pytest.mark.parametrize("how", ["nobody asks", "somebody waits", "nobody is left"])
def test_home_and_waiting_page_say_the_same(how, coordinator, ana):
    if how == "nobody is left":
        take_off_call(ana)
    if how != "nobody asks":
        submit_request(excluded_members=[ana.pk] if how == "nobody is left" else [])
    desk = sign_in(Client(), coordinator)
    home, page = (
        unescape(desk.get(reverse(name)).content.decode())
        for name in ("dashboard:home", "requests_app:waiting_summary")
    )
    summary = waiting.waiting_summary(timezone.now())
    reasons = [text for each in summary.reasons for text in (each.label, REMEDIES[each.code].text)]
    said = [*sentences(summary), *reasons]
    assert all(words.rstrip(".") in page for words in said)
    assert [words for words in said if words.rstrip(".") not in home] == (
        [] if summary.is_anybody_waiting else [words for words in said if words in UNTIL_SOMEBODY_WAITS]
    )


def test_coordinator_sees_keys_to_confirm(coordinator, ana, ben):
    take_back_confirmations()
    assert "Two new keys to confirm" in texts(coordinator)
    keys.confirm_key(key_id=ana.current_key.pk, fingerprint=ana.current_key.fingerprint, by=coordinator)
    assert "One new key to confirm" in texts(coordinator)


def test_coordinator_sees_lapsing_training_without_names(coordinator, ana, ben):
    for member, days_ago in ((ana, 800), (ben, 700)):
        records.record(
            member_id=member.pk, subject="suicide_intervention", completed_on=TODAY - timedelta(days=days_ago),
            hours=8, by=coordinator,
        )  # fmt: skip
    found = texts(coordinator)
    assert "Training in suicide intervention has lapsed for one of two members" in found
    assert "Training in suicide intervention lapses soon for one of two members" in found
    assert "Ana" not in " ".join(found)


def test_coordinator_sees_certificates_to_verify(coordinator, director, ana):
    report_training(ana)
    assert "One certificate to check" in texts(coordinator)
    assert "One certificate to check" not in texts(director)


def test_director_sees_the_year_that_can_be_closed(director, coordinator):
    stats.open_year(year=2025)
    stats.open_year(year=2026)
    assert "2025 can be closed" in texts(director)
    assert "2025 can be closed" not in texts(coordinator)
    stats.close_year(year=2025, by=director)
    found = home_for(director, TODAY)
    assert "2025 can be closed" not in [todo.text for todo in found.todos]
    assert found.last_report.year == 2025


def test_director_sees_texts_to_approve(director, coordinator):
    assert "Not approved yet: Exceptions to confidentiality" in texts(director)
    text = program.write_text(
        name="confidentiality_exceptions", body="As law demands.", after_version=0, by=coordinator.pk
    )
    assert "A text is waiting for your approval" in texts(director)
    program.approve_text(name=text.name, version=text.version, by=director.pk)
    assert not [found for found in texts(director) if "Exceptions" in found or "waiting" in found]
    assert "Not approved yet: Confidentiality agreement" in texts(director)


def test_coordinator_sees_gaps_since_the_launch(coordinator, ana, director):
    """One member, and crisis lines confirmed by now: the page stays open."""
    approve_all(by=director)
    program.confirm_crisis_lines(by=coordinator.pk)
    assert "No longer in place: At least two members can take requests and get phone alerts" in texts(coordinator)
    assert "No longer in place: Every crisis line answers" not in texts(coordinator)


def test_operator_sees_health_and_nothing_about_people(operator, ana):
    tasks.heartbeat()
    assert texts(operator) == ["Everything is running"]
    found = home_for(operator, TODAY)
    assert (found.lead, found.last_report) == ("", None)


def test_operator_sees_what_is_broken(operator, ana):
    outbox.notify(user_id=ana.user.pk)
    Notice.objects.update(tries=5)
    submit_request()
    Request.objects.update(routing=b"damaged")
    MemberKey.objects.update(confirmation=b"")
    assert texts(operator) == [
        "The worker isn't running: no notice goes out, and no request is passed on",
        "One notice can't be sent",
        "One member's confirmed key doesn't verify",
        "One open request can't be opened",
    ]


def test_every_part_of_health_has_its_labels():
    assert {part for part, __ in presenters.HEALTH_LABELS} == {*PARTS}
    assert health.OK not in {code for __, code in presenters.HEALTH_LABELS}


@pytest.mark.parametrize("who", ["coordinator", "director", "designee", "operator"])
def test_each_home_lists_its_todos(who, request, client, ana):
    user = request.getfixturevalue(who)
    stats.open_year(year=2025)
    stats.close_year(year=2025)
    page = sign_in(client, user).get(reverse("dashboard:home")).content.decode()
    assert "<h1>To do</h1>" in page
    for todo in home_for(user, TODAY).todos:
        assert todo.text in html.unescape(page)
    assert ("Latest report" in page) is (who != "operator")


def test_home_makes_no_more_queries_for_a_larger_team(coordinator, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_member("First Person", confirmed_by=coordinator)
    with CaptureQueriesContext(
        connection,
    ) as one:
        home_for(coordinator, TODAY)
    for number in range(29):
        make_member(f"Person{number} Sample", confirmed_by=coordinator)
    with django_assert_num_queries(len(one)):
        home_for(coordinator, TODAY)


def test_home_before_the_launch_says_a_gap_once(coordinator, director):
    Launch.objects.all().delete()
    page = sign_in(Client(), coordinator).get(reverse("dashboard:home")).content.decode()
    assert "So far, nobody is ready." in page
    assert "Nobody on the team can be asked" not in page and "Nobody is on call for" not in page
    assert "Nobody on the team can be asked" in texts(director), "who has no checklist is told"


def test_lapsing_subject_names_the_next_session_with_a_free_seat(coordinator, ana, ben):
    lapsed = {"subject": "suicide_intervention", "completed_on": TODAY - timedelta(days=800), "hours": 8}
    records.record(member_id=ana.pk, by=coordinator, **lapsed)

    def details():
        return [
            todo.detail for todo in home_for(coordinator, TODAY).todos if todo.text.startswith("Training in suicide")
        ]

    assert details() == [""]
    plan_session(coordinator, in_days=-0.1)
    plan_session(coordinator, in_days=3, subjects=("mediation",))
    full = plan_session(coordinator, in_days=4, capacity=1)
    sessions.enroll(session_id=full.pk, member_id=ana.pk, by=coordinator)
    plan_session(coordinator, in_days=7, capacity=4)
    assert details() == ["Next session: June 22, four spots left"]
    plan_session(coordinator, in_days=5)
    assert details() == ["Next session: June 20"]


def test_link_on_the_home_says_what_it_is_about(coordinator, ana):
    report_training(ana)
    page = sign_in(Client(), coordinator).get(reverse("dashboard:home")).content.decode()
    assert 'Check<span class="visually-hidden">: One certificate to check</span></a>' in page


def test_last_report_has_a_title_for_each_list(director):
    stats.open_year(year=2025)
    stats.close_year(year=2025)
    page = sign_in(Client(), director).get(reverse("dashboard:home")).content.decode()
    assert "<h3>People and contacts</h3>" in page

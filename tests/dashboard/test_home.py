"""The home of each role: what waits, in sentences, and nothing that is another's business."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.queries import home as home_queries
from operations import health_rows, tasks
from peersupport.notices.actions import outbox
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.program import actions as program
from peersupport.program import queries as program_queries
from peersupport.program.models import Launch
from peersupport.team.models import MemberKey, User
from requests_app.domain.wait_reasons import CAUSE_LABELS, REMEDIES
from requests_app.queries import availability
from stats import actions as stats
from tests.cast import make_member, sign_in, take_off_call
from tests.operations.test_health import PARTS
from tests.requests_app.conftest import ask
from tests.training.reports import report_training
from tests.training.sessions import plan_session
from training.actions import records, sessions

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
UNTIL_SOMEBODY_WAITS = {
    words
    for cause in set(CAUSE_LABELS) - home_queries.BEFORE_ANYBODY_ASKS
    for words in (CAUSE_LABELS[cause], REMEDIES[cause][0])
}


@pytest.fixture(autouse=True)
def a_day_in_june(time_machine):
    time_machine.move_to(f"{TODAY} 12:00:00 -05:00", tick=False)


def words(user, today=TODAY):
    return [row.words for row in home_queries.home_for(user, today).rows]


def test_a_member_goes_on_to_the_desk(ana):
    answer = sign_in(Client(), ana).get(reverse("dashboard:home"))
    assert (answer.status_code, answer.url) == (302, reverse("requests_app:desk"))


def test_the_rail_names_one_page_once(ana, coordinator):
    def places(somebody):
        page = sign_in(Client(), somebody).get(reverse("team:me")).content.decode()
        return [f'href="{reverse(name)}"' in page for name in ("dashboard:home", "requests_app:desk")]

    assert (places(ana), places(coordinator)) == ([False, True], [True, False])
    User.objects.filter(pk=ana.user_id).update(is_coordinator=True)
    assert places(ana) == [True, True]


def test_a_member_who_also_runs_the_program_stays(ana, client):
    ana.user.is_coordinator = True
    ana.user.save()
    assert sign_in(client, ana).get(reverse("dashboard:home")).status_code == 200


def test_nobody_who_has_not_signed_in_sees_a_home(client):
    answer = client.get(reverse("dashboard:home"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def approve_all(by):
    for text in program_queries.texts_now():
        program.write_text(name=text.newest.name, body="As law demands.", after_version=0, by=by.pk)
        program.approve_text(name=text.newest.name, version=1, by=by.pk)


def test_the_coordinator_reads_that_nothing_waits(coordinator, ana, ben, director):
    approve_all(by=director)
    for member in (ana, ben):
        PhoneAlert.objects.create(user=member.user, sealed_address=b"only whether there is one")
        for subject in ("critical_incident_stress", "suicide_intervention"):
            records.record(member_id=member.pk, subject=subject, completed_on=TODAY, hours=40, by=coordinator)
    found = home_queries.home_for(coordinator, TODAY)
    assert found.lead == "Nobody who asked for support is waiting."
    assert [row.words for row in found.rows if row.is_warm] == []


def test_the_checklist_can_be_looked_at_after_opening(coordinator, ana):
    desk = sign_in(Client(), coordinator)
    assert reverse("dashboard:what_holds") in desk.get(reverse("dashboard:home")).content.decode()
    page = desk.get(reverse("dashboard:what_holds")).content.decode()
    assert "Something is no longer in place." in page and "Somebody is on call at every hour" in page
    assert (page.count(">in place<"), page.count(">not now<"), "Open the program" in page) == (2, 2, False)


def test_the_coordinator_reads_that_nobody_is_on_call(coordinator):
    found = home_queries.home_for(coordinator, TODAY)
    assert ("Nobody on the team can be asked", True) in [(row.words, row.is_warm) for row in found.rows]
    assert found.lead == "Nobody who asked for support is waiting."
    take_off_call(make_member("Ana Alvarez", confirmed_by=coordinator))
    assert "Nobody is on call" in words(coordinator)


@pytest.mark.parametrize("how", ["nobody asks", "somebody waits", "nobody is left"])
def test_the_home_and_the_page_of_who_waits_say_the_same(how, coordinator, ana):
    if how == "nobody is left":
        take_off_call(ana)
    if how != "nobody asks":
        ask(not_these=[ana.pk] if how == "nobody is left" else [])
    desk = sign_in(Client(), coordinator)
    home, page = (desk.get(reverse(name)).content.decode() for name in ("dashboard:home", "requests_app:waiting"))
    summary = availability.waiting_summary(timezone.now())
    said = [*summary.sentences, *(each.label for each in summary.causes), *(each.remedy for each in summary.causes)]
    assert all(words.rstrip(".") in page for words in said)
    assert [words for words in said if words.rstrip(".") not in home] == (
        [] if summary.is_anybody_waiting else [words for words in said if words in UNTIL_SOMEBODY_WAITS]
    )


def test_the_coordinator_reads_which_keys_wait(coordinator, ana, ben):
    MemberKey.objects.update(confirmed_by=None, confirmed_on=None)
    assert "Two new keys to confirm" in words(coordinator)
    MemberKey.objects.filter(member=ana).update(confirmed_by=coordinator, confirmed_on=TODAY)
    assert "A new key to confirm" in words(coordinator)


def test_the_coordinator_reads_whose_training_lapses_without_a_name(coordinator, ana, ben):
    for member, days_ago in ((ana, 800), (ben, 700)):
        records.record(
            member_id=member.pk, subject="suicide_intervention", completed_on=TODAY - timedelta(days=days_ago),
            hours=8, by=coordinator,
        )  # fmt: skip
    found = words(coordinator)
    assert "Suicide intervention: lapsed for one of two" in found
    assert "Suicide intervention: lapses soon for one of two" in found
    assert "Ana" not in " ".join(found)


def test_the_coordinator_reads_which_certificates_wait(coordinator, director, ana):
    report_training(ana)
    assert "A certificate waits for you" in words(coordinator)
    assert "A certificate waits for you" not in words(director)


def test_the_director_reads_which_year_can_be_closed(director, coordinator):
    stats.open_year(year=2025)
    stats.open_year(year=2026)
    assert "2025 can be closed" in words(director)
    assert "2025 can be closed" not in words(coordinator)
    stats.close_year(year=2025, by=director)
    found = home_queries.home_for(director, TODAY)
    assert "2025 can be closed" not in [row.words for row in found.rows]
    assert found.last_report.year == 2025


def test_the_director_reads_that_a_wording_waits(director, coordinator):
    assert "Nobody here has approved the exceptions to confidentiality" in words(director)
    text = program.write_text(
        name="confidentiality_exceptions", body="As law demands.", after_version=0, by=coordinator.pk
    )
    assert "A wording waits for your approval" in words(director)
    program.approve_text(name=text.name, version=text.version, by=director.pk)
    assert not [found for found in words(director) if "exceptions" in found or "waits" in found]
    assert "Nobody here has approved the confidentiality agreement" in words(director)


def test_the_coordinator_reads_what_is_no_longer_so(coordinator, ana, director):
    """One member, and crisis lines confirmed by now: the page stays open."""
    approve_all(by=director)
    program.confirm_lines(by=coordinator.pk)
    assert "No longer so: At least two members who can be asked and rung" in words(coordinator)
    assert "No longer so: Every crisis line answers" not in words(coordinator)


def test_the_operator_reads_how_the_machine_is_and_nothing_of_people(operator, ana):
    tasks.heartbeat()
    assert words(operator) == ["Database, keyring and worker are well"]
    found = home_queries.home_for(operator, TODAY)
    assert (found.lead, found.last_report) == ("", None)


def test_the_operator_reads_what_is_wrong(operator, ana):
    outbox.notify(user_id=ana.user.pk)
    Notice.objects.update(tries=5)
    assert words(operator) == [
        "The worker is silent: no notice leaves, no request is handed on",
        "One notice cannot leave",
    ]


def test_every_code_of_health_has_its_words():
    from operations import health

    assert {part for part, _ in health_rows.HEALTH_IN_WORDS} == {*PARTS}
    assert health.OK not in {code for _, code in health_rows.HEALTH_IN_WORDS}


@pytest.mark.parametrize("who", ["coordinator", "director", "designee", "operator"])
def test_each_home_is_a_page_of_rows(who, request, client, ana):
    user = request.getfixturevalue(who)
    stats.open_year(year=2025)
    stats.close_year(year=2025)
    page = sign_in(client, user).get(reverse("dashboard:home")).content.decode()
    assert "What waits for you" in page
    for row in home_queries.home_for(user, TODAY).rows:
        assert row.words in page
    assert ("2025, as reported" in page) is (who != "operator")


def test_a_home_asks_no_more_of_the_database_for_a_larger_team(coordinator, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_member("First Person", confirmed_by=coordinator)
    with CaptureQueriesContext(
        connection,
    ) as one:
        home_queries.home_for(coordinator, TODAY)
    for number in range(29):
        make_member(f"Person{number} Sample", confirmed_by=coordinator)
    with django_assert_num_queries(len(one)):
        home_queries.home_for(coordinator, TODAY)


def test_a_home_before_opening_says_a_gap_once(coordinator, director):
    Launch.objects.all().delete()
    page = sign_in(Client(), coordinator).get(reverse("dashboard:home")).content.decode()
    assert "a bell on their own page: nobody yet" in page
    assert "Nobody on the team can be asked" not in page and "Nobody is on call for" not in page
    assert "Nobody on the team can be asked" in words(director), "who has no checklist is told"


def test_what_lapses_says_when_it_can_be_trained_next(coordinator, ana, ben):
    lapsed = {"subject": "suicide_intervention", "completed_on": TODAY - timedelta(days=800), "hours": 8}
    records.record(member_id=ana.pk, by=coordinator, **lapsed)

    def more():
        return [row.more for row in home_queries.home_for(coordinator, TODAY).rows if row.words.startswith("Suicide")]

    assert more() == [""]
    plan_session(coordinator, in_days=-0.1)
    plan_session(coordinator, in_days=3, subjects=("mediation",))
    full = plan_session(coordinator, in_days=4, capacity=1)
    sessions.enrol(session_id=full.pk, member_id=ana.pk, by=coordinator)
    plan_session(coordinator, in_days=7, capacity=4)
    assert more() == ["Next session on 22 June, with four free places"]
    plan_session(coordinator, in_days=5)
    assert more() == ["Next session on 20 June"]


def test_a_press_on_the_home_says_what_it_is_about(coordinator, ana):
    report_training(ana)
    page = sign_in(Client(), coordinator).get(reverse("dashboard:home")).content.decode()
    assert 'Review<span class="visually-hidden">: A certificate waits for you</span></a>' in page


def test_last_years_lists_have_their_titles(director):
    stats.open_year(year=2025)
    stats.close_year(year=2025)
    page = sign_in(Client(), director).get(reverse("dashboard:home")).content.decode()
    assert "<h3>People and contacts</h3>" in page

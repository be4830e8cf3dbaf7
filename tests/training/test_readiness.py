"""Who is ready to be designated, who is without training, and that nobody designates the untrained unawares."""

from datetime import date

import pytest

from peersupport.audit.models import Entry
from peersupport.team.models import Agreement, Member
from tests.cast import give_key, make_invited, make_member, pair_of
from tests.dashboard.homes import home_for
from training.presenters.member_training import missing_training_sentences
from training.queries import readiness

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
REQUIRED = ("critical_incident_stress", "suicide_intervention")
TYPED = {"on": "2026-03-01", "head": "Sheriff Sam", "order": "7"}


@pytest.fixture(autouse=True)
def march(time_machine):
    time_machine.move_to(f"{TODAY} 12:00:00 -06:00", tick=False)


@pytest.fixture
def cleo(coordinator):
    return make_member("Cleo Cole", state="in_training", designated_on=None, designated_by="", on_call=False)


def fully(trained, member):
    for subject in REQUIRED:
        trained(member, subject, date(2026, 2, 1), 40)


def designate(browser, member, **typed):
    return browser.post(f"/training/members/{member.pk}/designate/", TYPED | typed, follow=True).content.decode()


def rows(coordinator):
    return [todo.text for todo in home_for(coordinator, TODAY).todos]


@pytest.mark.parametrize(
    ("records", "lines"),
    [
        ([], [True, 2, 0]),
        ([("mediation", "2026-02-01", 40)], [False, 2, 0]),
        ([(code, "2026-02-01", 8) for code in REQUIRED], [True, 0, 0]),
        ([(code, "2020-02-01", 40) for code in REQUIRED], [False, 0, 2]),
        ([(code, "2026-02-01", 40) for code in REQUIRED], [False, 0, 0]),
    ],
)
def test_missing_training(cleo, trained, records, lines):
    for subject, day, hours in records:
        trained(cleo, subject, date.fromisoformat(day), hours)
    missing = readiness.missing_training([cleo.pk], TODAY)[cleo.pk]
    assert [missing.is_initial_missing, len(missing.untrained), len(missing.lapsed)] == lines
    assert bool(missing) == any(lines) and len(missing_training_sentences(missing)) == sum(lines)


def test_designating_the_untrained_needs_a_confirmation(as_coordinator, cleo, coordinator):
    page = as_coordinator.get(f"/members/{cleo.pk}/").content.decode()
    assert "Training is missing." in page and "Not trained in suicide intervention" in page
    page = designate(as_coordinator, cleo)
    assert "Check “Designate them anyway”" in page and "Sheriff Sam" in page
    cleo.refresh_from_db()
    assert cleo.state == "in_training" and not Entry.objects.filter(action__startswith="designated").exists()
    assert "Cleo Cole is designated." in designate(as_coordinator, cleo, all_the_same="on")
    assert Entry.objects.latest("pk").action == "designated_untrained"
    assert "One member serves without required training" not in rows(coordinator), "without a key nobody serves yet"
    give_key(cleo, pair_of("Cleo Cole")[0], confirmed_by=coordinator, confirmed_on=TODAY, recovery_checked=True)
    assert "One member serves without required training" in rows(coordinator)


def test_who_never_signed_in_does_not_serve_untrained(coordinator, ana):
    make_invited("Ina Imported")
    assert readiness.serving_untrained(TODAY) == {ana.pk}


def test_designating_the_trained_needs_no_confirmation(as_coordinator, cleo, trained, coordinator):
    fully(trained, cleo)
    assert "Training is missing." not in as_coordinator.get(f"/members/{cleo.pk}/").content.decode()
    assert "Cleo Cole is designated." in designate(as_coordinator, cleo)
    assert Entry.objects.latest("pk").action == "member_designated"
    assert not [row for row in rows(coordinator) if "has not trained" in row]


def test_ready_members_are_listed_on_the_home_and_the_roster(as_coordinator, cleo, trained, coordinator, director):
    ready = "Cleo Cole is ready to be designated"
    fully(trained, cleo)
    Agreement.objects.filter(member=cleo).update(is_past=True)
    assert ready not in rows(coordinator)
    Agreement.objects.filter(member=cleo).update(is_past=False)
    assert ready in rows(coordinator) and ready not in rows(director)
    assert "Ready to be designated" in as_coordinator.get("/members/").content.decode()
    dan = make_member("Dan Dee", state="in_training", designated_on=None, designated_by="", on_call=False)
    fully(trained, dan)
    assert "Two members are ready to be designated" in rows(coordinator)
    Member.objects.update(state="designated", designated_on=TODAY)
    assert "Ready to be designated" not in as_coordinator.get("/members/").content.decode()

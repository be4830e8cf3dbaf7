"""What an entry of the audit log is about, by its name: the row has a code, and the page looks it up."""

from collections.abc import Iterable
from datetime import date

import pytest
from django.forms import model_to_dict
from django.utils import timezone

from applications.models import Application, Interview, Reference, Review
from dashboard.presenters import audit as presenter
from dashboard.queries import audit as queries
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.incidents.models import Activation
from peersupport.program import actions as program
from peersupport.program.models import ProgramSettings
from peersupport.team.actions import invitations
from peersupport.team.models import Member, User
from tests.applications.conftest import sent
from tests.dashboard.test_audit import found
from tests.training.external_training import report_training
from tests.training.sessions import plan_session
from training.models import GivenSession, Import, Subject

pytestmark = pytest.mark.django_db


def entry(about: str) -> Entry:
    return Entry(at=timezone.now(), action="an_act", about=about)


@pytest.fixture
def things(ana: Member, coordinator: User) -> dict[str, Entry]:
    """One entry about one of each kind of thing that has a name."""
    application = sent()
    with_references = Reference.objects.create(application=application, name="Rita Ruiz", email="rita@example.org")
    review = Review.objects.create(application=application, reviewer=ana.user)
    interview = Interview.objects.create(application=application)
    day = date(2026, 3, 1)
    about = {
        "activation": Activation.objects.create(begun_on=day, begun_by=coordinator),
        "application": application,
        "given": GivenSession.objects.create(held_on=day, kind="education", topic="Sleep", headcount=9),
        "import": Import.objects.create(uploaded_by=coordinator, uploaded_on=day),
        "interview": interview,
        "reference": with_references,
        "report": report_training(ana),
        "review": review,
        "session": plan_session(coordinator, title="Listening"),
        "subject": Subject.objects.get(code="mediation"),
        "text": program.write_text(name="duty_to_report", body="Tell us.", after_version=0, by=coordinator.pk),
    }
    return {kind: entry(f"{kind}:{thing.pk}") for kind, thing in about.items()}


ABOUT = {
    "activation": "Activation of March 1, 2026",
    "application": "Application of Cory Candidate",
    "given": "Session for the agency: Sleep",
    "import": "Import of March 1, 2026",
    "interview": "Interview with Cory Candidate",
    "reference": "Reference of Rita Ruiz for Cory Candidate",
    "report": "Mediation techniques, reported by Ana Alvarez",
    "review": "Review by Ana Alvarez of Cory Candidate",
    "session": "Session: Listening",
    "subject": "Subject: Mediation techniques",
    "text": "Duty to report, version 1",
}


def abouts(viewer: User, entries: Iterable[Entry]) -> list[str]:
    shown = list(entries)
    return [row.about for row in presenter.rows(shown, queries.names(viewer, shown))]


def test_what_still_has_a_name_is_called_by_it(things: dict[str, Entry], coordinator: User, director: User) -> None:
    for viewer in (coordinator, director):
        assert dict(zip(things, abouts(viewer, things.values()), strict=True)) == ABOUT
    in_file = presenter.file_rows(things.values(), queries.names(coordinator))
    assert [row[-1] for row in in_file] == list(ABOUT.values())
    assert [row[-2] for row in in_file] == [each.about for each in things.values()], "the code stays beside it"


def test_every_kind_that_has_a_name_is_looked_up(coordinator: User) -> None:
    assert set(queries.names(coordinator).things) == set(presenter.NAMED) == {*ABOUT, "invitation"}
    assert set(presenter.NAMED) < set(presenter.THINGS), "what is gone keeps its number"


def test_what_is_gone_keeps_its_number(coordinator: User) -> None:
    gone = [entry(f"{kind}:100004") for kind in presenter.NAMED]
    assert all("100004" in said and ":" not in said for said in abouts(coordinator, gone))


def test_an_application_of_ones_own_stays_a_number(things: dict[str, Entry]) -> None:
    """As on every other page: who applied doesn't read who reviews them."""
    candidate = User.objects.create(email="cory@example.org", name="Cory Candidate", is_designee=True)
    kinds = ("application", "interview", "reference", "review")
    said = abouts(candidate, [things[kind] for kind in kinds])
    assert said == [str(presenter.THINGS[kind]) % {"number": things[kind].about.split(":")[1]} for kind in kinds]


def test_what_an_erased_application_said_is_not_in_it(things: dict[str, Entry], coordinator: User) -> None:
    application = Application.objects.get()
    nothing = dict.fromkeys(("name", "why", "qualifications", "benefit", "training", "availability"), "")
    Application.objects.filter(pk=application.pk).update(**nothing, erased_on=date(2026, 3, 1))
    assert abouts(coordinator, [things["application"], things["review"]]) == [
        f"Application {application.pk}",
        f"Review {things['review'].about.split(':')[1]}",
    ]


def test_an_invitation_says_whose_it_was_before_and_after_it_was_accepted(coordinator: User) -> None:
    token = invitations.invite(email="iris@example.org", name="Iris Ito", roles=[Role.COORDINATOR], by=coordinator)
    assert abouts(coordinator, Entry.objects.filter(action="person_invited")) == ["Invitation of Iris Ito"]
    invitations.accept_invitation(token=token, password="a word for iris to sign in")
    assert abouts(coordinator, Entry.objects.filter(action="person_invited")) == ["Invitation of Iris Ito"]
    iris = User.objects.get(email="iris@example.org")
    assert found(person=iris.pk) == ["role_coordinator_given", "invitation_accepted", "person_invited"]


def test_what_was_changed_of_the_settings_is_said_and_not_to_what(coordinator: User) -> None:
    saved = model_to_dict(ProgramSettings.objects.get_or_create(pk=1)[0], exclude=["id"])
    line = {"name": "988", "call": "988"}
    program.change_settings(values={**saved, "on_call_phone": "555 0100"}, lines=[line], by=coordinator.pk)
    entries = list(Entry.objects.filter(action="settings_changed"))
    assert "setting:on_call_phone" in [each.about for each in entries] and "555" not in repr(entries)
    assert set(abouts(coordinator, entries)) == {"The program's own 24-hour number", "Crisis lines"}
    program.change_settings(values={**saved, "on_call_phone": "555 0100"}, lines=[line], by=coordinator.pk)
    assert Entry.objects.filter(action="settings_changed").count() == len(entries), "nothing was changed"


def test_every_setting_has_its_words() -> None:
    fields = {field.name for field in ProgramSettings._meta.fields} - {"id"}
    assert fields | {"crisis_lines"} == set(presenter.SETTINGS)

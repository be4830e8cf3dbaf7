"""References and the supervisor's endorsement: asked by private link, reminded twice, shown with their answer."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.actions import candidate as candidate_actions
from applications.actions import references
from applications.domain.reminders import is_due, is_unresponsive
from applications.domain.states import ReferenceKind, ReferenceState
from applications.models import Reference
from tests.applications.conftest import CORY, fresh_form, link_in, read_mail, sent, status_link, text_of
from tests.cast import sign_in

RITA = candidate_actions.NamedReference(ReferenceKind.REFERENCE, "Rita Referee", "rita@example.org")
SAM = candidate_actions.NamedReference(ReferenceKind.ENDORSEMENT, "Sgt. Sam", "sam@example.org")
DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "reminders", "is_expected"),
    [(6, 0, False), (7, 0, True), (13, 1, False), (14, 1, True), (30, 0, True), (30, 2, False)],
)
def test_reminder_is_due_after_7_and_14_days(days, reminders, is_expected):
    assert is_due(DAY, reminders, DAY + timedelta(days=days)) is is_expected
    assert not is_due(None, reminders, DAY)


def test_unresponsive_after_three_weeks():
    assert [is_unresponsive(DAY, DAY + timedelta(days=days)) for days in (20, 21)] == [False, True]


def reference_links() -> dict[str, str]:
    """The link in each mail to a reference, by address."""
    letters = {letter.to[0]: link_in(letter) for letter in read_mail()}
    letters.pop(CORY["email"], None)
    return letters


@pytest.mark.django_db
def test_references_are_asked_for_only_if_configured(candidate, change_settings):
    fields = set(candidate.get("/apply/").context["form"].fields)
    change_settings(asks_for_references=True, asks_for_endorsement=True)
    added = set(candidate.get("/apply/").context["form"].fields) - fields
    assert added == {
        f"{who}_{part}" for who in ("reference_1", "reference_2", "endorsement") for part in ("name", "email")
    }


@pytest.mark.django_db
def test_candidate_and_duplicates_are_refused_as_reference(candidate, change_settings):
    change_settings(asks_for_references=True)
    named = {
        "reference_1_name": "Rita", "reference_1_email": "RITA@example.org", "reference_2_name": "Rita again",
        "reference_2_email": "rita@example.org",
    }  # fmt: skip
    answer = candidate.post("/apply/", {**fresh_form(candidate), **CORY, **named})
    assert "Please name someone else here" in text_of(answer)
    answer = candidate.post("/apply/", {**fresh_form(candidate), **CORY, **named, "reference_2_email": CORY["email"]})
    assert "Please name someone else here" in text_of(answer)
    candidate.post("/apply/", {**fresh_form(candidate), **CORY, **named, "reference_2_email": "otto@example.org"})
    assert list(Reference.objects.values_list("email", "state")) == [
        ("rita@example.org", "named"), ("otto@example.org", "named"),
    ]  # fmt: skip
    assert set(reference_links()) == set(), "nobody is asked before the address is confirmed"


@pytest.mark.django_db
def test_reference_link_ends_with_answer(candidate, coordinator, client):
    application = sent(RITA, SAM)
    links = reference_links()
    page = candidate.get(f"/apply/reference/{links['rita@example.org']}/")
    assert "Cory Candidate" in text_of(page) and CORY["why"] not in text_of(page)
    empty = candidate.post(f"/apply/reference/{links['rita@example.org']}/", {"statement": " "})
    assert "Please write a few words" in text_of(empty)
    candidate.post(
        f"/apply/reference/{links['rita@example.org']}/", {"statement": "I would talk to Cory.\n\n<b>Yes</b>"}
    )
    candidate.post(f"/apply/reference/{links['sam@example.org']}/", {"press": "decline", "statement": "not kept"})
    assert list(application.references.values_list("state", "statement")) == [
        ("given", "I would talk to Cory.\n\n<b>Yes</b>"), ("declined", ""),
    ]  # fmt: skip
    for link in links.values():
        answer = candidate.get(f"/apply/reference/{link}/")
        assert answer.status_code == 404
        assert "This reference isn't needed anymore, or you've already sent it. Thank you." in text_of(answer)
        assert "your application" not in text_of(answer)
    page = sign_in(client, coordinator).get(f"/applications/{application.pk}/")
    assert "Declined" in text_of(page) and "&lt;b&gt;Yes&lt;/b&gt;" in page.content.decode()


@pytest.mark.django_db
def test_reference_is_reminded_twice_then_shown_as_unresponsive(coordinator, client):
    application, begun = sent(RITA), timezone.now()
    first = reference_links()["rita@example.org"]
    mailed_after = []
    for days in range(0, 40, 3):
        with time_machine.travel(begun + timedelta(days=days)):
            references.remind_references(today=timezone.localdate())
            mailed_after += [days] * len(reference_links())
    assert mailed_after == [9, 15]
    with time_machine.travel(begun + timedelta(days=22)):
        page = sign_in(client, coordinator).get(f"/applications/{application.pk}/")
        assert "No answer in three weeks" in text_of(page) and "Reminded twice" in text_of(page)
        assert client.get(f"/apply/reference/{first}/").status_code == 200, "the first link still works"


@pytest.mark.django_db
def test_answered_or_withdrawn_reference_is_not_reminded(application):
    other = sent(RITA, email="other@example.org", name="Other")
    references.give_reference(link=reference_links()["rita@example.org"], statement="Good.")
    gone = sent(SAM, email="gone@example.org", name="Gone")
    candidate_actions.withdraw(link=status_link(gone))
    assert references.remind_references(today=timezone.localdate() + timedelta(days=10)) == 0
    assert set(Reference.objects.filter(application=other).values_list("state", flat=True)) == {ReferenceState.GIVEN}

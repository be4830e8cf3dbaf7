"""A member's page says what is left to do, and leads on from each subject that is not current."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peersupport.program.models import ProgramSettings
from tests.training.external_training import report_training
from tests.training.pages import page_text
from tests.training.sessions import plan_session
from training.actions import external_training, sessions
from training.models import Requirement, Subject
from training.presenters.member_training import next_step_row
from training.queries.external_training import not_on_record
from training.queries.member_training import member_training
from training.queries.next_steps import next_steps


@pytest.mark.django_db
def test_lead_mentions_hours_that_are_left(as_ana, ana, trained):
    today = timezone.localdate()
    for subject in Subject.objects.all():
        trained(ana, subject.code, today - timedelta(days=370), 6)
    Requirement.objects.update(continuing_hours=8)
    assert "Every subject is current. Eight hours to go this year." in page_text(as_ana.get("/training/"))
    trained(ana, "mediation", today, 8)
    text = page_text(as_ana.get("/training/"))
    assert "Everything is current." in text and "What to do next" not in text


def steps(member):
    now = timezone.now()
    to_train = member_training(member, timezone.localdate(now)).to_train
    return {
        row.subject.code: (row.text, row.url)
        for row in map(next_step_row, next_steps(member, to_train, not_on_record(member), now))
        if row.url
    }


@pytest.mark.django_db
def test_next_step_is_the_report_or_the_next_session_with_a_free_seat(ana, ben, coordinator):
    assert steps(ana) == {}
    later = plan_session(coordinator, in_days=20, title="Later")
    full = plan_session(coordinator, in_days=5, title="Full", capacity=1)
    sessions.enroll(session_id=full.pk, member_id=ben.pk, by=ben.user)
    cancelled = plan_session(coordinator, in_days=6, title="Cancelled")
    sessions.cancel_session(session_id=cancelled.pk, by=coordinator)
    found = steps(ana)
    assert set(found) == {"suicide_intervention"}
    assert found["suicide_intervention"][0].startswith("Next session: Later, ")
    assert found["suicide_intervention"][1] == f"/training/sessions/{later.pk}/"
    assert steps(ben)["suicide_intervention"][0].startswith("Enrolled: Full, ")
    report = report_training(ana)
    at_the_report = f"/training/reports/{report.pk}/"
    waits = "Reported. It counts once the coordinator has checked the certificate."
    assert steps(ana)["mediation"] == (waits, at_the_report)
    external_training.send_back(external_training_id=report.pk, reason="The date cannot be read.", by=coordinator)
    assert steps(ana)["mediation"] == ("The certificate was sent back: The date cannot be read.", at_the_report)


@pytest.mark.django_db
def test_without_a_session_the_member_asks_and_the_coordinator_plans(as_ana, as_coordinator, ana):
    ProgramSettings.objects.update_or_create(pk=1, defaults={"coordinator_name": "Sgt. Dana Reyes"})
    text = page_text(as_ana.get("/training/"))
    assert "No upcoming session has room. Ask Sgt. Dana Reyes for one, or take it elsewhere" in text
    page = as_coordinator.get(f"/training/members/{ana.pk}/")
    assert "No upcoming session has room." in page_text(page)
    assert "Ask Sgt." not in page_text(page) and 'href="/training/sessions/plan/"' in page.content.decode()

"""Todos of training: the notices say only that something waits, these say what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peersupport.core.dates import add_months
from tests.training.external_training import report_training
from tests.training.pages import page_text
from tests.training.sessions import plan_session
from training.actions import external_training, sessions
from training.models import Record
from training.presenters import todo as todo_texts
from training.queries import todo as todo_figures

pytestmark = pytest.mark.django_db


def texts(todos):
    return [each.text for each in todos]


def for_member(member, now):
    return todo_texts.for_member(todo_figures.for_member(member, now))


def for_coordinator(now):
    return list(todo_texts.for_coordinator(todo_figures.for_coordinator(now)))


def test_member_todos_are_lapses_and_enrolled_sessions(as_ana, ana, ben, coordinator, trained):
    now, today = timezone.now(), timezone.localdate()
    assert for_member(ana, now) == []
    for subject, lapses_in in (
        ("suicide_intervention", -3),
        ("mediation", -3),
        ("listening_skills", 20),
        ("referral_criteria", 90),
    ):
        trained(ana, subject, add_months(today, -24) + timedelta(days=lapses_in))
    session = plan_session(coordinator)
    sessions.enroll(session_id=session.pk, member_id=ana.pk, by=ana.user)
    found = texts(for_member(ana, now))
    assert found[0] == "Suicide intervention has lapsed"
    assert found[1].startswith("Listening skills lapses on ")
    assert found[2:] == ["Talking about suicide"]
    text = page_text(as_ana.get("/desk/"))
    assert "Until you retrain, some requests go to others" in text
    assert "You&#x27;re enrolled." in text
    sessions.cancel_session(session_id=session.pk, by=coordinator)
    assert for_member(ana, now)[-1].detail.endswith("This session is canceled.")
    assert for_member(ben, now) == []


def test_sent_back_certificate_is_a_todo_until_reported_again(ana, coordinator):
    now = timezone.now()
    report = report_training(ana)
    assert for_member(ana, now) == []
    external_training.send_back(external_training_id=report.pk, reason="The date cannot be read.", by=coordinator)
    assert [(each.text, each.detail) for each in for_member(ana, now)] == [
        ("Your certificate for mediation techniques was sent back", "The date cannot be read.")
    ]
    report_training(ana)
    assert for_member(ana, now) == []


def test_coordinator_todos_are_certificates_and_attendance(ana, ben, coordinator):
    now = timezone.now()
    assert for_coordinator(now) == []
    report_training(ana)
    report = report_training(ben)
    session = plan_session(coordinator, in_days=-1)
    assert texts(for_coordinator(now)) == ["Two certificates to check", "Who was at Talking about suicide?"]
    external_training.verify(external_training_id=report.pk, by=coordinator)
    other = plan_session(coordinator, in_days=-2)
    assert texts(for_coordinator(now)) == ["One certificate to check", "Two sessions need attendance"]
    sessions.cancel_session(session_id=other.pk, by=coordinator)
    sessions.note_attendance(session_id=session.pk, present=[ana.pk], by=coordinator)
    assert texts(for_coordinator(now)) == ["One certificate to check"]
    assert Record.objects.count() == 2

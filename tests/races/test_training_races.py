"""Two people use one training page at the same moment: one wins, the other gets a sentence."""

import pytest
from django.utils import timezone

from peersupport.program import form_tokens
from tests.races.racing import race
from tests.training.external_training import report_training
from training.actions import sessions, subjects
from training.domain.states import GivenSessionKind
from training.models import ExternalTraining, GivenSession, Subject

pytestmark = pytest.mark.django_db(transaction=True)


def test_subjects_of_one_name_added_at_once_become_one(coordinator):
    facts = {"initial_hours": 0, "valid_months": 24, "required_for": [], "by": coordinator}
    outcomes = race(subjects.add_subject, *[{"name": name, **facts} for name in ("Wellness", "wellness", "WELLNESS")])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "Refused", "won"]
    assert Subject.objects.filter(name__iexact="wellness").count() == 1


def test_two_subjects_cannot_take_one_name_at_once(coordinator):
    facts = {"name": "The same", "initial_hours": 0, "required_for": [], "by": coordinator}
    outcomes = race(subjects.change_subject, *[{"code": code, **facts} for code in ("mediation", "listening_skills")])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "won"]


def test_training_reported_twice_at_once_is_stored_once(ana, settings):
    outcomes = race(report_training, {"member": ana}, {"member": ana})
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["Refused", "won"]
    assert ExternalTraining.objects.count() == len(list((settings.PRIVATE_FILES / "certificates").iterdir())) == 1


def test_form_sent_several_times_at_once_makes_one_session(coordinator):
    form_token_hash = form_tokens.hash_of(form_tokens.fresh("GivenForm"), "GivenForm")
    facts = {"held_on": timezone.localdate(), "kind": GivenSessionKind.OUTREACH, "topic": "A fair", "headcount": 9}
    outcomes = race(
        sessions.record_given_session, *[{**facts, "form_token_hash": form_token_hash, "by": coordinator}] * 3
    )
    assert {outcome.error for outcome in outcomes} == {None}
    assert GivenSession.objects.count() == 1

from datetime import date, timedelta

import pytest

from peersupport.program.vocabulary import CONCERN
from tests.cast import make_member
from tests.training.records import TODAY, record
from training.models import Subject, ValidityRule
from training.queries import subjects

pytestmark = pytest.mark.django_db


def test_seven_subjects_of_the_program_description_exist():
    assert list(Subject.objects.values_list("code", "rules__valid_months", "is_retired")) == [
        ("critical_incident_stress", 24, False),
        ("suicide_intervention", 24, False),
        ("listening_skills", 24, False),
        ("sympathetic_stress", 24, False),
        ("conflict_management", 24, False),
        ("mediation", 24, False),
        ("referral_criteria", 24, False),
    ]
    assert sum(subject.initial_hours for subject in Subject.objects.all()) == 40


@pytest.mark.parametrize("concern", [*CONCERN.codes, "", "nonsense"])
def test_required_subjects_by_concern(concern):
    required = {
        "suicidal_thoughts": {"suicide_intervention"},
        "critical_incident": {"critical_incident_stress"},
        "line_of_duty_death": {"critical_incident_stress"},
    }
    assert subjects.required_by_concern().get(concern, set()) == required.get(concern, set())


def test_retired_subject_is_not_required():
    Subject.objects.filter(code="suicide_intervention").update(is_retired=True)
    assert "suicidal_thoughts" not in subjects.required_by_concern()


def test_current_subjects_are_those_current_today(ana, ben):
    record(ana, day=date(2024, 4, 1))  # its last day is today
    record(ana, subject="mediation", day=date(2024, 3, 31))  # lapses today
    record(ana, subject="listening_skills", day=date(2020, 1, 1))
    record(ana, subject="listening_skills", day=date(2025, 1, 1))  # the later one counts
    record(ben, subject="referral_criteria", day=date(2026, 4, 1))  # not yet
    record(ana, subject="suicide_intervention", day=date(2026, 5, 1))  # nor does it hide the one of 2024
    ValidityRule.objects.filter(subject__code="conflict_management").update(valid_months=None)
    record(ben, subject="conflict_management", day=date(1999, 1, 1))  # for good
    assert subjects.current_subjects(TODAY) == {
        ana.pk: {"suicide_intervention", "listening_skills"},
        ben.pk: {"conflict_management"},
    }
    assert subjects.current_subjects(TODAY + timedelta(days=1))[ana.pk] == {"listening_skills"}
    assert subjects.current_subjects(date(2026, 5, 1))[ana.pk] == {"listening_skills", "suicide_intervention"}


def test_current_subjects_takes_two_queries_for_one_member_and_for_thirty(ana, django_assert_num_queries):
    record(ana)
    with django_assert_num_queries(2):
        subjects.current_subjects(TODAY)
    for number in range(30):
        member = make_member(f"M{number} Many")
        record(member)
        record(member, subject="mediation")
    with django_assert_num_queries(2):
        assert len(subjects.current_subjects(TODAY)) == 31

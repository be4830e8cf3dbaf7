from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.program.vocabulary import CONCERN
from peersupport.team.domain.states import State
from tests.cast import make_member
from training import counts
from training.actions import records
from training.domain.coverage import Status
from training.models import Record, Subject, ValidityRule
from training.queries import subjects

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)


def record(member, subject="suicide_intervention", day=TODAY, hours=8, by=None):
    return records.record(member_id=member.pk, subject=subject, completed_on=day, hours=hours, by=by)


def test_the_seven_subjects_of_the_program_description_are_there():
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
def test_what_a_concern_requires(concern):
    required = {
        "suicidal_thoughts": {"suicide_intervention"},
        "critical_incident": {"critical_incident_stress"},
        "line_of_duty_death": {"critical_incident_stress"},
    }
    assert subjects.required_by_concern().get(concern, set()) == required.get(concern, set())


def test_a_retired_subject_is_required_for_nothing():
    Subject.objects.filter(code="suicide_intervention").update(is_retired=True)
    assert "suicidal_thoughts" not in subjects.required_by_concern()


def test_a_record_is_written_and_audited(ana, coordinator):
    written = record(ana, hours="1.25", by=coordinator)
    kept = Record.objects.get()
    assert (kept, kept.member, kept.subject.code) == (written, ana, "suicide_intervention")
    assert (kept.completed_on, kept.hours) == (TODAY, Decimal("1.25"))
    assert list(Entry.objects.values_list("action", "about", "by")) == [
        ("training_recorded", f"member:{ana.pk}", coordinator.pk)
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": "juggling"}, "not on the list"),
        ({"day": date(20, 1, 1)}, "look at the date"),
        ({"day": date(9999, 1, 1)}, "look at the date"),
        ({"hours": 0}, "more than 0"),
        ({"hours": -8}, "more than 0"),
        ({"hours": 501}, "at most 500"),
        ({"hours": "eight"}, "a number"),
        ({"hours": float("nan")}, "more than 0"),
        ({"hours": float("inf")}, "more than 0"),
        ({"hours": "1.01"}, "quarters"),
    ],
)
def test_what_cannot_be_true_is_refused(ana, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        record(ana, **wrong)
    assert not Record.objects.exists()
    assert not Entry.objects.exists()


def test_a_member_who_is_not_there_is_refused(ana):
    with pytest.raises(Refused, match="not on the roster"):
        records.record(member_id=ana.pk + 1, subject="mediation", completed_on=TODAY, hours=1, by=None)


def test_a_training_of_tomorrow_is_refused_and_of_today_is_not(ana):
    with pytest.raises(Refused):
        record(ana, day=timezone.localdate() + timedelta(days=1))
    record(ana, day=timezone.localdate())


def test_the_same_record_twice_is_refused(ana, ben):
    record(ana)
    with pytest.raises(Refused, match="on record for that day already"):
        record(ana, hours=4)
    record(ben)
    record(ana, day=TODAY - timedelta(days=1))
    record(ana, subject="mediation")
    assert Record.objects.count() == Entry.objects.count() == 4


def test_the_database_refuses_hours_that_cannot_be(ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(member=ana, subject=Subject.objects.first(), completed_on=TODAY, hours=0)


def test_subjects_held_are_those_current_today(ana, ben):
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


def test_subjects_held_is_two_queries_for_one_member_and_for_thirty(ana, django_assert_num_queries):
    record(ana)
    with django_assert_num_queries(2):
        subjects.current_subjects(TODAY)
    for number in range(30):
        member = make_member(f"M{number} Many")
        record(member)
        record(member, subject="mediation")
    with django_assert_num_queries(2):
        assert len(subjects.current_subjects(TODAY)) == 31


def test_counts_are_exact_and_of_designated_members(ana, ben, django_assert_num_queries):
    trainee = make_member("Tom Trainee", state=State.IN_TRAINING, designated_on=None)
    record(ana, day=date(2026, 1, 1), hours=8)
    record(ben, day=date(2024, 5, 1), hours=8)  # before the period; lapses on 1 May
    record(ben, day=date(2020, 5, 1), hours=8)
    record(trainee, day=TODAY, hours="0.25")
    with django_assert_num_queries(4):
        found = {count.code: count for count in counts.by_subject(date(2026, 1, 1), TODAY)}
    assert len(found) == 7
    assert found["suicide_intervention"].hours == Decimal("8.25")
    assert found["suicide_intervention"].standing == {
        Status.CURRENT: 1,
        Status.EXPIRING: 1,
        Status.LAPSED: 0,
        Status.MISSING: 0,
    }
    assert found["mediation"].hours == 0
    assert found["mediation"].standing[Status.MISSING] == 2

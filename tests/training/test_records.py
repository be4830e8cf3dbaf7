from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from tests.training.records import TODAY, record
from training.actions import records
from training.models import Record, Subject

pytestmark = pytest.mark.django_db


def test_record_is_written_and_audited(ana, coordinator):
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
        ({"subject": "juggling"}, "isn't on the list"),
        ({"day": date(20, 1, 1)}, "check the date"),
        ({"day": date(9999, 1, 1)}, "check the date"),
        ({"hours": 0}, "more than 0"),
        ({"hours": -8}, "more than 0"),
        ({"hours": 501}, "at most 500"),
        ({"hours": "eight"}, "a number"),
        ({"hours": float("nan")}, "more than 0"),
        ({"hours": float("inf")}, "more than 0"),
        ({"hours": "1.01"}, "quarter hours"),
    ],
)
def test_implausible_record_is_refused(ana, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        record(ana, **wrong)
    assert not Record.objects.exists()
    assert not Entry.objects.exists()


def test_unknown_member_is_refused(ana):
    with pytest.raises(Refused, match="isn't on the roster"):
        records.record(member_id=ana.pk + 1, subject="mediation", completed_on=TODAY, hours=1, by=None)


def test_training_of_tomorrow_is_refused_and_of_today_is_not(ana):
    with pytest.raises(Refused):
        record(ana, day=timezone.localdate() + timedelta(days=1))
    record(ana, day=timezone.localdate())


def test_the_same_record_twice_is_refused(ana, ben):
    record(ana)
    with pytest.raises(Refused, match="already on record for that day"):
        record(ana, hours=4)
    record(ben)
    record(ana, day=TODAY - timedelta(days=1))
    record(ana, subject="mediation")
    assert Record.objects.count() == Entry.objects.count() == 4


def test_database_refuses_zero_hours(ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(member=ana, subject=Subject.objects.first(), completed_on=TODAY, hours=0)

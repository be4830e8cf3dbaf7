from datetime import date
from decimal import Decimal

import pytest

from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Member
from tests.cast import make_invited, make_member, take_back_confirmations
from tests.training.records import TODAY, record
from training import counts
from training.domain.standing import Status
from training.queries import coverage, standings

pytestmark = pytest.mark.django_db


def test_subject_counts_are_exact_and_cover_members_in_service(ana, ben, django_assert_num_queries):
    make_invited("Ina Imported")
    Member.objects.filter(pk=ben.pk).update(leave_from=date(2026, 1, 1))  # away, and counted all the same
    take_back_confirmations(member=ana)  # and so is who waits for the four words to be compared
    trainee = make_member("Tom Trainee", state=MembershipState.IN_TRAINING, designated_on=None)
    record(ana, day=date(2026, 1, 1), hours=8)
    record(ben, day=date(2024, 5, 1), hours=8)  # before the period; lapses on 1 May
    record(ben, day=date(2020, 5, 1), hours=8)
    record(trainee, day=TODAY, hours="0.25")
    with django_assert_num_queries(7):
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


def test_a_subject_that_another_process_made_a_moment_ago_counts_nobody_yet(ana, monkeypatch):
    """This process remembers the standings from before it, within one page."""
    monkeypatch.setattr(standings, "of_those_in_service", lambda _: {})
    monkeypatch.setattr(standings, "of_able", lambda _: {})
    assert {sum(count.standing.values()) for count in counts.by_subject(TODAY, TODAY)} == {0}
    assert coverage.coverage_for(TODAY).gaps

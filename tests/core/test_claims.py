"""Two workers never get the same row, and a dead worker's claim lapses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F, QuerySet

from peersupport.access.permissions import Role
from peersupport.core.claims import claim, unclaimed
from peersupport.notices.models import Notice
from tests.cast import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=5)


@pytest.fixture
def row() -> QuerySet[Notice]:
    notice = Notice.objects.create(recipient=make_user("Ana Alvarez", Role.MEMBER))
    Notice.objects.create(recipient=make_user("Ben Brandt", Role.MEMBER))
    return Notice.objects.filter(pk=notice.pk)


def test_a_row_is_claimed_once(row: QuerySet[Notice]) -> None:
    assert claim(row, now=NOW, until=UNTIL)
    assert not claim(row, now=NOW, until=UNTIL + timedelta(hours=1))
    assert row.get().claimed_until == UNTIL
    assert Notice.objects.filter(claimed_until=None).count() == 1, "the other row stays free"


def test_a_claim_lapses_at_its_moment_and_not_before(row: QuerySet[Notice]) -> None:
    claim(row, now=NOW, until=UNTIL)
    moment_before = UNTIL - timedelta(microseconds=1)
    assert not row.filter(unclaimed(moment_before)).exists()
    assert not claim(row, now=moment_before, until=UNTIL)
    assert row.filter(unclaimed(UNTIL)).exists()
    assert claim(row, now=UNTIL, until=UNTIL + timedelta(minutes=5))


def test_a_claim_changes_more_columns_in_the_same_statement(
    row: QuerySet[Notice], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert claim(row, now=NOW, until=UNTIL, tries=F("tries") + 1)
    assert not claim(row, now=NOW, until=UNTIL, tries=F("tries") + 1)
    assert row.get().tries == 1


def test_a_row_that_is_gone_or_has_changed_is_not_claimed(row: QuerySet[Notice]) -> None:
    assert not claim(row.filter(tries=3), now=NOW, until=UNTIL)
    assert row.get().claimed_until is None
    row.delete()
    assert not claim(row, now=NOW, until=UNTIL)

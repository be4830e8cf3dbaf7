"""A value that follows from the team's records is kept until an act is recorded or a minute begins."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from peersupport.audit import remembered
from peersupport.audit.actions import record
from peersupport.audit.models import Entry
from peersupport.audit.remembered import NEWEST, OfToday, Remembered

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 4, 10, 7, 42, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture
def value(monkeypatch: pytest.MonkeyPatch) -> Remembered[list[datetime]]:
    """Each time it is read, it is another list."""
    monkeypatch.setattr(remembered, "KEPT_IN_TRANSACTIONS", False)
    return Remembered(lambda now: [now])


def test_it_is_read_once(value: Remembered[list[datetime]]) -> None:
    assert value.at(NOW) is value.at(NOW + timedelta(seconds=17))


def test_it_is_read_anew_after_an_act(value: Remembered[list[datetime]]) -> None:
    first = value.at(NOW)
    record(action="member_paused", by=None)
    second = value.at(NOW)
    assert second is not first and value.at(NOW) is second


def test_it_is_read_anew_when_a_minute_begins(value: Remembered[list[datetime]]) -> None:
    assert value.at(NOW) is not value.at(NOW + timedelta(seconds=18))


def test_it_is_read_anew_when_an_act_with_a_smaller_number_is_committed_later(
    value: Remembered[list[datetime]],
) -> None:
    """As on PostgreSQL, where numbers are given before the commit."""
    for _ in range(3):
        record(action="member_paused", by=None)
    newest, *_, oldest = Entry.objects.values_list("pk", flat=True)
    assert newest - oldest < NEWEST
    with transaction.atomic():
        Entry.objects.bulk_create([Entry(pk=newest + 2, at=NOW, action="member_paused")])
    first = value.at(NOW)
    Entry.objects.bulk_create([Entry(pk=newest + 1, at=NOW, action="member_paused")])
    assert value.at(NOW) is not first


def test_a_transaction_keeps_nothing_that_may_be_taken_back(value: Remembered[list[datetime]]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(action="member_paused", by=None)
        inside = value.at(NOW)
        raise RuntimeError
    record(action="member_paused", by=None)  # SQLite gives it the number that was taken back
    assert value.at(NOW) is not inside


def test_a_transaction_reads_what_it_has_changed(value: Remembered[list[datetime]]) -> None:
    before = value.at(NOW)
    with transaction.atomic():
        assert value.at(NOW) is before
        record(action="member_paused", by=None)
        assert value.at(NOW) is not value.at(NOW)


def test_one_small_query_asks_whether_it_is_still_so(
    value: Remembered[list[datetime]], django_assert_num_queries: object
) -> None:
    value.at(NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        value.at(NOW)


def test_what_a_request_reads_after_an_act_that_was_taken_back_hides_no_later_act(
    value: Remembered[list[datetime]],
) -> None:
    """SQLite gives the number again that was taken back."""
    remembered._begin()
    with pytest.raises(RuntimeError), transaction.atomic():
        record(action="member_paused", by=None)
        value.at(NOW)
        raise RuntimeError
    first = value.at(NOW)
    remembered._end()
    record(action="member_paused", by=None)
    assert value.at(NOW) is not first


def test_what_depends_on_the_day_is_read_anew_every_few_minutes_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should an act ever be missed, it isn't missed until midnight."""
    monkeypatch.setattr(remembered, "KEPT_IN_TRANSACTIONS", False)
    value = OfToday(lambda day: [day])
    first = value.at(NOW.replace(minute=1))
    assert value.at(NOW.replace(minute=4)) is first and value.at(NOW.replace(minute=5)) is not first

"""Every write seals under a new key and destroys the old one."""

import pytest
from django.db import transaction

from peersupport.core.errors import Refused
from peersupport.sealing import keyring
from peersupport.sealing.models import KeyToDestroy
from stats import actions, queries, vault
from stats.domain.ledger import SIZE
from stats.models import StatsYear
from tests.stats.conftest import ALL_CODES, snapshot

pytestmark = pytest.mark.django_db


def written(year, action, capture):
    """The row before and after an action that writes; its blob keeps its length."""
    before = StatsYear.objects.get(year=year)
    with capture(execute=True):
        action()
    after = StatsYear.objects.get(year=year)
    assert len(after.blob) == len(before.blob) == SIZE + 33
    return before, after


@pytest.mark.parametrize(
    "action",
    [
        lambda: actions.tally(year=2025, first_this_year=True, codes=ALL_CODES),
        lambda: actions.tally(year=2025),
        lambda: actions.tally_group(year=2025, code="debriefing"),
        lambda: actions.count_feedback(year=2025, code="helped_again"),
        actions.reseal,
    ],
    ids=["full tally", "bare tally", "group", "feedback", "nightly"],
)
def test_every_write_uses_a_new_key_and_destroys_the_old(year_2025, action, django_capture_on_commit_callbacks):
    before, after = written(2025, action, django_capture_on_commit_callbacks)
    assert before.key_id != after.key_id
    assert keyring.is_destroyed(before.key_id)
    assert keyring.shred_ids() == [after.key_id]
    assert not KeyToDestroy.objects.exists()
    with pytest.raises(Refused):
        vault.unseal(before)


def test_an_old_blob_does_not_open_under_the_new_key(year_2025):
    old = bytes(StatsYear.objects.get().blob)
    actions.reseal()
    row = StatsYear.objects.get()
    row.blob = old
    with pytest.raises(Refused):
        vault.unseal(row)


def test_a_blob_moved_to_another_year_does_not_open(year_2025):
    row = StatsYear.objects.get()
    with pytest.raises(Refused):
        vault.unseal(StatsYear(year=2026, key_id=row.key_id, blob=row.blob))


def test_the_nightly_write_changes_no_figure(year_2025):
    actions.open_year(year=2026)
    before = {row.year: vault.unseal(row) for row in StatsYear.objects.all()}
    actions.reseal()
    assert {row.year: vault.unseal(row) for row in StatsYear.objects.all()} == before


def test_a_rolled_back_write_leaves_the_old_blob_and_its_key(year_2025):
    before = snapshot()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.tally(year=2025, first_this_year=True)
        assert 1 / 0
    assert snapshot() == before
    assert not KeyToDestroy.objects.exists()
    assert queries.problems_by_year() == {}

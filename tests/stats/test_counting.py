"""What a tally, a group session and an officer's feedback add, and what is refused."""

from itertools import combinations

import pytest
from django.db import connection
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.program.vocabulary import VOCABULARIES
from peersupport.sealing import keyring
from peersupport.sealing.actions import check_keyring, destroy_condemned
from stats import actions, queries, vault
from stats.domain.ledger import COUNTERS, CounterId, counters_for_contact
from stats.models import StatsYear
from tests.stats.conftest import ALL_CODES, audited, counters_of, refusal, report_of, snapshot

pytestmark = pytest.mark.django_db


def test_a_tally_adds_to_each_counter_once(from_zero, ana):
    actions.tally(year=2025, first_this_year=True, first_referral=True, codes=ALL_CODES, by=ana.user)
    actions.tally(year=2025, first_this_year=False, codes={"feedback": "helped_again"})
    once = {f"{name}:{code}": 1 for name, code in ALL_CODES.items()}
    assert counters_of(2025) == once | {"persons:all": 1, "contacts:all": 2, "feedback:helped_again": 2}


def test_a_tally_without_answers_counts_only_a_contact(from_zero):
    actions.tally(year=2025)
    assert counters_of(2025) == {"contacts:all": 1}


def test_every_pair_of_codes_lands_in_its_own_counters(from_zero):
    """Each code adds 1 to its own counter only, whichever code of another list comes with it."""
    row = StatsYear.objects.get()
    start = vault.unseal(row)
    for one, other in combinations(ALL_CODES, 2):
        for first, second in zip(VOCABULARIES[one].codes, VOCABULARIES[other].codes, strict=False):
            codes = {one: first, other: second}
            counters = counters_for_contact(first_this_year=True, first_referral=True, codes=codes)
            after = start.add(*counters).by_counter()
            assert {c for c, value in after.items() if value} == {
                *COUNTERS[:2],
                CounterId(one, first),
                CounterId(other, second),
            }


def test_group_sessions_count_separately(from_zero):
    actions.tally_group(year=2025, code="defusing")
    actions.tally_group(year=2025, code="defusing")
    assert counters_of(2025) == {"group:defusing": 2}


def test_feedback_is_counted_without_its_contact(from_zero):
    actions.count_feedback(year=2025, code="helped_again")
    assert counters_of(2025) == {"feedback:helped_again": 1}
    actions.tally(year=2025, first_this_year=True, codes={"mode": "web_site"})
    assert counters_of(2025) == {"feedback:helped_again": 1, "mode:web_site": 1, "persons:all": 1, "contacts:all": 1}


def test_feedback_on_uncounted_contacts_raises_contacts(from_zero, at):
    """Each feedback was a contact: even if peers did not count theirs, the report does not contradict itself."""
    for _ in range(10):
        actions.count_feedback(year=2025, code="helped_again")
        actions.count_feedback(year=2025, code="not_helped_again")
    at("2026-02-01")
    actions.close_year(year=2025)
    report = report_of(2025)
    assert {f"{row['vector']}:{row['code']}": row["lo"] for row in report["rows"] if row["lo"]} == {
        "contacts:all": 20,
        "feedback:helped_again": 10,
        "feedback:not_helped_again": 10,
    }


@pytest.mark.parametrize(
    ("action", "arguments", "code"),
    [
        (actions.tally, {"year": 2025, "codes": {"concern": "nonsense"}}, "unknown_code"),
        (actions.tally, {"year": 2025, "codes": {"nonsense": "grief"}}, "unknown_list"),
        (actions.tally, {"year": 2025, "codes": {"concern": ["grief", "work"]}}, "two_codes"),
        (actions.tally, {"year": 2024}, "not_open"),
        (actions.tally, {"year": 10**30}, "not_open"),
        (actions.tally_group, {"year": 2025, "code": "roll_call"}, "unknown_code"),
        (actions.tally_group, {"year": 2024, "code": "defusing"}, "not_open"),
        (actions.count_feedback, {"year": 2025, "code": "defusing"}, "unknown_code"),
        (actions.count_feedback, {"year": 2025, "code": ""}, "unknown_code"),
        (actions.count_feedback, {"year": 2024, "code": "helped_again"}, "not_open"),
        (actions.close_year, {"year": 2024}, "not_open"),
        (actions.close_year, {"year": 2025}, "not_ended"),
        (actions.restart_year, {"year": 2024, "by": None}, "not_open"),
        (actions.restart_year, {"year": 2025, "by": None}, "in_order"),
    ],
)
def test_a_refusal_changes_nothing(year_2025, action, arguments, code):
    before, keys = snapshot(), keyring.shred_ids()
    assert refusal(action, **arguments) == code
    assert snapshot() == before
    assert keyring.shred_ids() == keys
    assert audited() == [("year_opened", "year:2025", None)]


def test_a_closed_year_refuses_tallies(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    report = queries.closed_year(year=2025).document
    assert refusal(actions.tally, year=2025) == "closed"
    assert refusal(actions.tally_group, year=2025, code="defusing") == "closed"
    assert refusal(actions.count_feedback, year=2025, code="helped_again") == "closed"
    assert queries.closed_year(year=2025).document == report


def test_tallies_are_not_audited_and_leave_no_row(year_2025, ana):
    tables = connection.introspection.table_names()
    entries = Entry.objects.count()

    def counts():
        with connection.cursor() as cursor:
            rows = {}
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                rows[table] = cursor.fetchone()[0]
            return rows

    check_keyring(now=timezone.now())
    destroy_condemned()
    before = counts()
    for _ in range(5):
        actions.tally(year=2025, first_this_year=True, codes=ALL_CODES, by=ana.user)
    destroy_condemned()
    assert counts() == before
    assert Entry.objects.count() == entries

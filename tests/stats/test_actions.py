from itertools import combinations

import pytest
from django.db import connection, transaction

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.program.models import ProgramSettings
from peersupport.program.vocabulary import VOCABULARIES
from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from peersupport.sealing.models import KeyToDestroy
from stats import actions, queries, vault
from stats.domain import ledger as ledger_domain
from stats.domain.disclosure import CUT
from stats.domain.ledger import COUNTERS, SIZE, Counter
from stats.models import StatsReport, StatsYear
from tests.stats.conftest import counters_of

pytestmark = pytest.mark.django_db
ALL_CODES = {name: v.codes[0] for name, v in VOCABULARIES.items() if v.level in {"person", "contact"}}


def refusal(action, **arguments):
    with pytest.raises(Refused) as refused:
        action(**arguments)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def audited():
    return list(Entry.objects.order_by("id").values_list("action", "about", "by"))


def snapshot():
    return list(StatsYear.objects.order_by("year").values_list("year", "key_id", "blob")), StatsReport.objects.count()


# Opening


def test_a_year_opens_at_noise_and_nothing_else(year_2025):
    ledger = vault.unseal(StatsYear.objects.get())
    assert len(set(ledger.values)) > 3
    assert all(-CUT <= value <= CUT for value in ledger.values)
    assert not ledger.is_partial
    assert audited() == [("year_opened", "year:2025", None)]


def test_two_years_do_not_start_at_the_same_noise(year_2025):
    actions.open_year(year=2026)
    one, other = (vault.unseal(row).values for row in StatsYear.objects.all())
    assert one != other


def test_a_year_opens_once(year_2025):
    before = snapshot()
    assert refusal(actions.open_year, year=2025) == "already_open"
    assert snapshot() == before
    assert len(keyring.shred_ids()) == 1


def test_a_closed_year_is_not_opened_again(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    assert refusal(actions.open_year, year=2025) == "closed"
    assert not StatsYear.objects.exists()


@pytest.mark.parametrize("year", [-1, 0, 1999, 2100, 20226, 10**30])
def test_a_year_that_cannot_be_is_refused(year):
    assert refusal(actions.open_year, year=year) == "no_such_year"


@pytest.mark.parametrize(
    ("today", "first_month", "year", "is_partial"),
    [
        ("2026-01-01", 1, 2026, False),
        ("2026-01-02", 1, 2026, True),
        ("2026-08-31", 9, 2025, True),
        ("2026-09-01", 9, 2026, False),
    ],
)
def test_the_calendar_opens_the_current_year(at, today, first_month, year, is_partial):
    ProgramSettings(pk=1, year_starts_month=first_month).save()
    at(today)
    actions.open_current_year()
    actions.open_current_year()
    row = StatsYear.objects.get()
    assert (row.year, vault.unseal(row).is_partial) == (year, is_partial)


def test_a_clock_set_back_opens_nothing(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    for day in ("2025-06-01", "2024-06-01", "2001-01-01"):
        at(day)
        actions.open_current_year()
    assert not StatsYear.objects.exists()


# Counting


def test_a_tally_adds_to_each_counter_once(from_zero, ana):
    actions.tally(year=2025, first_this_year=True, first_referral=True, codes=ALL_CODES, by=ana.user)
    actions.tally(year=2025, first_this_year=False, codes={"feedback": "helped_again"})
    once = {f"{name}:{code}": 1 for name, code in ALL_CODES.items()}
    assert counters_of(2025) == once | {"persons:all": 1, "contacts:all": 2, "feedback:helped_again": 2}


def test_a_tally_without_any_answer_counts_a_contact_of_somebody_known(from_zero):
    actions.tally(year=2025)
    assert counters_of(2025) == {"contacts:all": 1}


def test_every_pair_of_codes_lands_in_its_own_counters(from_zero):
    """Every code with its neighbor of every other list: each adds 1 to itself and to nothing beside it."""
    row = StatsYear.objects.get()
    start = vault.unseal(row)
    for one, other in combinations(ALL_CODES, 2):
        for first, second in zip(VOCABULARIES[one].codes, VOCABULARIES[other].codes, strict=False):
            codes = {one: first, other: second}
            counters = ledger_domain.counted(first_this_year=True, first_referral=True, codes=codes)
            after = start.add(*counters).by_counter()
            assert {c for c, value in after.items() if value} == {
                *COUNTERS[:2],
                Counter(one, first),
                Counter(other, second),
            }


def test_group_sessions_are_counted_apart(from_zero):
    actions.tally_group(year=2025, code="defusing")
    actions.tally_group(year=2025, code="defusing")
    assert counters_of(2025) == {"group:defusing": 2}


def test_feedback_is_counted_without_its_contact(from_zero, ana):
    actions.count_feedback(year=2025, code="helped_again", by=ana.user)
    assert counters_of(2025) == {"feedback:helped_again": 1}
    actions.tally(year=2025, first_this_year=True, codes={"mode": "web_site"})
    assert counters_of(2025) == {"feedback:helped_again": 1, "mode:web_site": 1, "persons:all": 1, "contacts:all": 1}


def test_feedback_on_contacts_that_nobody_counted_lifts_the_contacts(from_zero, at):
    """Each feedback was a contact: where peers left theirs uncounted, the report still does not contradict itself."""
    for _ in range(10):
        actions.count_feedback(year=2025, code="helped_again")
        actions.count_feedback(year=2025, code="not_helped_again")
    at("2026-02-01")
    actions.close_year(year=2025)
    report = queries.report(year=2025)
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
        (actions.open_anew, {"year": 2024, "by": None}, "not_open"),
        (actions.open_anew, {"year": 2025, "by": None}, "in_order"),
    ],
)
def test_what_is_refused_changes_nothing(year_2025, action, arguments, code):
    before, keys = snapshot(), keyring.shred_ids()
    assert refusal(action, **arguments) == code
    assert snapshot() == before
    assert keyring.shred_ids() == keys
    assert audited() == [("year_opened", "year:2025", None)]


def test_a_closed_year_takes_no_tally(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    report = queries.document(year=2025)
    assert refusal(actions.tally, year=2025) == "closed"
    assert refusal(actions.tally_group, year=2025, code="defusing") == "closed"
    assert refusal(actions.count_feedback, year=2025, code="helped_again") == "closed"
    assert queries.document(year=2025) == report


def test_tallies_are_not_audited_and_leave_no_row(year_2025, ana):
    tables = connection.introspection.table_names()
    entries = Entry.objects.count()

    def counts():
        with connection.cursor() as cursor:
            found = {}
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
            return found

    destroy_condemned()
    before = counts()
    for _ in range(5):
        actions.tally(year=2025, first_this_year=True, codes=ALL_CODES, by=ana.user)
    destroy_condemned()
    assert counts() == before
    assert Entry.objects.count() == entries


# Keys


def written(year, action, capture):
    """The key id before and after an action that writes, and the length of the blob."""
    before = StatsYear.objects.get(year=year)
    with capture(execute=True):
        action()
    after = StatsYear.objects.get(year=year)
    assert len(after.blob) == len(before.blob) == SIZE + 32
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
def test_every_write_takes_a_new_key_and_destroys_the_old(year_2025, action, django_capture_on_commit_callbacks):
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


def test_a_write_rolled_back_leaves_the_old_blob_and_its_key(year_2025):
    before = snapshot()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.tally(year=2025, first_this_year=True)
        assert 1 / 0
    assert snapshot() == before
    assert not KeyToDestroy.objects.exists()
    assert queries.alarms() == {}


# A key that is gone, a blob that is damaged


def lose_the_key():
    keyring.destroy(StatsYear.objects.get().key_id)


def damage_the_blob():
    row = StatsYear.objects.get()
    row.blob = bytes(row.blob[:-1]) + bytes([row.blob[-1] ^ 1])
    row.save()


@pytest.mark.parametrize(("harm", "code"), [(lose_the_key, "key_missing"), (damage_the_blob, "damaged")])
def test_a_year_that_cannot_be_opened_raises_the_alarm(year_2025, at, caplog, harm, code):
    harm()
    before = snapshot()
    at("2026-03-01")
    assert refusal(actions.tally, year=2025) == code
    assert refusal(actions.tally_group, year=2025, code="defusing") == code
    assert refusal(actions.close_year, year=2025) == code
    actions.reseal()
    actions.close_due_years()
    assert snapshot() == before
    assert {year: alarm.code for year, alarm in queries.alarms().items()} == {2025: code}
    assert queries.missing_keys() == ([2025] if code == "key_missing" else [])
    assert [code in record.message for record in caplog.records] == [True, True]


def test_one_year_that_cannot_be_opened_does_not_keep_the_others_from_their_night(year_2025):
    lose_the_key()
    actions.open_year(year=2026)
    before = StatsYear.objects.get(year=2026).key_id
    actions.reseal()
    assert StatsYear.objects.get(year=2026).key_id != before


@pytest.mark.parametrize("harm", [lose_the_key, damage_the_blob])
def test_a_lost_year_is_started_again_and_its_report_says_so(year_2025, at, director, harm):
    harm()
    actions.open_anew(year=2025, by=director)
    assert queries.alarms() == {}
    actions.tally(year=2025)
    at("2026-01-02")
    actions.close_year(year=2025, by=director)
    assert queries.report(year=2025)["period"] == "2025 (partial year)"
    assert audited()[1:] == [
        ("year_opened_anew", "year:2025", director.pk),
        ("year_closed", "year:2025", director.pk),
    ]


def test_a_keyring_that_cannot_be_written_to_is_said(year_2025, own_keyring):
    before = snapshot()
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    assert refusal(actions.tally, year=2025) == "keyring_full"
    assert snapshot() == before


# Closing


@pytest.mark.parametrize(
    ("today", "by_a_person", "by_the_calendar"),
    [
        ("2025-06-15", "not_ended", "not_ended"),
        ("2025-12-31", "not_ended", "not_ended"),
        ("2026-01-01", "closed", "in_grace"),
        ("2026-01-31", "closed", "in_grace"),
        ("2026-02-01", "closed", "closed"),
    ],
)
def test_a_year_closes_in_its_time(year_2025, at, director, today, by_a_person, by_the_calendar):
    at(today)
    actions.close_due_years()
    assert StatsReport.objects.exists() is (by_the_calendar == "closed")
    if by_the_calendar != "closed":
        assert refusal(actions.close_year, year=2025) == by_the_calendar
        if by_a_person == "closed":
            actions.close_year(year=2025, by=director)
        else:
            assert refusal(actions.close_year, year=2025, by=director) == by_a_person
    assert StatsReport.objects.exists() is (by_a_person == "closed")


def test_closing_destroys_the_counters(year_2025, at, director, django_capture_on_commit_callbacks):
    row = StatsYear.objects.get()
    at("2026-01-01")
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_year(year=2025, by=director)
    assert not StatsYear.objects.exists()
    assert keyring.is_destroyed(row.key_id)
    assert keyring.shred_ids() == []
    assert audited()[-1] == ("year_closed", "year:2025", director.pk)


def test_closing_twice_is_refused(year_2025, at):
    at("2026-02-01")
    actions.close_year(year=2025)
    report = queries.document(year=2025)
    assert refusal(actions.close_year, year=2025) == "closed"
    assert queries.document(year=2025) == report


def test_a_clock_set_back_closes_nothing(year_2025, at, director):
    actions.open_year(year=2026)
    at("2024-01-01")
    actions.close_due_years()
    assert refusal(actions.close_year, year=2025, by=director) == "not_ended"
    assert StatsYear.objects.count() == 2


def test_a_fiscal_year_closes_after_its_own_end(at, director):
    ProgramSettings(pk=1, year_starts_month=9).save()
    at("2026-08-31")
    actions.open_year(year=2025)
    assert refusal(actions.close_year, year=2025, by=director) == "not_ended"
    at("2026-09-01")
    actions.close_year(year=2025, by=director)
    assert queries.report(year=2025)["period"] == "2025-2026"


def test_the_report_lies_about_the_truth(year_2025, at):
    """With the real noise: every band holds the true figure to within what the footnote promises."""
    for i in range(60):
        actions.tally(
            year=2025,
            first_this_year=i % 2 == 0,
            codes={"concern": "grief", "mode": "phone" if i % 4 else "video", "feedback": "helped_again"},
        )
    at("2026-02-01")
    actions.close_year(year=2025)
    lo = {(row["vector"], row["code"]): row["lo"] for row in queries.report(year=2025)["rows"]}
    truth = {("persons", "all"): 30, ("contacts", "all"): 60, ("concern", "grief"): 30, ("mode", "video"): 15}
    for cell, true in truth.items():
        assert lo[cell] - CUT <= true <= lo[cell] + 9 + CUT
    for name, vector in VOCABULARIES.items():
        if name not in {"concern", "mode", "feedback"}:
            assert {lo[name, code] for code in vector.codes} == {0}
    assert lo["concern", "work"] == lo["feedback", "not_helped_again"] == 0

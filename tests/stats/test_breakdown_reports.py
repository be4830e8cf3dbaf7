"""Reports whose lists count several years together: what a reader can work out, and what files and pages say."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.program import vocabulary
from peersupport.program.models import ProgramSettings
from stats import actions, queries
from stats.documents import exports, files, readback
from stats.domain import attacks, simulations
from stats.domain.disclosure import release_lists, release_totals
from stats.domain.ledger import CONTACTS, COUNTERS, PERSONS, TOTALS
from stats.models import StatsReport
from stats.presenters import closed_years
from stats.presenters.charts import compare_years
from tests.cast import sign_in_directly
from tests.stats.bits import CountedBits
from tests.stats.conftest import close_years, tally_often

pytestmark = pytest.mark.django_db


# What a reader can work out


@settings(max_examples=15)
@given(st.lists(st.integers(-9, 120), min_size=3 * len(COUNTERS), max_size=3 * len(COUNTERS)))
def test_totals_of_all_years_cover_every_list_of_the_breakdown(numbers):
    """Even for impossible numbers, such as lists with more people than the years had: the last totals are raised."""
    one, two, breakdown = (dict(zip(COUNTERS, numbers[52 * i :], strict=False)) for i in range(3))
    lists = release_lists(breakdown)
    first = release_totals(one)
    last = release_totals(two, lists, {total: row.lo for total, row in zip(TOTALS, first, strict=True)})
    for total, level in ((PERSONS, vocabulary.PERSON_LEVEL), (CONTACTS, vocabulary.CONTACT_LEVEL)):
        at_least = max(sum(row.lo for row in lists if row.vector == vector.name) for vector in level)
        assert first[TOTALS.index(total)].lo + last[TOTALS.index(total)].lo >= at_least
    assert all(row.lo % 10 == 0 and row.hi == row.lo + 9 for row in (*first, *last, *lists))
    assert last[1].lo >= last[0].lo


def test_linear_programs_over_a_breakdown_learn_nothing():
    assert simulations.attack_breakdowns(20, 2, 1, CountedBits(5)) == []


def two_years(lists):
    """Two years of 10-19 people whose lists start at this lower bound for each of two concerns."""
    totals = [{"vector": vector, "code": "all", "lo": 10, "hi": 19} for vector in ("persons", "contacts")]
    rows = [{"vector": "concern", "code": code, "lo": lists, "hi": lists + 9} for code in ("grief", "work")]
    breakdown = {"period": "2025 to 2026", "first_year": 2025, "years": 2}
    return [
        {"period": "2025", "rows": totals, "breakdown": breakdown | {"rows": []}},
        {"period": "2026", "rows": totals, "breakdown": breakdown | {"rows": rows}},
    ]


@pytest.mark.parametrize(("lists", "is_possible"), [(10, True), (20, False)])
def test_linear_programs_connect_years_that_share_their_lists(lists, is_possible):
    """Forty concerns of at most 38 people contradict each other; with one year missing nothing can be concluded."""
    cells = attacks.intervals(two_years(lists))
    assert attacks.check_intervals(cells) == [] if is_possible else cells is None
    assert attacks.check_intervals(attacks.intervals(two_years(lists)[1:])) == []


def test_lists_that_use_up_the_totals_are_found():
    reports = two_years(10)
    reports[1]["breakdown"]["rows"].append({"vector": "concern", "code": "family", "lo": 10, "hi": 19})
    assert "concern:grief of 2025 to 2026 lies in 10-18" in attacks.check_intervals(attacks.intervals(reports))


# What files and pages say


@pytest.fixture
def closed(small_from_zero, at):
    tally_often(2025, 10, concern="grief", mode="phone")
    close_years(at, 2025, 2026)
    return [queries.closed_year(year=year) for year in (2025, 2026)]


def test_every_file_says_which_years_the_lists_count(closed):
    for year, says in zip(closed, ("come with the report for the last", "count 2025 to 2026 together"), strict=True):
        made = {kind: make(year) for kind, make in files.FILES.items()}
        page = render_to_string("stats/published_report.html", {"report": closed_years.text_of(year)})
        assert readback.check_files(made | {"html": page.encode()}) == []
        assert says in page
        assert ("Grief or loss" in page) is (year.year == 2026)
    lines = list(exports.to_csv(closed[1].report).splitlines())
    assert [line.split(",")[0] for line in lines[1:4]] == ["2026", "2026", "2025 to 2026"]
    assert len(lines) == 1 + len(COUNTERS)


def test_the_public_page_leaves_out_the_concern_of_a_breakdown(closed, director, client):
    actions.publish(year=2026, shows_concern=False, by=director)
    page = client.get("/results/2026/").content.decode()
    assert "Phone" in page and "Grief or loss" not in page


@pytest.mark.parametrize(("year", "is_asked"), [(2025, False), (2026, True)])
def test_only_a_report_with_concerns_asks_whether_to_publish_them(closed, director, client, year, is_asked):
    sign_in_directly(client, director)
    assert ('name="shows_concern"' in client.get(f"/statistics/{year}/").content.decode()) is is_asked


def test_compared_years_name_the_years_of_a_breakdown(closed):
    compared = {each.name: each for each in compare_years([each.report for each in closed])}
    assert [bar.label for bar in compared["totals"].codes[0].bars] == ["2025", "2026"]
    assert [bar.label for bar in compared["mode"].codes[0].bars] == ["2025 to 2026"]


def test_pages_say_which_years_are_counted_together(small, client, ana, at):
    sign_in_directly(client, ana.user)
    for address in ("/statistics/", "/statistics/2025/"):
        assert "counted over 2025 to 2026 together" in client.get(address).content.decode()


def test_a_later_setting_changes_no_byte_of_a_report(closed):
    before = StatsReport.objects.get(year=2026).document
    ProgramSettings.objects.update(breakdown_years=3)
    assert queries.closed_year(year=2026).document == before

import io
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from peersupport.audit.models import Entry
from peersupport.core.dates import add_months
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Member, User
from tests.cast import make_invited, make_member, sign_in
from tests.training.pages import page_text
from training.models import Record, Requirement, Subject, ValidityRule
from training.queries import subjects

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def test_coverage_shows_each_standing_by_mark_and_label(as_coordinator, ana, ben, trained):
    today = timezone.localdate()
    trained(ana, "suicide_intervention", add_months(today, -24) + timedelta(days=10))
    trained(ben, "suicide_intervention", ago(1))
    trained(ben, "mediation", add_months(today, -30))
    page = as_coordinator.get("/training/coverage/")
    text = page_text(page)
    assert "Two members are trained in suicide intervention; one of them lapses on" in text
    assert "Nobody is trained in critical incident stress." in text
    for mark, word in (("●", "Current until"), ("◐", "Lapses soon,"), ("○", "Lapsed"), ("–", "Not trained")):
        assert f"{mark} {word}" in text
    assert page.content.decode().index("Gaps") < page.content.decode().index("Members and subjects")


def test_filters_choose_rows_and_columns_but_not_gaps(as_coordinator, ana, ben, trained):
    trained(ana, "suicide_intervention", ago(1))
    page = as_coordinator.get("/training/coverage/?unit=Dispatch&subject=mediation")
    assert [member for member, _ in page.context["coverage"].rows] == [ben]
    assert [subject.code for subject in page.context["coverage"].subjects] == ["mediation"]
    assert "One member is trained in suicide intervention" in page_text(page)
    assert "Nobody on the team matches all of these" in page_text(
        as_coordinator.get("/training/coverage/?kind=retired")
    )


def test_coverage_without_members_is_one_sentence(as_coordinator):
    page = as_coordinator.get("/training/coverage/")
    assert "Nobody is on the team yet. Invite someone, and their training will show up here." in page_text(page)
    assert "<select" not in page.content.decode() and "in a year" not in page_text(page)


@pytest.mark.parametrize("asked", ["?kind=x", "?unit=%00", "?subject=" + "y" * 3000, "?unit=<b>"])
def test_meaningless_filters_are_harmless(as_coordinator, ana, asked):
    assert as_coordinator.get(f"/training/coverage/{asked}").status_code == 200


def test_gaps_and_the_year_ahead_count_only_who_can_serve(as_coordinator, ana, ben, trained):
    ina = make_invited("Ina Imported")
    for member in (ana, ina):
        trained(member, "suicide_intervention", ago(3))
    coverage = as_coordinator.get("/training/coverage/").context["coverage"]
    assert [member for member, _ in coverage.rows] == [ana, ben, ina], "but everybody is in the matrix"
    assert {each.gap.code: each.gap.trained for each in coverage.gaps}["suicide_intervention"] == 1
    ahead = {each.subject.code: each for each in coverage.ahead}["suicide_intervention"]
    assert (ahead.members, ahead.counts[0]) == (2, 1)


def test_former_members_are_not_in_the_matrix(as_coordinator, ana):
    make_member("Gone Gary", state=MembershipState.ENDED, ended_on="2026-01-01", end_reason="own_wish")
    assert [member for member, _ in as_coordinator.get("/training/coverage/").context["coverage"].rows] == [ana]


@pytest.mark.parametrize("address", ["/training/", "/training/coverage/"])
def test_list_pages_take_the_same_queries_for_one_and_for_thirty(
    as_coordinator, ana, trained, address, django_assert_num_queries, django_assert_max_num_queries
):
    trained(ana, "mediation", ago(3))
    with django_assert_max_num_queries(27) as first:
        as_coordinator.get(address)
    for number in range(30):
        member = make_member(f"M{number} Many")
        trained(member, "mediation", ago(3))
    with django_assert_num_queries(len(first)):
        as_coordinator.get(address)


def add_members(number: int) -> None:
    users = User.objects.bulk_create(
        User(name=f"Number {n:03}", email=f"n{n}@example.org", is_member=True) for n in range(number)
    )
    Member.objects.bulk_create(
        Member(user=user, unit="Jail", state=MembershipState.DESIGNATED, designated_on="2026-01-01") for user in users
    )


@pytest.mark.usefixtures("reads_anew")
@pytest.mark.parametrize("address", ["/training/", "/training/coverage/"])
def test_a_large_team_has_pages_and_costs_no_more_queries(as_coordinator, ana, trained, address):
    trained(ana, "mediation", ago(3))

    def queries_of(page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_coordinator.get(address, {"page": page}).status_code == 200
        return len(captured)

    queries_of("1")
    one = queries_of("1")
    add_members(130)
    assert queries_of("1") == queries_of("3") == one
    first, last = (page_text(as_coordinator.get(address, {"page": page})) for page in ("1", "3"))
    assert "Ana Alvarez" in first and "Number 000" in first and "Number 129" not in first
    assert "Page 3 of 3, 131 in all" in last and "Number 129" in last and "Ana Alvarez" not in last
    assert "One member is trained in mediation" not in first, "nothing requires it"


def test_training_of_somebody_on_a_large_team_is_found_by_name_or_unit(as_coordinator, ana):
    add_members(60)
    assert "Number 059" not in page_text(as_coordinator.get("/training/"))
    found = page_text(as_coordinator.get("/training/", {"words": "059 jail"}))
    assert "Number 059's training" in found and "Number 058" not in found and "Show everyone" in found
    assert "Nobody on the team has this name or unit." in page_text(as_coordinator.get("/training/?words=nobody"))


def test_files_of_the_coverage_have_all_pages(as_coordinator, ana):
    add_members(60)
    page = as_coordinator.get("/training/coverage/?page=2&kind=sworn").content.decode()
    assert "coverage.xlsx?kind=sworn" in page, "the link keeps the filter alone"
    sheet = load_workbook(io.BytesIO(as_coordinator.get("/training/coverage.xlsx?kind=sworn").content)).active
    assert sheet.max_row == 1 + 61


def test_team_is_counted_as_each_of_its_members_would_be(ana, ben, trained):
    """By the database, over several rules for a subject, with former members and later days left out."""
    today, cleo = timezone.localdate(), make_member("Cleo Clark")
    former = make_member("Gone Gary", state=MembershipState.ENDED, ended_on="2026-01-01", end_reason="own_wish")
    mediation = Subject.objects.get(code="mediation")
    for days, months in ((400, 6), (100, 48)):
        ValidityRule.objects.create(subject=mediation, applies_from=ago(days), valid_months=months)
    for member in (ana, ben, former):
        trained(member, "mediation", ago(500))
        trained(member, "mediation", ago(300))
    trained(ben, "mediation", ago(50))
    trained(cleo, "suicide_intervention", today)
    team = [ana.pk, ben.pk, cleo.pk]
    counted, latest = subjects.counted_completions(today, of=team), subjects.last_completions(today)
    for code in ("mediation", "suicide_intervention", "listening_skills"):
        each = Counter(tuple(sorted(latest[pk, code])) for pk in (ana.pk, ben.pk, cleo.pk) if (pk, code) in latest)
        assert {tuple(sorted(days)): number for days, number in counted.get(code, {}).items()} == each
    assert counted["mediation"].total() == 2 and len(max(counted["mediation"], key=len)) == 3


def test_member_sees_only_their_own_training(as_ana, ana, ben, trained):
    trained(ana, "suicide_intervention", ago(5), 8)
    text = page_text(as_ana.get("/training/"))
    assert "Your training" not in text and "What to do next" in text
    assert "8 of 40 hours; 32 to go by" in text
    assert "Suicide intervention ● Current until" in text
    assert as_ana.get(f"/training/members/{ana.pk}/").status_code == 200
    assert as_ana.get(f"/training/members/{ben.pk}/").status_code == 404
    assert as_ana.get("/training/coverage/").status_code == 404


def test_coordinator_enters_a_record_and_deletes_it(as_coordinator, ana, coordinator):
    typed = {"subject": "mediation", "completed_on": ago(2).isoformat(), "hours": "4.5"}
    answer = as_coordinator.post(f"/training/members/{ana.pk}/record/", typed)
    assert answer.status_code == 302
    record = Record.objects.get()
    assert (record.member, record.subject.code, record.hours) == (ana, "mediation", Decimal("4.5"))
    again = as_coordinator.post(f"/training/members/{ana.pk}/record/", typed)
    assert "already on record for that day" in page_text(again)
    deleted = as_coordinator.post(f"/training/records/{record.pk}/take-back/", follow=True)
    day = date_format(ago(2), "DATE_FORMAT")
    assert f"The Mediation techniques record of {day} was deleted." in page_text(deleted)
    assert not Record.objects.exists()
    assert list(
        Entry.objects.filter(action__startswith="training_").order_by("pk").values_list("action", "about", "by")
    ) == [
        ("training_recorded", f"member:{ana.pk}", coordinator.pk),
        ("training_deleted", f"member:{ana.pk}", coordinator.pk),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours": "-3"}, "Hours must be more than 0"),
        ({"hours": "1.01"}, "quarter hours"),
        ({"hours": "1.0001"}, "quarter hours"),
        ({"hours": "99999"}, "500 at most"),
        ({"hours": "eight"}, "enter the hours as a number"),
        ({"hours": "NaN"}, "enter the hours as a number"),
        ({"completed_on": "20226-01-01"}, "year, month, day"),
        ({"completed_on": "2099-01-01"}, "in the future"),
        ({"completed_on": "0226-01-01"}, "the year"),
        ({"subject": "juggling"}, "Select a valid choice"),
        ({"subject": "\x00"}, "Select a valid choice"),
    ],
)
def test_refused_record_returns_a_sentence_and_the_input(as_coordinator, ana, wrong, sentence):
    typed = {"subject": "mediation", "completed_on": ago(2).isoformat(), "hours": "4", **wrong}
    answer = as_coordinator.post(f"/training/members/{ana.pk}/record/", typed)
    assert answer.status_code == 200
    assert sentence in page_text(answer)
    assert answer.context["form"].data.dict() == typed
    assert not Record.objects.exists()


def test_new_validity_rule_does_not_affect_earlier_records(as_coordinator, ana, ben, trained):
    """Valid for good until 100 days ago, then for a month."""
    ValidityRule.objects.filter(subject__code="mediation").update(valid_months=None)
    trained(ana, "mediation", ago(101))
    trained(ben, "mediation", ago(99))
    as_coordinator.post(
        "/training/subjects/mediation/validity/", {"holds_from": ago(100).isoformat(), "valid_months": "1"}
    )
    trained(ana, "mediation", ago(90))  # lapsed by the new rule, and takes nothing from the old one
    held = subjects.current_subjects(timezone.localdate())
    assert held == {ana.pk: {"mediation"}}


def test_subject_is_added_changed_retired_and_reinstated(as_coordinator, coordinator):
    new = {"name": "Sleep & shifts", "initial_hours": "2", "valid_months": "", "required_for": ["stress_anxiety_sleep"]}
    as_coordinator.post("/training/subjects/add/", new)
    subject = Subject.objects.get(code="sleep_shifts")
    assert (subject.required_for, subject.rules.get().valid_months) == (["stress_anxiety_sleep"], None)
    for same in ({**new, "name": "mediation Techniques"}, {**new, "name": "SLEEP & shifts"}):
        assert "There is already a subject with that name" in page_text(
            as_coordinator.post("/training/subjects/add/", same)
        )
    renamed = as_coordinator.post("/training/subjects/mediation/", {"name": "Sleep & Shifts", "initial_hours": "4"})
    assert "There is already a subject with that name" in page_text(renamed)
    assert subjects.required_by_concern()["stress_anxiety_sleep"] == {"sleep_shifts"}
    as_coordinator.post("/training/subjects/sleep_shifts/", {"name": "Sleep", "initial_hours": "0"})
    as_coordinator.post("/training/subjects/sleep_shifts/retire/")
    subject.refresh_from_db()
    assert (subject.name, subject.required_for, subject.is_retired) == ("Sleep", [], True)
    as_coordinator.post("/training/subjects/sleep_shifts/take-up/")
    actions = ["subject_added", "subject_changed", "subject_retired", "subject_taken_up"]
    assert (
        list(Entry.objects.filter(about=f"subject:{subject.pk}").order_by("pk").values_list("action", flat=True))
        == actions
    )


def test_earlier_years_keep_their_requirement(as_coordinator, ana, trained):
    this_year = timezone.localdate().year
    trained(ana, "mediation", timezone.localdate().replace(year=this_year - 2, month=1, day=2), 40)
    asked = {
        "holds_from": f"{this_year}-01-01", "initial_hours": "80", "initial_months": "6", "continuing_hours": "20",
    }  # fmt: skip
    assert as_coordinator.post("/training/requirements/", asked).status_code == 302
    page = as_coordinator.get(f"/training/members/{ana.pk}/")
    assert [(row.year, row.required) for row in page.context["year_rows"]] == [
        (str(this_year), "20"), (str(this_year - 1), "8"), (str(this_year - 2), "–"),
    ]  # fmt: skip
    assert page.context["initial"].required == 40
    assert Requirement.objects.count() == 2


def test_director_sees_the_requirements_but_cannot_set_them(client, director):
    sign_in(client, director)
    page = client.get("/training/requirements/")
    assert "Set a rule" not in page_text(page)
    assert client.post("/training/requirements/", {}).status_code == 404


def test_workbook_has_the_filtered_rows_and_no_formula(as_coordinator, ana, ben, trained):
    trained(ana, "mediation", ago(1))
    ana.user.name = "=HYPERLINK(1)"
    ana.user.save()
    answers = [as_coordinator.get("/training/coverage.xlsx?unit=Patrol&subject=mediation").content for _ in range(2)]
    assert answers[0] == answers[1]
    rows = list(load_workbook(io.BytesIO(answers[0])).active.iter_rows())
    assert [cell.value for cell in rows[0]] == ["Name", "Kind", "Unit", "Mediation techniques"]
    assert [cell.value for cell in rows[1]][:3] == ["=HYPERLINK(1)", "Sworn", "Patrol"]
    assert rows[1][3].value.startswith("● Current until")
    assert (len(rows), rows[1][0].data_type) == (2, "s")
